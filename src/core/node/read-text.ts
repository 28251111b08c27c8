/**
 * Reads files of settings, secrets and certificates within a limit: a wrong path, of a device or a pipe, neither holds up the
 * process nor fills its memory.
 */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { withoutWaiting } from './open-flags.ts';

export type FileText =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly got: string; readonly rule: string; readonly fix: string };

/** Larger than any bundle of certificates. */
export const mostPemBytes = 1_048_576;

/** The contents of a regular file, or what a link to one leads to, of at most `mostBytes`. */
export function readText(path: string, mostBytes: number): FileText {
  let file: number | undefined;
  try {
    file = openSync(path, constants.O_RDONLY | withoutWaiting);
    const stat = fstatSync(file);
    if (!stat.isFile()) return { ok: false, got: 'no regular file', rule: 'it is a regular file', fix: 'correct the path' };
    const bytes = stat.size > mostBytes ? undefined : contents(file, stat.size, mostBytes);
    if (bytes === undefined) {
      const got = stat.size > mostBytes ? `a file of ${stat.size} bytes` : 'a file of more bytes';
      return { ok: false, got, rule: `it has at most ${mostBytes} bytes`, fix: 'correct the path, or make it smaller' };
    }
    return { ok: true, text: bytes.toString('utf8') };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : 'an error';
    const got = `a file that cannot be read (${code})`;
    return {
      ok: false,
      got,
      rule: 'it is a file that this user can read',
      fix: 'correct the path, or let this user read the file',
    };
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** Undefined: the file has more, whatever its size says. That of a file in `/proc` is 0. */
function contents(file: number, size: number, mostBytes: number): Buffer | undefined {
  let bytes = Buffer.alloc(size + 1);
  for (let length = 0; ; ) {
    const read = readSync(file, bytes, length, bytes.length - length, null);
    length += read;
    if (read === 0) return bytes.subarray(0, length);
    if (length > mostBytes) return undefined;
    if (length === bytes.length) bytes = Buffer.concat([bytes], Math.min(mostBytes + 1, 2 * length));
  }
}
