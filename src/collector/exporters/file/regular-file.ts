/** A file, which rotates or does not. */
import { constants } from 'node:fs';
import { type FileHandle, mkdir, open, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { withoutWaiting } from '../../../node/open-flags.ts';
import { backupPath, removeBackups, renameOldNames } from './backups.ts';
import type { FileSettings } from './config.ts';
import type { Output, OutputGiven } from './output.ts';

const fileMode = 0o644;
const directoryMode = 0o755;
const { O_APPEND: continued, O_TRUNC: emptied } = constants;
const megabyte = 1_024 * 1_024;
const defaultMegabytes = 100;

export function createRegularFile(settings: FileSettings, given: OutputGiven): Output {
  const { path, append, rotation, create_directory: creates, directory_permissions: permissions } = settings;
  const names = { path, localtime: rotation?.localtime ?? false };
  const rules = rotation && { ...names, maxDays: rotation.max_days, maxBackups: rotation.max_backups };
  const most = rotation === undefined ? Number.POSITIVE_INFINITY : (rotation.max_megabytes || defaultMegabytes) * megabyte;
  let handle: FileHandle | undefined;
  let size = 0;

  async function close(): Promise<void> {
    const open = handle;
    handle = undefined;
    await open?.close();
  }

  async function clean(): Promise<void> {
    if (rules === undefined) return;
    const failures = await removeBackups(rules, given.clock()).catch((error: Error) => [error.message]);
    for (const failure of failures) given.warn(`an old file cannot be removed: ${failure}`);
  }

  /** Renames the file that is there, if one is. */
  async function setAside(): Promise<void> {
    let ms = given.clock();
    while (await exists(backupPath(names, ms))) ms++;
    await rename(path, backupPath(names, ms)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
  }

  async function begin(): Promise<void> {
    await close();
    await mkdir(dirname(path), { recursive: true, mode: directoryMode });
    await setAside();
    handle = await opened(path, emptied);
    size = 0;
    // As there, whatever the process's umask is.
    await handle.chmod(fileMode);
    await clean();
  }

  /** As there: a file that is full with the next record is set aside, any other is continued. */
  async function reopen(bytes: number): Promise<void> {
    const before = await stat(path).catch(() => undefined);
    if (before === undefined || before.size + bytes >= most) return begin();
    handle = await opened(path, continued);
    size = before.size;
    return clean();
  }

  return Object.freeze({
    async start(held: 'the same' | 'another format' | undefined) {
      if (creates)
        await mkdir(dirname(path), { recursive: true, mode: permissions === '' ? directoryMode : Number.parseInt(permissions, 8) });
      if (rules !== undefined) await renameOldNames(rules);
      if (held === 'another format' && !append) await setAside();
      if (rules === undefined) handle = await opened(path, append || held === 'the same' ? continued : emptied);
    },
    most,
    restarts: false,
    left: () => (handle === undefined ? 0 : most - size),
    async prepare(bytes: number) {
      if (handle === undefined) await reopen(bytes);
      else if (size + bytes > most) await begin();
    },
    async write(bytes: Uint8Array, from: number) {
      if (handle === undefined) throw new Error('the file is closed');
      const { bytesWritten } = await handle.write(bytes, from);
      size += bytesWritten;
      return bytesWritten;
    },
    async cut(bytes: number) {
      if (handle === undefined) return;
      await handle.truncate((await handle.stat()).size - bytes);
    },
    hurry() {},
    close,
  });
}

/** What stands at the path may have changed since the start. */
async function opened(path: string, how: number): Promise<FileHandle> {
  const handle = await open(path, constants.O_WRONLY | constants.O_CREAT | withoutWaiting | how, fileMode);
  if ((await handle.stat()).isFile()) return handle;
  await handle.close();
  throw new Error('it is a file no more');
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
