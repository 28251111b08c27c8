/** What a program is called: by its variables, else by its package. */
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Environment } from './variables.ts';

/** Undefined: the variables already say it. */
export function nameForPush({ OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES }: Environment, program: string | undefined): string | undefined {
  const said = (OTEL_SERVICE_NAME ?? '').trim() !== '' || /(^|,)\s*service\.name\s*=/.test(OTEL_RESOURCE_ATTRIBUTES ?? '');
  return said ? undefined : packageName(program);
}

/** The name as the prefix of series. */
export function contractName(name: string | undefined): string {
  const plain = (name ?? '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[^a-z]+|_+$/g, '')
    .slice(0, 60);
  return plain === '' ? 'app' : plain;
}

/** The name in the nearest package.json at or above the program's folder. */
function packageName(program: string | undefined): string | undefined {
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
