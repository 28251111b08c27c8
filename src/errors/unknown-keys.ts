import type { Problem } from './error.ts';

/**
 * Keys of a host's table (`place`, e.g. `daemon.`; empty: the whole file) that begin with `prefix` and are not known: a setting that is
 * misspelt must not be left out in silence. What they are set to may be a secret, and is not shown.
 */
export function unknownKeys(table: Readonly<Record<string, unknown>>, place: string, prefix: string, known: readonly string[]): Problem[] {
  return Object.keys(table)
    .filter((key) => key.startsWith(prefix) && !known.includes(key))
    .map((key) => ({ at: place + key, got: `a ${typeof table[key]}`, rule: 'unknown key', fix: `use one of ${known.join(', ')}` }));
}
