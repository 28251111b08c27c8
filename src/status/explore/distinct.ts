/** How many distinct values a label has: exactly while they are few, and then with a stated error, in 4 KiB. */
import { createDistinctCounter, type DistinctCounter } from '../../core/tables/hyper-log-log.ts';
import type { LabelRow } from '../model/index.ts';

/** Up to so many, hashes are kept: two of them are the same in one of 8,000 cases. */
const mostExact = 1_000;
/** Of the counter, in 99.7 of 100 cases. */
const counterError = 0.05;

export interface DistinctValues {
  add(hash: number): void;
  row(name: string): LabelRow;
}

export function createDistinctValues(): DistinctValues {
  const hashes = new Set<number>();
  let counter: DistinctCounter | undefined;
  let series = 0;

  return {
    add(hash) {
      series++;
      if (counter !== undefined) counter.add(hash, mixed(hash));
      else if (hashes.add(hash).size > mostExact) {
        counter = createDistinctCounter();
        for (const early of hashes) counter.add(early, mixed(early));
        hashes.clear();
      }
    },
    row: (name) => ({
      name,
      values: counter === undefined ? hashes.size : counter.estimate(),
      error: counter === undefined ? 0 : counterError,
      series,
    }),
  };
}

/** Other bits of a hash: the last step of MurmurHash3 (Appleby). */
function mixed(hash: number): number {
  let bits = hash ^ (hash >>> 16);
  bits = Math.imul(bits, 0x85ebca6b);
  bits ^= bits >>> 13;
  bits = Math.imul(bits, 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}
