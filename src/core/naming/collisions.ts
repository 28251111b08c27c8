/** Families that would write the same name. */
import type { Kind } from './kind.ts';
import { openMetricsFamily, sampleNames } from './sample-names.ts';

/** `name` is the family's name in messages, e.g. the contract's key. */
export interface Family {
  readonly name: string;
  readonly series: string;
  readonly kind: Kind;
}

/** `sample` is the name that both generate; the earlier family is first in `between`. */
export interface Collision {
  readonly sample: string;
  readonly between: readonly [string, string];
}

/**
 * Families that collide after naming, in the families' order: each with the first one that generates a name of its own, a pair
 * once. OpenMetrics forbids both the same sample name from two families (gauge `x_count` beside histogram `x`) and the same
 * family name (gauge `x` beside counter
 * `x_total`).
 */
export function collisions(families: readonly Family[]): readonly Collision[] {
  const owners = new Map<string, Family>();
  const found: Collision[] = [];
  for (const family of families) {
    const known = new Set<Family>();
    for (const claim of claims(family)) {
      const first = owners.get(claim);
      if (first === undefined) owners.set(claim, family);
      else if (!known.has(first)) {
        known.add(first);
        found.push({ sample: claim, between: [first.name, family.name] });
      }
    }
  }
  return found;
}

/** Each name once: the samples, then the family's own. */
function claims({ series, kind }: Family): ReadonlySet<string> {
  return new Set(series === '' ? [] : [...sampleNames(series, kind), openMetricsFamily(series, kind)]);
}
