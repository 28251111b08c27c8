/** Files of settings and secrets: read within a limit, and read again when they have changed. */
import { readFileSync, statSync } from 'node:fs';

export type FileText = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly rule: string; readonly fix: string };

/** What a reading gave, and the files that it came from beside the watched one. */
export interface Reading<T> {
  readonly value: T;
  readonly files?: Iterable<string>;
}

/** Between two looks at the files, in ms. A watcher of the system would miss what a mounted secret does, which is to swap a link. */
const lookAgainMs = 1_000;

/** The text of a regular file of at most `mostBytes`, which bounds what a wrong path can cost. */
export function readText(path: string, mostBytes: number): FileText {
  try {
    const stat = statSync(path);
    if (!stat.isFile()) return { ok: false, rule: 'it is a regular file', fix: 'correct the path' };
    if (stat.size > mostBytes) return { ok: false, rule: `it has at most ${mostBytes} bytes`, fix: 'correct the path, or make it smaller' };
    return { ok: true, text: readFileSync(path, 'utf8') };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : 'an error';
    return { ok: false, rule: `the file can be read (${code})`, fix: 'correct the path, or let this user read the file' };
  }
}

/**
 * What `read` makes of the files as they are now: called at the first call, and again when a file has changed, for which each call looks at most once
 * a second. A file that was replaced with one of equal size and time counts.
 * @param now milliseconds, only differences count
 */
export function watchFiles<T>(path: string, now: () => number, read: () => Reading<T>): () => T {
  let files: readonly string[] = [path];
  let lookedAt = Number.NEGATIVE_INFINITY;
  let state: string | undefined;
  let last: Reading<T> | undefined;
  return () => {
    if (last !== undefined && now() - lookedAt < lookAgainMs) return last.value;
    lookedAt = now();
    // Before the contents: what is written in between is seen the next time.
    const before = statesOf(files);
    if (last !== undefined && before !== undefined && before === state) return last.value;
    last = read();
    const known = files.length;
    files = [path, ...(last.files ?? [])];
    // Files that were not known before have no state from before; then the next look is a reading one.
    state = files.length === known ? before : undefined;
    return last.value;
  };
}

/** Another text once a file is another; undefined when there is no telling. */
function statesOf(files: readonly string[]): string | undefined {
  try {
    return files.map(stateOf).join();
  } catch {
    return undefined;
  }
}

/** Change time and number are there for a file that is swapped within one tick of its modification time. */
function stateOf(path: string): string {
  const { dev, ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
  return `${dev}:${ino}:${size}:${mtimeNs}:${ctimeNs}`;
}
