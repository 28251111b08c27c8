/** What is a value: the one rule for all that comes in by a recorder, a callback or a registry, and for what a push can carry. */
import type { Kind } from '../naming/kind.ts';

/** Counters, histograms and summaries only grow; an up-down counter stays finite; an info is 1; a gauge may be any double. */
export function valueRule(kind: Kind): (value: unknown) => value is number {
  switch (kind) {
    case 'counter':
    case 'histogram':
    case 'summary':
      return (value): value is number => Number.isFinite(value) && (value as number) >= 0;
    case 'updowncounter':
      return (value): value is number => Number.isFinite(value);
    case 'info':
      return (value): value is number => value === 1;
    default:
      return (value): value is number => typeof value === 'number';
  }
}

/**
 * How often something happened: OTLP's counts are unsigned integers (metrics.proto), of which a double holds those below 2^53.
 */
export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** As a message says it. */
export const countRule = 'a count is a whole number from 0 to 2^53 - 1';

/** Whether these are buckets: each is a count, and so is their total, which is the count of the histogram. */
export function areCounts(values: readonly unknown[]): boolean {
  return values.every(isCount) && isCount(values.reduce((total: number, value) => total + (value as number), 0));
}

/** `areCounts` for cells: every point of a push is asked, and the general form takes a quarter of what a point costs. */
export function areCountCells(cells: Float64Array, from: number, length: number): boolean {
  let total = 0;
  for (let at = from; at < from + length; at++) {
    const value = cells[at] as number;
    // NaN is not equal to itself; infinity makes the total too large.
    if (value < 0 || Math.floor(value) !== value) return false;
    total += value;
  }
  return total <= Number.MAX_SAFE_INTEGER;
}
