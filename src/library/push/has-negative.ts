/**
 * Whether negative values are known to be in a histogram. Then a point has no sum: metrics.proto, "HistogramDataPoint.sum":
 * "Negative events *can* be recorded, but sum should not be filled out when doing so."
 *
 * @param counts the buckets are `counts[at]` and on, not cumulative
 */
export function hasNegative(bounds: readonly number[], counts: ArrayLike<number>, at: number, sum: number): boolean {
  for (let index = 0; (bounds[index] as number) < 0; index++) if ((counts[at + index] as number) > 0) return true;
  return sum < 0;
}
