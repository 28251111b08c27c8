/** Entries of directories that are there after a power cut, too. */
import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';

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
export async function makeDirectory(directory: string, mode: number): Promise<void> {
  const first = await mkdir(directory, { recursive: true, mode });
  if (first === undefined) return;
  for (let made = directory; made.length >= first.length; made = dirname(made)) await syncDirectory(dirname(made)).catch(() => {});
}
