/** The newest values of a family as one number: of gauges the mean, of all else the sum; of distributions that of counts. */
import type { FamilyView } from '../../core/store/index.ts';

export interface ValueSum {
  add(family: FamilyView, cellAt: number): void;
  /** Undefined: there was no value. */
  readonly value: number | undefined;
}

export function createValueSum(): ValueSum {
  let sum = 0;
  let count = 0;
  let isMean = false;
  return {
    add(family, cellAt) {
      const value = valueAt(family, cellAt);
      if (!Number.isFinite(value)) return;
      sum += value;
      count++;
      isMean = family.spec.kind === 'gauge';
    },
    get value() {
      if (count === 0) return undefined;
      return isMean ? sum / count : sum;
    },
  };
}

function valueAt({ cells, rowLayout }: FamilyView, cellAt: number): number {
  if (rowLayout.form === 'number') return cells[cellAt] as number;
  if (rowLayout.form !== 'histogram') return cells[cellAt + rowLayout.count] as number;
  let count = 0;
  for (let bucket = 0; bucket < rowLayout.buckets; bucket++) count += cells[cellAt + bucket] as number;
  return count;
}
