/**
 * Finds the powers of two by which each exposed name shows its exponential buckets: one set for all its rows, so they are looked
 * at ahead of a page.
 */
import { type Cursor, type FamilyView, PowerRange, type View, type Visitor } from '../../../core/store/index.ts';
import type { FamilyLines } from './lines/family-lines.ts';
import { cellsASlice } from './pace.ts';

interface Found {
  readonly range: PowerRange;
  readonly most: number;
  readonly families: FamilyView[];
}

/** Pauses after each slice. Costs next to nothing where no family asks for it. */
export function* findPowers(view: View, linesOf: (family: FamilyView) => FamilyLines): Generator<undefined, void> {
  /** By group. */
  const found = new Map<number, Found>();
  const visitor: Visitor = {
    family(family) {
      const most = family.spec.exponential?.textBuckets;
      if (most === undefined || family.rowLayout.form !== 'exponential') return false;
      const known = found.get(family.group) ?? { range: new PowerRange(), most, families: [] };
      found.set(family.group, known);
      known.families.push(family);
      return true;
    },
    row(family, _row, _generation, cellAt) {
      found.get(family.group)?.range.add(family.cells, cellAt);
    },
  };
  let cursor: Cursor | undefined;
  do {
    cursor = view.walk(visitor, cursor, cellsASlice);
    yield;
  } while (cursor !== undefined);
  for (const { range, most, families } of found.values()) {
    const exponents = range.exponents(most);
    for (const family of families) linesOf(family).usePowers(exponents);
  }
}
