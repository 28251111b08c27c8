/** Entries of directories that are there after a power cut, too. */
import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeDirectory } from '../../core/node/make-directory.ts';

/** What was made in it, renamed or deleted is on the disk. */
export async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** With those above it, where they are not there. One that may not be read is not synced. */
export async function makeSyncedDirectory(directory: string, mode: number): Promise<void> {
  for (const made of makeDirectory(directory, mode)) await syncDirectory(dirname(made)).catch(() => {});
}
