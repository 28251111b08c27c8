/**
 * The scalars of OTLP's JSON into a sink, byte for byte as the Collector writes them: strings escaped as little as RFC 8259
 * allows, 64-bit integers in quotes, doubles as Go writes them, ids in hexadecimal, bytes in base64. All reserve by themselves.
 */
import { numberBytes, writeNumber, writePadded } from '../../../core/numbers/write-number.ts';
import type { Batch } from '../batch/batch.ts';
import type { ByteSink } from '../wire/byte-sink.ts';

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const open = 0x7b;
const close = 0x7d;
const zero = 0x30;
const two32 = 2 ** 32;
const million = 1e6;
/** An escape has up to six bytes: `\u001f`. */
const mostEscaped = 6;
const hexDigits = Uint8Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0));
/** By the byte: what follows the backslash, or 0 for `\u00` and two digits. */
const shortEscapes = new Uint8Array(128);
for (const [byte, letter] of [
  [0x0a, 'n'],
  [0x0d, 'r'],
  [0x09, 't'],
  [quote, '"'],
  [backslash, '\\'],
] as const) {
  shortEscapes[byte] = letter.charCodeAt(0);
}

/** What is always the same, e.g. a member's name, with padding behind it. */
export interface Words {
  readonly view: DataView;
  readonly length: number;
}

/** Of ASCII. */
export function words(text: string): Words {
  const bytes = new Uint8Array(text.length + 8);
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
  return Object.freeze({ view: new DataView(bytes.buffer), length: text.length });
}

export function put(sink: ByteSink, { view, length }: Words): void {
  sink.reserve(length + 8);
  const { view: to, at } = sink;
  for (let from = 0; from < length; from += 4) to.setInt32(at + from, view.getInt32(from, true), true);
  sink.at = at + length;
}

export function putByte(sink: ByteSink, byte: number): void {
  sink.reserve(1);
  sink.bytes[sink.at++] = byte;
}

/** Ends an object whose members all begin with a comma, the first one's being where the object begins. */
export function endObject(sink: ByteSink, start: number): void {
  sink.reserve(2);
  const { bytes } = sink;
  if (sink.at === start) sink.at++;
  bytes[start] = open;
  bytes[sink.at++] = close;
}

/** Ends a list whose items all begin with a comma. It has one at least. */
export function endList(sink: ByteSink, start: number): void {
  sink.bytes[start] = 0x5b;
  putByte(sink, 0x5d);
}

export function putComma(sink: ByteSink): void {
  putByte(sink, comma);
}

/** UTF-8 as a string in quotes. Four bytes at a time, and from the beginning again, byte by byte, where one needs an escape. */
export function putString(sink: ByteSink, { bytes, view }: Batch, from: number, to: number): void {
  sink.reserve(to - from + 8);
  const { view: out } = sink;
  let at = sink.at;
  out.setUint8(at++, quote);
  let special = 0;
  let next = from;
  for (const last = to - 4; next <= last; next += 4, at += 4) {
    const four = view.getInt32(next, true);
    out.setInt32(at, four, true);
    special |= specialOf(four);
  }
  for (; next < to; next++, at++) {
    const byte = bytes[next] as number;
    out.setUint8(at, byte);
    if (byte < 0x20 || byte === quote || byte === backslash) special = -1;
  }
  if ((special & 0x80808080) !== 0) putEscaped(sink, bytes, from, to);
  else {
    out.setUint8(at, quote);
    sink.at = at + 1;
  }
}

/**
 * Sets the highest bit of some byte where one of the four is a control character, a quote or a backslash (Hacker's Delight, "Find
 * first 0-byte").
 */
function specialOf(four: number): number {
  const noQuote = four ^ 0x22222222;
  const noBackslash = four ^ 0x5c5c5c5c;
  return ((four - 0x20202020) & ~four) | ((noQuote - 0x01010101) & ~noQuote) | ((noBackslash - 0x01010101) & ~noBackslash);
}

