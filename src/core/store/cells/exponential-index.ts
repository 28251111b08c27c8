/**
 * Which bucket of a base-2 exponential histogram a value belongs to (OpenTelemetry data model, "ExponentialHistogram", "Producer
 * Recommendations"): bucket `i` at scale `s` holds what is above 2^(i·2^-s), up to and including 2^((i+1)·2^-s).
 */

const largestScale = 20;
const smallestNormal = -1022;
const bits = new DataView(new ArrayBuffer(8));
/** Buckets a unit of the natural logarithm, by scale. */
const factors = Float64Array.from({ length: largestScale + 1 }, (_, scale) => Math.LOG2E * 2 ** scale);

/**
 * Exemplars of a row: as many as Prometheus takes of a native histogram in a scrape (client_golang's
 * `NativeHistogramMaxExemplars`).
 */
export const exponentialExemplars = 10;

/**
 * Which of a row's exemplars a value may be: each is of values between two powers of two, so that they spread over all that is
 * measured, and ten powers apart share one. Whatever the scale of the row is, which engines may lower at other times.
 */
export function exponentialExemplar(value: number): number {
  if (value === 0 || !Number.isFinite(value)) return 0;
  const slot = bucketIndex(value, 0) % exponentialExemplars;
  return slot < 0 ? slot + exponentialExemplars : slot;
}

/**
 * The bucket of `value`'s magnitude; `value` is finite and not 0. Subnormal values count as the smallest normal one, as the
 * specification allows. A logarithm may be off by the last digit, so the bits decide for powers of two and their neighbours,
 * which never stray across one.
 */
export function bucketIndex(value: number, scale: number): number {
  bits.setFloat64(0, value);
  const high = bits.getUint32(0) & 0x7fffffff;
  const exponent = Math.max((high >>> 20) - 1023, smallestNormal);
  const isBound = high < 0x100000 || ((high & 0xfffff) === 0 && bits.getUint32(4) === 0);
  // The power of two at or below which the bucket begins.
  const octave = isBound ? exponent - 1 : exponent;
  if (scale <= 0) return octave >> -scale;
  const last = ((octave + 1) << scale) - 1;
  if (isBound) return last;
  const index = Math.floor(Math.log(Math.abs(value)) * (factors[scale] as number));
  return Math.min(last, Math.max(octave << scale, index));
}
