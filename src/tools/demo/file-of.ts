import { extname } from 'node:path';

/**
 * The URL of a module of the demonstration, which another process runs. This module is three folders deep in the source and in the
 * built chunk.
 */
export function fileOf(module: 'shop' | 'shop-process'): URL {
  return new URL(`../../tools/demo/${module}${extname(import.meta.url)}`, import.meta.url);
}
