import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** The name in the nearest package.json at or above the program's folder. */
export function packageName(program: string | undefined): string | undefined {
  let folder = program === undefined ? process.cwd() : dirname(resolve(program));
  for (;;) {
    const found = nameIn(join(folder, 'package.json'));
    if (found !== undefined) return found;
    const above = dirname(folder);
    if (above === folder) return undefined;
    folder = above;
  }
}

function nameIn(path: string): string | undefined {
  try {
    const { name } = JSON.parse(readFileSync(path, 'utf8'));
    return typeof name === 'string' && name !== '' ? name : undefined;
  } catch {
    return undefined;
  }
}
