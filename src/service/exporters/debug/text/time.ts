/** A time as Go's `time.Time.String` writes it. */

const perSecond = 1_000_000_000n;

/**
 * Nanoseconds since 1970 in UTC, without zeros at the end of the fraction. From 2⁶³ on they are negative, as in the Collector.
 */
export function timeText(nanos = 0n): string {
  const signed = BigInt.asIntN(64, nanos);
  const fraction = ((signed % perSecond) + perSecond) % perSecond;
  const date = new Date(Number((signed - fraction) / 1_000_000n)).toISOString();
  const decimals =
    fraction === 0n
      ? ''
      : `.${String(fraction)
          .padStart(9, '0')
          .replace(/0{1,8}$/, '')}`;
  return `${date.slice(0, 10)} ${date.slice(11, 19)}${decimals} +0000 UTC`;
}
