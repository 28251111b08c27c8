/** The URL of a thread's code. */
import { extname } from 'node:path';

/**
 * @param path below `src`, without its extension: `pull/worker`. This module is two folders deep in the source and in the built chunk, so
 * the path is valid from both.
 */
export function workerUrl(path: string): URL {
  return new URL(`../${path}${extname(import.meta.url)}`, import.meta.url);
}
