/**
 * A duration that a host tells, in its own unit: one below 0, of a clock that was set back, is 0. NaN for anything that is no number, which
 * every recorder refuses and counts.
 */
export function durationOf(told: unknown): number {
  return typeof told === 'number' ? Math.max(0, told) : Number.NaN;
}
