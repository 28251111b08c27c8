/**
 * An application's duration, in its own unit. A negative one, from a clock that was set back, becomes 0. A value that is not a
 * number becomes NaN, which every recorder rejects and counts.
 */
export function durationOf(given: unknown): number {
  return typeof given === 'number' ? Math.max(0, given) : Number.NaN;
}
