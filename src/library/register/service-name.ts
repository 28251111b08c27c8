/** What a program is called: by its variables, else by its package. */
import { packageName } from './package-name.ts';
import type { Environment } from './variables.ts';

/** Undefined: the variables already say it. */
export function nameForPush(
  { OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES }: Environment,
  program: string | undefined,
): string | undefined {
  const said = (OTEL_SERVICE_NAME ?? '').trim() !== '' || /(^|,)\s*service\.name\s*=/.test(OTEL_RESOURCE_ATTRIBUTES ?? '');
  return said ? undefined : packageName(program);
}

/** The name as the prefix of series. */
export function contractName(name: string | undefined): string {
  const plain = (name ?? '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[^a-z]+|_$/g, '')
    .slice(0, 60);
  return plain === '' ? 'app' : plain;
}
