/**
 * How what a part of an expression finds in the new samples relates to what it found in the old ones. The rules carry it from the
 * selectors up to the whole expression; what is left there is put right around the whole.
 */
import type { Span } from './syntax/ast.ts';

/** Where an expression of a vector or a number can be put around. */
export interface Place extends Span {
  /** Whether an operator may stand beside it without parentheses. */
  readonly atomic: boolean;
  /** Whether it is alone between parentheses or commas, or is the whole expression. */
  readonly alone: boolean;
}

export interface Relation {
  readonly at: Span;
  /** Undefined: nothing can be put around it, as it is the range vector of a selector. */
  readonly place: Place | undefined;
  /** Old value = new value × scale. */
  readonly scale: number;
  /** The upper bounds of classic buckets: likewise. */
  readonly boundScale: number;
  /** Old label → new label, of those that are in the result. */
  readonly renames: ReadonlyMap<string, string>;
  /** Old label → old value → the one new value. */
  readonly values: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** Old label → old value → new values: the old series is the sum of the new ones. */
  readonly splits: ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>;
  /** Labels of which a selector left a single old value. */
  readonly only: ReadonlyMap<string, string>;
  /** New labels: the old series is the sum of the new ones. */
  readonly added: ReadonlySet<string>;
  /** Old labels that are gone: the new series is the sum of the old ones. */
  readonly removed: ReadonlySet<string>;
  /** What makes one series of several: counts add up; the value 1 of an info stays 1. */
  readonly merge: 'sum' | 'max';
  /** Series whose type is another. */
  readonly retyped: boolean;
  /** Series whose name is another, where the name may still be seen. */
  readonly renamed: boolean;
  /** Values are native histograms. */
  readonly native: boolean;
  /** Values equal the old ones but for their last digits: they were divided, or added up in another order. */
  readonly inexact: boolean;
  /** A unit's factor is, or will be, in them or in what they are made of, so their last digits may be others. */
  readonly rounded: boolean;
  /** Old series, for messages. */
  readonly of: readonly string[];
}

export const unrelated: Relation = Object.freeze({
  at: Object.freeze({ from: 0, to: 0 }),
  place: undefined,
  scale: 1,
  boundScale: 1,
  renames: new Map(),
  values: new Map(),
  splits: new Map(),
  only: new Map(),
  added: new Set<string>(),
  removed: new Set<string>(),
  merge: 'sum',
  retyped: false,
  renamed: false,
  native: false,
  inexact: false,
  rounded: false,
  of: [],
});

export const isFiner = ({ splits, added }: Relation) => splits.size > 0 || added.size > 0;
export const isCoarser = ({ removed }: Relation) => removed.size > 0;
export const hasOtherLabels = (r: Relation) =>
  r.renames.size > 0 || r.values.size > 0 || r.boundScale !== 1 || isFiner(r) || isCoarser(r);

/** What stays of it when only these labels do; `keep` gets old labels, and new ones that were added. */
export function onlyLabels(relation: Relation, keep: (label: string) => boolean): Relation {
  const kept = <V>(map: ReadonlyMap<string, V>) => new Map([...map].filter(([label]) => keep(label)));
  return {
    ...relation,
    boundScale: keep('le') ? relation.boundScale : 1,
    renames: kept(relation.renames),
    values: kept(relation.values),
    splits: kept(relation.splits),
    only: kept(relation.only),
    added: new Set([...relation.added].filter(keep)),
    removed: new Set([...relation.removed].filter(keep)),
  };
}

/** Whether two parts have the same labels under the same other names and values. Neither is finer or coarser. */
export function sameLabels(one: Relation, other: Relation): boolean {
  return one.boundScale === other.boundScale && sameMap(one.renames, other.renames) && sameMap(one.values, other.values, sameMap);
}

function sameMap<V>(
  one: ReadonlyMap<string, V>,
  other: ReadonlyMap<string, V>,
  same: (a: V, b: V) => boolean = Object.is,
): boolean {
  if (one.size !== other.size) return false;
  return [...one].every(([key, value]) => {
    const beside = other.get(key);
    return beside !== undefined && same(value, beside);
  });
}
