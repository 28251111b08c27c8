/** Families that would write the same name. */
import type { Kind } from './kind.ts';
import { openMetricsFamily, sampleNames } from './sample-names.ts';

/** `name` is what the reader of a message knows the family by, e.g. the contract's key. */
export interface Family {
  readonly name: string;
  readonly series: string;
  readonly kind: Kind;
}

/** `sample` is the name that both generate; the earlier family stands first in `between`. */
export interface Collision {
  readonly sample: string;
  readonly between: readonly [string, string];
}

/**
 * Families that collide after naming, one finding a pair, in the families' order. OpenMetrics forbids both the same sample name from two
 * families (gauge `x_count` beside histogram `x`) and the same family name (gauge `x` beside counter `x_total`).
 */
export function collisions(families: readonly Family[]): readonly Collision[] {
  const owners = new Map<string, number[]>();
  const found: Collision[] = [];
  for (const [index, family] of families.entries()) {
    const known = new Set<number>();
    for (const claim of claims(family)) {
      const others = owners.get(claim) ?? [];
      for (const other of others) {
        if (known.has(other)) continue;
        known.add(other);
        found.push({ sample: claim, between: [families[other]?.name ?? '', family.name] });
      }
      owners.set(claim, [...others, index]);
    }
  }
  return found;
}

/** Each name once: the samples, then the family's own. */
function claims({ series, kind }: Family): ReadonlySet<string> {
  return new Set(series === '' ? [] : [...sampleNames(series, kind), openMetricsFamily(series, kind)]);
}
