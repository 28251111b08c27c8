/** Reads a file of the directory, which may contain anything. */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { withoutWaiting } from '../../node/open-flags.ts';

const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | withoutWaiting;
/** Errors of a moment: the file itself may be good. */
const passing: readonly string[] = ['EMFILE', 'ENFILE', 'ENOMEM'];

/** `why`: it is not read. `passing`: for now. */
export interface Unread {
  readonly why: string;
  readonly passing: boolean;
}

/** Decides by the first bytes of a file why the rest is not read. */
export interface Beginning {
  readonly bytes: number;
  readonly whyNot: (beginning: Buffer) => string | undefined;
}

const any: Beginning = { bytes: 0, whyNot: () => undefined };

/** A regular file of this process's user, of at most `mostBytes`. Undefined: there is none. */
export function readFile(path: string, mostBytes: number, { bytes: first, whyNot } = any): Buffer | Unread | undefined {
  let file: number | undefined;
  try {
    file = openSync(path, flags);
    const stats = fstatSync(file);
    const unfit = (why: string): Unread => ({ why, passing: false });
    if (!stats.isFile()) return unfit('it is no regular file');
    if (stats.uid !== process.getuid?.()) return unfit('it belongs to another user');
    if (stats.size > mostBytes) return unfit(`it has more than ${mostBytes} bytes`);
    // Not from a pool, whose memory begins anywhere: numbers are read where they are.
    const bytes = Buffer.allocUnsafeSlow(stats.size);
    const begun = fill(file, bytes.subarray(0, first), 0);
    const why = whyNot(bytes.subarray(0, begun));
    return why === undefined ? bytes.subarray(0, begun + fill(file, bytes.subarray(begun), begun)) : unfit(why);
  } catch (error) {
    const { code = String(error) } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    return { why: code === 'ELOOP' ? 'it is a link' : `it cannot be read (${code})`, passing: passing.includes(code) };
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** Returns how many bytes there were. */
function fill(file: number, bytes: Buffer, position: number): number {
  for (let length = 0; ; ) {
    const read = length === bytes.length ? 0 : readSync(file, bytes, length, bytes.length - length, position + length);
    if (read === 0) return length;
    length += read;
  }
}
