/** OTLP's nanoseconds since the epoch, which a double cannot hold: two halves of 32 bits, and what they are in milliseconds. */

const two32 = 2 ** 32;
const two20 = 2 ** 20;
const two12 = 2 ** 12;
const nanosPerMs = 1e6;
/** Of what the upper half counts. */
const wholeMsOfHalf = Math.floor(two32 / nanosPerMs);
const restOfHalf = two32 - wholeMsOfHalf * nanosPerMs;

export interface Nanos {
  low: number;
  high: number;
}

/** Exact, without `BigInt`: the milliseconds are split so that no product exceeds 53 bits. Negative or no number: 0, unknown. */
export function setNanos(nanos: Nanos, ms: number): void {
  const whole = Math.floor(ms);
  if (!(whole >= 0)) {
    nanos.low = 0;
    nanos.high = 0;
    return;
  }
  const upper = Math.floor(whole / two20) * nanosPerMs;
  const lower = (whole % two20) * nanosPerMs + Math.trunc((ms - whole) * nanosPerMs) + (upper % two12) * two20;
  nanos.low = lower % two32;
  nanos.high = Math.floor(upper / two12) + Math.floor(lower / two32);
}

/** Whole milliseconds, rounded down: for each half there is an exact share. The halves may be signed. */
export function wholeMsOf(high: number, low: number): number {
  return (high >>> 0) * wholeMsOfHalf + Math.floor(restOf(high, low) / nanosPerMs);
}

/**
 * Milliseconds with a fraction as far as a double has it. Whole ones are exact, because a reader that cuts a fraction off would
 * take the one before.
 */
export function msOf(high: number, low: number): number {
  const rest = restOf(high, low);
  return wholeMsOf(high, low) + (rest % nanosPerMs) / nanosPerMs;
}

const restOf = (high: number, low: number): number => (high >>> 0) * restOfHalf + (low >>> 0);
