import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';

/** The file that a command's first word means: looked for on PATH, or below `folder` when it is a path. */
export function findProgram(program: string, folder: string): string | undefined {
  const places = program.includes('/') ? [folder] : (process.env.PATH ?? '').split(delimiter);
  return places.map((place) => (program.includes('/') ? resolve(place, program) : join(place, program))).find(isProgram);
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
