import type { Problem } from './error.ts';

/**
 * Reports unknown keys of a host's table that begin with `prefix`, so that a misspelt setting is not ignored silently. `place` is
 * the table, e.g.
 * `daemon.`; empty for the entire file. Omits the values, which may be secrets.
 */
export function unknownKeys(
  table: Readonly<Record<string, unknown>>,
  location: string,
  prefix: string,
  known: readonly string[],
): Problem[] {
  return Object.keys(table)
    .filter((key) => key.startsWith(prefix) && !known.includes(key))
    .map((key) => ({ at: location + key, got: kindOf(table[key]), rule: 'unknown key', fix: `use one of ${known.join(', ')}` }));
}

function kindOf(value: unknown): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
