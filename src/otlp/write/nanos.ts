/** Milliseconds since the epoch as OTLP's nanoseconds, which a double cannot hold: in two halves of 32 bits. */

const two32 = 2 ** 32;
const two20 = 2 ** 20;
const two12 = 2 ** 12;

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
  const upper = Math.floor(whole / two20) * 1e6;
  const lower = (whole % two20) * 1e6 + Math.trunc((ms - whole) * 1e6) + (upper % two12) * two20;
  nanos.low = lower % two32;
  nanos.high = Math.floor(upper / two12) + Math.floor(lower / two32);
}
