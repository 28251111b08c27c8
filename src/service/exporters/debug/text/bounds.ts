/** The bounds of an exponential histogram's buckets. */
import type { BucketsNode } from '../../../../formats/otlp/batch/batch-tree.ts';

/**
 * The bound between the buckets `index - 1` and `index`, as the Collector computes it, but for the last bit: e to the power of
 * `index · ln 2 · 2^-scale`.
 */
export function boundOf(index: number, scale = 0): number {
  // In two steps, of which the first is exact: 2^1024 alone is infinite, ln 2 times it is not.
  const first = Math.max(-1000, Math.min(1000, -scale));
  const second = Math.max(-1074, Math.min(1000, -scale - first));
  return Math.exp(index * (Math.LN2 * 2 ** first * 2 ** second));
}

export interface Bucket {
  readonly index: number;
  readonly count: bigint;
}

/** From the lowest index to the highest. */
export function* ascending({ offset = 0, bucketCounts }: BucketsNode = { bucketCounts: [] }): Generator<Bucket> {
  for (const [at, count] of bucketCounts.entries()) yield { index: offset + at, count };
}

/** From the highest index to the lowest. */
export function* descending({ offset = 0, bucketCounts }: BucketsNode = { bucketCounts: [] }): Generator<Bucket> {
  for (let at = bucketCounts.length - 1; at >= 0; at--) yield { index: offset + at, count: bucketCounts[at] as bigint };
}
