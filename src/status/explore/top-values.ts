/** Which values most rows have: by a hash, with a row for each from which its text can be read. */
import type { FamilyView, Row } from '../../core/store/index.ts';
import { topOf } from './top-of.ts';

/** Values that are counted. One that comes first behind so many others is not: with so many, none stands out. */
const most = 10_000;

export interface TopValue {
  readonly family: FamilyView;
  readonly row: Row;
  count: number;
  readonly generation: number;
}

export interface TopValues {
  add(hash: number, family: FamilyView, row: Row): void;
  /** The most frequent ones whose row is still there. */
  most(count: number): readonly TopValue[];
}

export function createTopValues(): TopValues {
  const values = new Map<number, TopValue>();
  return {
    add(hash, family, row) {
      const known = values.get(hash);
      if (known !== undefined) known.count++;
      else if (values.size < most) values.set(hash, { family, row, count: 1, generation: family.generation(row) });
    },
    most: (count) =>
      topOf(
        [...values.values()].filter(({ family, row, generation }) => family.holds(row, generation)),
        count,
        (one, other) => other.count - one.count,
      ),
  };
}
