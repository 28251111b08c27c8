/** How old files are: cleaners of temporary directories remove old ones. */
import { lstatSync, lutimesSync, type Stats } from 'node:fs';

const touchEveryMs = 3_600_000;

/** Undefined: it is not there. */
export function statsOf(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false });
}

export function touch(path: string): void {
  const now = new Date();
  try {
    lutimesSync(path, now, now);
  } catch {
    // It could not be written.
  }
}

/** Touches a file that was not touched for an hour. False: it is not there. */
export function keepYoung(path: string): boolean {
  const stats = statsOf(path);
  if (stats !== undefined && Date.now() - stats.mtimeMs > touchEveryMs) touch(path);
  return stats !== undefined;
}