function putEscaped(sink: ByteSink, bytes: Uint8Array, from: number, to: number): void {
  sink.reserve((to - from) * mostEscaped + 2);
  const { bytes: out } = sink;
  let at = sink.at;
  out[at++] = quote;
  for (let next = from; next < to; next++) {
    const byte = bytes[next] as number;
    if (byte >= 0x20 && byte !== quote && byte !== backslash) {
      out[at++] = byte;
      continue;
    }
    out[at++] = backslash;
    const letter = shortEscapes[byte] as number;
    if (letter !== 0) out[at++] = letter;
    else {
      out[at++] = 0x75;
      out[at++] = zero;
      out[at++] = zero;
      out[at++] = hexDigits[byte >> 4] as number;
      out[at++] = hexDigits[byte & 15] as number;
    }
  }
  out[at++] = quote;
  sink.at = at;
}

/**
 * As Go's `strconv.AppendFloat`: exponents, of two digits at least, below 1e-6 and from 1e21 on; NaN and the infinities are
 * strings.
 */
export function putDouble(sink: ByteSink, value: number): void {
  sink.reserve(numberBytes);
  const size = Math.abs(value);
  if ((size >= 1e-6 && size < 1e21) || size === 0) sink.at = writeNumber(sink.bytes, sink.at, value);
  else if (Number.isFinite(value)) putText(sink, String(value).replace(/e-(\d)$/, 'e-0$1'));
  else putText(sink, `"${value}"`);
}

/** ASCII that needs no escapes. */
function putText(sink: ByteSink, text: string): void {
  sink.reserve(text.length);
  const { bytes } = sink;
  let { at } = sink;
  for (let index = 0; index < text.length; index++) bytes[at++] = text.charCodeAt(index);
  sink.at = at;
}

/** A 32-bit integer. */
export function putInt32(sink: ByteSink, value: number): void {
  sink.reserve(numberBytes);
  sink.at = writeNumber(sink.bytes, sink.at, value);
}

/** In quotes; both halves unsigned. */
export function putUint64(sink: ByteSink, low: number, high: number): void {
  sink.reserve(24);
  sink.byte(quote);
  putDigits(sink, low, high);
  sink.byte(quote);
}

/** In quotes, as two's complement; both halves unsigned. */
export function putInt64(sink: ByteSink, low: number, high: number): void {
  if (high < 2 ** 31) {
    putUint64(sink, low, high);
    return;
  }
  sink.reserve(24);
  sink.byte(quote);
  sink.byte(0x2d);
  putDigits(sink, -low >>> 0, (low === 0 ? -high : ~high) >>> 0);
  sink.byte(quote);
}

function putDigits(sink: ByteSink, low: number, high: number): void {
  const { bytes, at } = sink;
  if (high < 2 ** 21) {
    sink.at = writeNumber(bytes, at, high * two32 + low);
    return;
  }
  // Two divisions by a million, each in two steps in which a double is exact.
  const quotientHigh = Math.floor(high / million);
  const rest = (high - quotientHigh * million) * two32 + low;
  const quotientLow = Math.floor(rest / million);
  const millions = quotientHigh * two32 + quotientLow;
  const upper = Math.floor(millions / million);
  const end = writePadded(bytes, writeNumber(bytes, at, upper), millions - upper * million, 6);
  sink.at = writePadded(bytes, end, rest - quotientLow * million, 6);
}

export function putHex(sink: ByteSink, bytes: Uint8Array, from: number, to: number): void {
  sink.reserve((to - from) * 2 + 2);
  sink.byte(quote);
  for (let at = from; at < to; at++) {
    const byte = bytes[at] as number;
    sink.byte(hexDigits[byte >> 4] as number);
    sink.byte(hexDigits[byte & 15] as number);
  }
  sink.byte(quote);
}

export function putBase64(sink: ByteSink, bytes: Uint8Array, from: number, to: number): void {
  putText(sink, `"${Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('base64')}"`);
}
