/** Values as another type, as the Collector converts them. What cannot be converted stays as it is. */
import { createHash } from 'node:crypto';
import type { AnyValue } from '../../../formats/otlp/batch/batch-tree.ts';
import { decodeAnyValue, encodeAnyValue } from '../../../formats/otlp/value/any-value-bytes.ts';
import { collectorText } from '../../../formats/otlp/value/value-text.ts';

export type ConvertedType = 'string' | 'int' | 'double';
type Convert = (value: AnyValue) => AnyValue | undefined;

const leastInt = -(2n ** 63n);
/** The bits of Go's `math.NaN()`, for every NaN. */
const goNaN = 0x7ff8_0000_0000_0001n;
const largestInt = 2n ** 63n - 1n;
/** What `ParseFloat` of Go takes: literals of its language. */
const decimal = /^[-+]?(?:\d+(?:_\d+)*(?:\.(?:\d+(?:_\d+)*)?)?|\.\d+(?:_\d+)*)(?:e[-+]?\d+(?:_\d+)*)?$/i;
const hexadecimal = /^([-+]?)0x((?:_?[\da-f])*)(?:\.([\da-f](?:_?[\da-f])*)?)?p([-+]?\d+)$/i;
const special = /^([-+]?)(inf|infinity)$|^(nan)$/i;

const conversions: Readonly<Record<ConvertedType, Convert>> = {
  string: (value) => (value.stringValue === undefined ? { stringValue: collectorText(value) } : undefined),
  int({ stringValue, boolValue, doubleValue }) {
    if (doubleValue !== undefined) return { intValue: truncated(doubleValue) };
    if (boolValue !== undefined) return { intValue: boolValue ? 1n : 0n };
    return stringValue === undefined ? undefined : parsedInt(stringValue);
  },
  double({ stringValue, boolValue, intValue }) {
    if (intValue !== undefined) return { doubleValue: Number(intValue) };
    if (boolValue !== undefined) return { doubleValue: boolValue ? 1 : 0 };
    return stringValue === undefined ? undefined : parsedDouble(stringValue);
  },
};

export function converted(value: Uint8Array, type: ConvertedType): Uint8Array {
  const result = conversions[type](decodeAnyValue(value));
  return result === undefined ? value : encodeAnyValue(result);
}

/** What does not fit in 64 bits becomes the least integer, as on the processors that the Collector's binaries are made for. */
function truncated(value: number): bigint {
  if (!Number.isFinite(value)) return leastInt;
  const whole = BigInt(Math.trunc(value));
  return whole < leastInt || whole > largestInt ? leastInt : whole;
}

function parsedInt(text: string): AnyValue | undefined {
  // Of so many digits that all but zeros are too many, so that a long string costs nothing.
  if (!/^[-+]?0*\d{1,19}$/.test(text)) return undefined;
  const whole = BigInt(text.replace(/^\+/, ''));
  return whole < leastInt || whole > largestInt ? undefined : { intValue: whole };
}

function parsedDouble(text: string): AnyValue | undefined {
  const [matched, sign, infinite] = special.exec(text) ?? [];
  if (matched !== undefined)
    return { doubleValue: infinite === undefined ? Number.NaN : Number.POSITIVE_INFINITY * (sign === '-' ? -1 : 1) };
  const value = decimal.test(text) ? Number(text.replaceAll('_', '')) : hexadecimalOf(text);
  return Number.isFinite(value) ? { doubleValue: value } : undefined;
}

function hexadecimalOf(text: string): number {
  const [, sign, whole = '', fraction = '', exponent] = hexadecimal.exec(text) ?? [];
  const mantissa = (whole + fraction).replaceAll('_', '');
  if (mantissa === '') return Number.NaN;
  const value = Number(BigInt(`0x${mantissa}`)) * 2 ** (Number(exponent) - 4 * fraction.replaceAll('_', '').length);
  return sign === '-' ? -value : value;
}

/**
 * SHA-256 in hexadecimal digits: of a string's UTF-8, a flag's byte, a number's eight bytes, low ones first. Of anything else an
 * empty string.
 */
export function hashed(value: Uint8Array): Uint8Array {
  const bytes = bytesOf(decodeAnyValue(value));
  return encodeAnyValue({ stringValue: bytes === undefined ? '' : createHash('sha256').update(bytes).digest('hex') });
}

function bytesOf({ stringValue, boolValue, intValue, doubleValue }: AnyValue): Uint8Array | undefined {
  if (stringValue !== undefined) return Buffer.from(stringValue);
  if (boolValue !== undefined) return Buffer.of(boolValue ? 1 : 0);
  const eight = Buffer.alloc(8);
  if (intValue !== undefined) eight.writeBigInt64LE(intValue);
  else if (doubleValue === undefined) return undefined;
  else if (Number.isNaN(doubleValue)) eight.writeBigUInt64LE(goNaN);
  else eight.writeDoubleLE(doubleValue);
  return eight;
}
