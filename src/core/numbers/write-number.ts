/** Numbers as decimal digits, into bytes: as OpenMetrics 1.0 and text 0.0.4 write them. */
import { findShortest, shortest } from './shortest-double.ts';

const zero = 0x30;
const minus = 0x2d;
const point = 0x2e;

/** The longest number: `-2.2250738585072014e-308` has 24 bytes. */
export const numberBytes = 32;

const groupOf9 = 1e9;
/** 15 significant digits name one double only, so a quotient that gives the value back is its shortest form. */
const mostDecimalDigits = 1e15;
const micro = 1e6;
/** `00` to `99`. */
const pairs = Uint8Array.from({ length: 200 }, (_, index) => zero + (index & 1 ? (index >> 1) % 10 : Math.floor(index / 20)));

/**
 * Writes `value` at `at` and returns where it ends: an integer below 2^53 without exponent, `NaN`, `+Inf`, `-Inf`, and otherwise
 * the shortest text that reads back as the same double. `bytes` has at least `numberBytes` free. Makes no string but for
 * exponents and a few numbers in between.
 */
export function writeNumber(bytes: Uint8Array, at: number, value: number): number {
  if (value === (value | 0) && (value !== 0 || Object.is(value, 0))) {
    if (value >= 0) return writeGroup(bytes, at, value);
    if (value > -groupOf9) return writeGroup(bytes, writeByte(bytes, at, minus), -value);
  }
  if (!Number.isFinite(value)) return writeText(bytes, at, value > 0 ? '+Inf' : value < 0 ? '-Inf' : 'NaN');
  if (value < 0 || Object.is(value, -0)) return writePositive(bytes, writeByte(bytes, at, minus), -value);
  return writePositive(bytes, at, value);
}

/** The same as a string, for code that is not hot. */
export function numberText(value: number): string {
  const bytes = new Uint8Array(numberBytes);
  return String.fromCharCode(...bytes.subarray(0, writeNumber(bytes, 0, value)));
}

function writePositive(bytes: Uint8Array, at: number, value: number): number {
  if (value <= Number.MAX_SAFE_INTEGER && Number.isInteger(value)) return writeInteger(bytes, at, value);
  const scaled = Math.round(value * micro);
  if (scaled < mostDecimalDigits && scaled / micro === value) return writeMicros(bytes, at, scaled);
  return findShortest(value) ? writeShortest(bytes, at) : writeText(bytes, at, String(value));
}

const shortestDigits = 17;

/** What `findShortest` has found: seventeen digits, of which the last `exponent` are decimals. */
function writeShortest(bytes: Uint8Array, at: number): number {
  const { high, low, exponent } = shortest;
  const whole = shortestDigits - exponent;
  let start = at + 1;
  if (whole <= 0) {
    bytes[at] = zero;
    bytes[at + 1] = point;
    for (start = at + 2; start < at + 2 - whole; start++) bytes[start] = zero;
  }
  writePadded(bytes, start, high, 9);
  writePadded(bytes, start + 9, low, 8);
  if (whole > 0) {
    for (let offset = at; offset < at + whole; offset++) bytes[offset] = bytes[offset + 1] as number;
    bytes[at + whole] = point;
  }
  let end = start + shortestDigits;
  while (bytes[end - 1] === zero) end--;
  return end;
}

/** Up to 2^53 - 1: seven digits ahead of a full group of nine. */
function writeInteger(bytes: Uint8Array, at: number, value: number): number {
  if (value < groupOf9) return writeGroup(bytes, at, value);
  const high = Math.floor(value / groupOf9);
  return writePadded(bytes, writeGroup(bytes, at, high), value - high * groupOf9, 9);
}

/** `value` millionths. */
function writeMicros(bytes: Uint8Array, at: number, value: number): number {
  const whole = Math.floor(value / micro);
  const start = writeByte(bytes, writeInteger(bytes, at, whole), point);
  let end = writePadded(bytes, start, value - whole * micro, 6);
  while (bytes[end - 1] === zero) end--;
  return end;
}

/** A non-negative 32-bit integer. */
function writeGroup(bytes: Uint8Array, at: number, value: number): number {
  return writePadded(bytes, at, value, digitsOf(value));
}

/** Writes the last `digits` of a non-negative 32-bit integer. Two at a time: half the divisions. */
export function writePadded(bytes: Uint8Array, at: number, value: number, digits: number): number {
  let rest = value | 0;
  let offset = at + digits;
  while (offset > at + 1) {
    const hundreds = (rest / 100) | 0;
    const pair = (rest - hundreds * 100) << 1;
    offset -= 2;
    bytes[offset] = pairs[pair] as number;
    bytes[offset + 1] = pairs[pair + 1] as number;
    rest = hundreds;
  }
  if (offset > at) bytes[at] = zero + rest;
  return at + digits;
}

/** How many a non-negative 32-bit integer has. */
export function digitsOf(value: number): number {
  let digits = 1;
  for (let limit = 10; digits < 10 && value >= limit; limit *= 10) digits++;
  return digits;
}

function writeByte(bytes: Uint8Array, at: number, byte: number): number {
  bytes[at] = byte;
  return at + 1;
}

function writeText(bytes: Uint8Array, at: number, text: string): number {
  for (let index = 0; index < text.length; index++) bytes[at + index] = text.charCodeAt(index);
  return at + text.length;
}
