/** Reads files of settings and secrets again when they have changed. */
import { statSync } from 'node:fs';

/** The result of a reading, and the files that it came from besides the watched one. */
export interface Reading<T> {
  readonly value: T;
  readonly files?: Iterable<string>;
}

/**
 * The time between two checks of the files, in milliseconds. A file system watcher would miss the update of a mounted secret,
 * which swaps a link.
 */
const lookAgainMs = 1_000;

/**
 * Returns the result of `read` for the files' present contents. It runs at the first call, and again when a file has changed;
 * each call checks for that, at most once a second. A file that was replaced by one of equal size and time counts as changed.
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
    // Taken before the contents are read: a write in between is detected at the next check.
    const before = statesOf(files);
    if (last !== undefined && before !== undefined && before === state) return last.value;
    last = read();
    const known = files.length;
    files = [path, ...(last.files ?? [])];
    // A file that was not known before has no earlier state; then the next check reads again.
    state = files.length === known ? before : undefined;
    return last.value;
  };
}

/** A string that differs whenever a file differs; undefined when that cannot be determined. */
function statesOf(files: readonly string[]): string | undefined {
  try {
    return files.map(stateOf).join();
  } catch {
    return undefined;
  }
}

/** Change time and inode number cover a file that is swapped within one tick of its modification time. */
function stateOf(path: string): string {
  const { dev, ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
  return `${dev}:${ino}:${size}:${mtimeNs}:${ctimeNs}`;
}
