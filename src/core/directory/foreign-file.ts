/** Reads files of a directory that may contain anything. */
import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { withoutWaiting } from '../node/open-flags.ts';

const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | withoutWaiting;
/** Errors of a moment: the file itself may be good. */
const passing: readonly string[] = ['EMFILE', 'ENFILE', 'ENOMEM'];

/** `why`: it is not read. `passing`: for now. */
export interface Unread {
  readonly why: string;
  readonly passing: boolean;
  /** Of the system: the file may be one that fits. */
  readonly code?: string;
}

/** Decides by the first bytes of a file why the rest is not read. */
export interface Beginning {
  readonly bytes: number;
  readonly whyNot: (beginning: Buffer) => string | undefined;
}

/** What is read. */
export interface Fit {
  readonly mostBytes: number;
  /** Ids of users. Undefined: any. */
  readonly users: readonly (number | undefined)[] | undefined;
}

const any: Beginning = { bytes: 0, whyNot: () => undefined };

/** A regular file of this process's user, of at most `mostBytes`. Undefined: there is none. */
export function readFile(path: string, mostBytes: number, beginning = any): Buffer | Unread | undefined {
  return readFit(path, { mostBytes, users: [process.getuid?.()] }, beginning);
}

/** A regular file that fits. Undefined: there is none. */
export function readFit(path: string, fit: Fit, { bytes: first, whyNot } = any): Buffer | Unread | undefined {
  let file: number | undefined;
  try {
    file = openSync(path, flags);
    const stats = fstatSync(file);
    const unfit = (why: string): Unread => ({ why, passing: false });
    const why = whyUnfit(stats, fit);
    if (why !== undefined) return unfit(why);
    // Not from a pool, whose memory begins anywhere: numbers are read where they are.
    const bytes = Buffer.allocUnsafeSlow(stats.size);
    const begun = fill(file, bytes.subarray(0, first), 0);
    const whyNoRest = whyNot(bytes.subarray(0, begun));
    return whyNoRest === undefined ? bytes.subarray(0, begun + fill(file, bytes.subarray(begun), begun)) : unfit(whyNoRest);
  } catch (error) {
    return unread(error);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** Opens a regular file that fits, for reading. Undefined: there is none. */
export async function openFit(path: string, fit: Fit): Promise<FileHandle | Unread | undefined> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, flags);
    const why = whyUnfit(await handle.stat(), fit);
    if (why === undefined) return handle;
    await handle.close();
    return { why, passing: false };
  } catch (error) {
    await handle?.close();
    return unread(error);
  }
}

function whyUnfit(stats: Stats, { mostBytes, users }: Fit): string | undefined {
  if (!stats.isFile()) return 'it is no regular file';
  if (users?.includes(stats.uid) === false) return 'it belongs to another user';
  return stats.size > mostBytes ? `it has more than ${mostBytes} bytes` : undefined;
}

function unread(error: unknown): Unread | undefined {
  const { code = String(error) } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return undefined;
  if (code === 'ELOOP') return { why: 'it is a link', passing: false };
  // A socket.
  if (code === 'ENXIO') return { why: 'it is no regular file', passing: false };
  return { why: `it cannot be read (${code})`, passing: passing.includes(code), code };
}

/** Returns how many bytes there were. */
function fill(file: number, bytes: Buffer, position: number): number {
  for (let length = 0; ; ) {
    const read = length === bytes.length ? 0 : readSync(file, bytes, length, bytes.length - length, position + length);
    if (read === 0) return length;
    length += read;
  }
}
