import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Of all files of a directory; one that goes meanwhile has none. */
export function bytesIn(directory: string): number {
  return readdirSync(directory).reduce(
    (sum, file) => sum + (statSync(join(directory, file), { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
}
