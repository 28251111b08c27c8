/** Bounds of buckets as text. */
import { numberText } from '../../../../core/numbers/write-number.ts';

/**
 * A bucket's bound as the value of `le`: Go's `%g`, in OpenMetrics with `.0` when it would look like an integer (canonical floats
 * of OpenMetrics 1.0: `0.5`, `1.0`, `1e+06`).
 */
export function boundText(bound: number, format: 'openmetrics' | 'text'): string {
  if (!Number.isFinite(bound)) return numberText(bound);
  const text = goFloat(bound);
  return format === 'openmetrics' && /^-?\d+$/.test(text) ? `${text}.0` : text;
}

/** Without an exponent, whatever its digits. */
const [leastPlain, plainBelow] = [1e-4, 1e6];

/**
 * `%g` with shortest precision: an exponent, of at least two digits, below 1e-4 and from 1e6 on. In between JavaScript writes the
 * same.
 */
function goFloat(value: number): string {
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const size = Math.abs(value);
  if (size >= leastPlain && size < plainBelow) return String(value);
  const [digits = '', exponent = '0'] = value.toExponential().split('e');
  const power = Number(exponent);
  return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}
