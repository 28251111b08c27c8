/** Which bucket of a histogram a value belongs to. */

/** Returns the index of the first bound that is not below the value. */
export type BucketSearch = (bounds: Float64Array, value: number) => number;

/** The quicker way for so many bounds. */
export function bucketSearch(bounds: Float64Array): BucketSearch {
  return bounds.length > linearUpTo ? bisect : scan;
}

/** Up to here a scan that the processor foresees is quicker than halving. */
const linearUpTo = 32;

/** A bound belongs to its bucket (Prometheus' `le`). */
function scan(bounds: Float64Array, value: number): number {
  let bucket = 0;
  while (bucket < bounds.length && value > (bounds[bucket] as number)) bucket++;
  return bucket;
}

function bisect(bounds: Float64Array, value: number): number {
  let low = 0;
  for (let high = bounds.length; low < high; ) {
    const middle = (low + high) >>> 1;
    if (value > (bounds[middle] as number)) low = middle + 1;
    else high = middle;
  }
  return low;
}
