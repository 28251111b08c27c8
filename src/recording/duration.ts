/**
 * A host's duration, in the host's own unit. A negative one, from a clock that was set back, becomes 0. A value that is not a number becomes
 * NaN, which every recorder refuses and counts.
 */
export function durationOf(given: unknown): number {
  return typeof given === 'number' ? Math.max(0, given) : Number.NaN;
}
