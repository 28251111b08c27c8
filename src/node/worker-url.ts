/** Where the code of a thread is. */
import { extname } from 'node:path';

/**
 * @param path below `src`, without its ending: `pull/worker`. Two folders deep, this code is in the source and in the chunk that it is built into;
 * so the path holds from both.
 */
export function workerUrl(path: string): URL {
  return new URL(`../${path}${extname(import.meta.url)}`, import.meta.url);
}
