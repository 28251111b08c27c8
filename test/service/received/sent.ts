/** Metrics and points that tests of several files send. */
import type { SentPoint } from './sender.ts';

export const gauge = { name: 'g', type: 'gauge' } as const;
export const cumulative = { name: 'c', type: 'sum', temporality: 2, monotonic: true } as const;
export const upDown = { name: 'u', type: 'sum', temporality: 2 } as const;
export const delta = { name: 'd', type: 'sum', temporality: 1, monotonic: true } as const;
export const histogram = { name: 'h', type: 'histogram', temporality: 2 } as const;
export const deltaHistogram = { name: 'h', type: 'histogram', temporality: 1 } as const;
export const exponential = { name: 'e', type: 'exponentialHistogram', temporality: 2 } as const;
export const deltaExponential = { name: 'e', type: 'exponentialHistogram', temporality: 1 } as const;
export const summary = { name: 's', type: 'summary' } as const;

export const at = (time: number, double: number, start = 0): SentPoint => ({ time, double, start });

/** Bounds 1 and 2 by default. */
export const buckets = (
  start: number,
  time: number,
  counts: readonly number[],
  sum: number,
  bounds: readonly number[] = [1, 2],
): SentPoint => ({
  start,
  time,
  counts,
  bounds,
  sum,
  count: counts.reduce((one, other) => one + other, 0),
});
