/** Reads a file of a web configuration, and tells whether it is still the same. */
import { readFileSync, statSync } from 'node:fs';

export type FileResult = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly rule: string; readonly fix: string };

/** Above any bundle of certificates; bounds what a wrong path can cost. */
const mostBytes = 1_048_576;
/** Of the configuration itself: some 800 users. It is read where a request waits, and a parser of YAML takes milliseconds a kilobyte. */
export const mostConfigBytes = 65_536;

export function readText(path: string, most = mostBytes): FileResult {
  try {
    const stat = statSync(path);
    if (!stat.isFile()) return { ok: false, rule: 'it is a regular file', fix: 'correct the path' };
    if (stat.size > most) return { ok: false, rule: `it has at most ${most} bytes`, fix: 'correct the path, or make it smaller' };
    return { ok: true, text: readFileSync(path, 'utf8') };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : 'an error';
    return { ok: false, rule: `the file can be read (${code})`, fix: 'correct the path, or let this user read the file' };
  }
}

/**
 * Another text once the file is another. Change time and number are there for a file that is swapped within one tick of its modification
 * time. Undefined: there is no telling.
 */
export function stateOf(path: string): string | undefined {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
    return `${dev}:${ino}:${size}:${mtimeNs}:${ctimeNs}`;
  } catch {
    return undefined;
  }
}
