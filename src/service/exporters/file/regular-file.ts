/** A file, which rotates or does not. */
import { constants } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeDirectory } from '../../../core/node/make-directory.ts';
import { withoutWaiting } from '../../../core/node/open-flags.ts';
import type { FileSettings } from './config.ts';
import type { Output, OutputContext } from './output.ts';
import { createRotation } from './rotation.ts';

const fileMode = 0o644;
const directoryMode = 0o755;
const { O_APPEND: continued } = constants;
/** What was cut off leaves no hole. */
const emptied = constants.O_TRUNC | continued;

export function createRegularFile(settings: FileSettings, context: OutputContext): Output {
  const { path, append, create_directory: creates, directory_permissions: permissions } = settings;
  const rotation = createRotation(settings, context);
  const { most } = rotation;
  let handle: FileHandle | undefined;
  let size = 0;

  async function close(): Promise<void> {
    const open = handle;
    handle = undefined;
    await open?.close();
  }

  async function begin(): Promise<void> {
    await close();
    makeDirectory(dirname(path), directoryMode);
    await rotation.setAside();
    handle = await opened(path, emptied);
    size = 0;
    // As there, whatever the process's umask is.
    await handle.chmod(fileMode);
    await rotation.clean();
  }

  /** As there: a file that is full with the next record is set aside, any other is continued. */
  async function reopen(bytes: number): Promise<void> {
    const before = await stat(path).catch(() => undefined);
    if (before === undefined || before.size + bytes >= most) return begin();
    handle = await opened(path, continued);
    size = before.size;
    return rotation.clean();
  }

  return Object.freeze({
    async start(held: 'the same' | 'another format' | undefined) {
      if (creates) makeDirectory(dirname(path), permissions === '' ? directoryMode : Number.parseInt(permissions, 8));
      await rotation.renameOldNames();
      if (held === 'another format' && !append) await rotation.setAside();
      if (settings.rotation === undefined) handle = await opened(path, append || held === 'the same' ? continued : emptied);
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
      if (handle === undefined) throw new Error('the file is closed');
      await handle.truncate((await handle.stat()).size - bytes);
      size -= bytes;
    },
    hurry() {},
    close,
  });
}

/** What is at the path may have changed since the start. */
async function opened(path: string, how: number): Promise<FileHandle> {
  const handle = await open(path, constants.O_WRONLY | constants.O_CREAT | withoutWaiting | how, fileMode);
  if ((await handle.stat()).isFile()) return handle;
  await handle.close();
  throw new Error('it is a file no more');
}
