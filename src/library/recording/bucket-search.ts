/** Finds the bucket of a histogram that a value belongs to. */

/** Returns the index of the first bound that is not below the value. */
export type BucketSearch = (bounds: Float64Array, value: number) => number;

/** The faster search for this number of bounds. */
export function bucketSearch(bounds: Float64Array): BucketSearch {
  return bounds.length > linearUpTo ? bisect : scan;
}

/** Up to here a scan, which the processor predicts well, is faster than bisection. */
const linearUpTo = 32;

/** A bucket includes its bound (Prometheus' `le`). */
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
