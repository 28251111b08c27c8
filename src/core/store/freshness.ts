/**
 * Whether a family's values are good enough to be shown. Every reader uses this, so that pull and push leave out the same
 * families.
 */
import type { FamilyView } from './store.ts';

/** `unknown`: no collection has succeeded yet. `stale`: the last good values are older than the family's `maxAgeMs`. */
export type Freshness = 'good' | 'stale' | 'unknown';

type Aged = Pick<FamilyView, 'goodAt' | 'spec'>;

/** `now` is in milliseconds, by the store's clock. */
export function freshnessOf({ goodAt, spec }: Aged, now: number): Freshness {
  if (goodAt === Number.NEGATIVE_INFINITY) return 'unknown';
  return now - goodAt <= spec.maxAgeMs ? 'good' : 'stale';
}

export function isShown(family: Aged, now: number): boolean {
  return freshnessOf(family, now) === 'good';
}
