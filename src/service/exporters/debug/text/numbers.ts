/** Numbers as Go's package `fmt` writes them. */

/** `%f`: six decimals of the exact value; a value halfway goes to the even digit. */
export function fixed(value: number): string {
  if (!Number.isFinite(value)) return special(value);
  const sign = isNegative(value) ? '-' : '';
  const size = Math.abs(value);
  if (size >= 1e21) return `${sign}${BigInt(size)}.000000`;
  const digits = size.toFixed(6);
  // JavaScript rounds up where six decimals are halfway between two: that is where 128 times the value is odd.
  const isOneMore = (size * 128) % 2 === 1 && Number(digits.at(-1)) % 2 === 1;
  return sign + (isOneMore ? `${digits.slice(0, -1)}${Number(digits.at(-1)) - 1}` : digits);
}

/** `%v`: the shortest digits that stand for the value; with an exponent below 10⁻⁴ and from 10⁶. */
export function shortest(value: number): string {
  if (!Number.isFinite(value)) return special(value);
  const size = Math.abs(value);
  const digits = size !== 0 && (size < 1e-4 || size >= 1e6) ? scientific(size) : String(size);
  return (isNegative(value) ? '-' : '') + digits;
}

/** An exponent has two digits at least. */
function scientific(size: number): string {
  return size.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
}

function special(value: number): string {
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
}

function isNegative(value: number): boolean {
  return value < 0 || Object.is(value, -0);
}
