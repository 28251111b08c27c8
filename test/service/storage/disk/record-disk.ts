/** Records what this process does to the files of a folder, by what the code under test has of Node.js to change files. */
import fs from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { join, resolve, sep } from 'node:path';
import type { TestContext } from 'node:test';
import type { Base, DataOp, EntryOp, Recorded, SyncOp } from './recorded.ts';

export interface RecordedDisk extends Recorded {
  /** The next moment: something begins or ends at each. */
  readonly now: number;
  /** Records no more. */
  end(): void;
}

type Op = DataOp | EntryOp | SyncOp;
type Begun<T> = T extends unknown ? Omit<T, 'began' | 'ended'> : never;

/** @param root a folder that exists; what is in it is on the disk */
export function recordDisk(t: TestContext, root: string): RecordedDisk {
  const data: DataOp[] = [];
  const entries: EntryOp[] = [];
  const syncs: SyncOp[] = [];
  /** Files that are open to be written to, by their descriptors. */
  const open = new Map<number, number>();
  let now = 0;
  let files = 0;
  const base = readBase(root, () => ++files);
  const { promises } = fs;
  const { open: openFile, rename } = promises;
  const { writevSync, unlinkSync, mkdirSync } = fs;

  const isHere = (path: unknown): path is string =>
    typeof path === 'string' && `${resolve(path)}${sep}`.startsWith(`${root}${sep}`);

  function begin<T extends Op>(list: T[], op: Begun<T>): T {
    const begun = { ...op, began: now++ } as unknown as T;
    list.push(begun);
    return begun;
  }

  async function during<T>(op: Op, work: () => Promise<T>): Promise<T> {
    const result = await work();
    op.ended = now++;
    return result;
  }

  const writes = (file: number, buffers: readonly NodeJS.ArrayBufferView[], position: unknown) => {
    if (typeof position !== 'number') throw new Error('a write without a position is not recorded');
    const bytes = Buffer.concat(buffers.map((one) => Buffer.from(one.buffer, one.byteOffset, one.byteLength)));
    return begin(data, { kind: 'write', file, position, bytes }) as DataOp & { kind: 'write' };
  };
  const wrote = (op: DataOp & { kind: 'write' }, count: number) => {
    op.bytes = op.bytes.subarray(0, count);
  };

  function watch(handle: FileHandle, file: number): FileHandle {
    const { fd, writev, truncate, datasync, sync, close } = handle;
    open.set(fd, file);
    const refuse = () => {
      throw new Error('a way to write that is not recorded');
    };
    return Object.assign(handle, {
      async writev(buffers: readonly NodeJS.ArrayBufferView[], position: number) {
        const op = writes(file, buffers, position);
        const result = await during(op, () => writev.call(handle, buffers, position));
        wrote(op, result.bytesWritten);
        return result;
      },
      truncate: (length = 0) =>
        during(begin<DataOp>(data, { kind: 'truncate', file, length }), () => truncate.call(handle, length)),
      datasync: () => during(begin<SyncOp>(syncs, { kind: 'file', file }), () => datasync.call(handle)),
      sync: () => during(begin<SyncOp>(syncs, { kind: 'file', file }), () => sync.call(handle)),
      close() {
        open.delete(fd);
        return close.call(handle);
      },
      write: refuse,
      writeFile: refuse,
      appendFile: refuse,
      createWriteStream: refuse,
    });
  }

  fs.writevSync = (fd, buffers, position) => {
    const file = open.get(fd);
    if (file === undefined) return writevSync(fd, buffers, position);
    const op = writes(file, buffers, position);
    const count = writevSync(fd, buffers, position);
    wrote(op, count);
    op.ended = now++;
    return count;
  };
  promises.open = async (path, flags, mode) => {
    if (!isHere(path)) return openFile(path, flags, mode);
    // As numbers: to read what may be no file.
    if (flags === 'r' || typeof flags === 'number') {
      const handle = await openFile(path, flags, mode);
      const { sync } = handle;
      const op = { kind: 'directory', path: resolve(path) } as const;
      return Object.assign(handle, { sync: () => during(begin<SyncOp>(syncs, op), () => sync.call(handle)) });
    }
    if (flags !== 'wx') throw new Error(`a way to open files that is not recorded: ${flags}`);
    const file = ++files;
    const op = begin<EntryOp>(entries, { kind: 'create', path: resolve(path), file });
    return watch(await during(op, () => openFile(path, flags, mode)), file);
  };
  fs.mkdirSync = ((path: string, options: fs.MakeDirectoryOptions) => {
    if (!isHere(path)) return mkdirSync(path, options);
    const op = begin<EntryOp>(entries, { kind: 'mkdir', path: resolve(path) });
    try {
      mkdirSync(path, options);
    } catch (error) {
      entries.pop();
      throw error;
    }
    op.ended = now++;
    return undefined;
  }) as typeof mkdirSync;
  fs.unlinkSync = (path) => {
    if (!isHere(path)) return unlinkSync(path);
    const op = begin<EntryOp>(entries, { kind: 'unlink', path: resolve(path) });
    unlinkSync(path);
    op.ended = now++;
  };
  promises.rename = async (from, to) => {
    if (!isHere(from) || from.includes('.lock')) return rename(from, to);
    const op = begin<EntryOp>(entries, { kind: 'rename', path: resolve(from), to: resolve(String(to)) });
    return during(op, () => rename(from, to));
  };
  syncBuiltinESMExports();

  function end(): void {
    Object.assign(promises, { open: openFile, rename });
    Object.assign(fs, { writevSync, unlinkSync, mkdirSync });
    syncBuiltinESMExports();
  }
  t.after(end);

  return {
    root,
    data,
    entries,
    syncs,
    base,
    get now() {
      return now;
    },
    end,
  };
}

function readBase(root: string, next: () => number): Base {
  const directories: string[] = [];
  const files = new Map<string, { file: number; bytes: Buffer }>();
  for (const entry of fs.readdirSync(root, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isDirectory()) directories.push(path);
    if (entry.isFile()) files.set(path, { file: next(), bytes: fs.readFileSync(path) });
  }
  return { directories, files };
}
