/** Reads a file of a web configuration, and tells whether it is still the same. */
import { readFileSync, statSync } from 'node:fs';

export type FileResult = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly rule: string; readonly fix: string };

/** Above any bundle of certificates; bounds what a wrong path can cost. */
const mostBytes = 1_048_576;

export function readText(path: string): FileResult {
  try {
    const stat = statSync(path);
    if (!stat.isFile()) return { ok: false, rule: 'it is a regular file', fix: 'correct the path' };
    if (stat.size > mostBytes) return { ok: false, rule: `it has at most ${mostBytes} bytes`, fix: 'correct the path' };
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
