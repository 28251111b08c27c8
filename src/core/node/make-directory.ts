/**
 * Directories, as `mkdir -p` makes them. Node.js's own `recursive` never returns where the system denies that a parent is there,
 * as it does below `/proc`.
 */
import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * @param mode of each directory that is made, without what the process's umask takes
 * @returns what was made, from the top down. Throws the error of the system
 */
export function makeDirectory(path: string, mode: number): readonly string[] {
  try {
    return makeOne(path, mode);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || dirname(path) === path) throw error;
    return [...makeDirectory(dirname(path), mode), ...makeOne(path, mode)];
  }
}

function makeOne(path: string, mode: number): readonly string[] {
  try {
    mkdirSync(path, { mode });
    return [path];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || !statSync(path).isDirectory()) throw error;
    return [];
  }
}
