/** Numbers, enumeration names and bytes of OTLP's JSON, from strings. Undefined: the string is not of the kind. */
import type { FieldKind } from '../wire/messages.ts';

interface Whole {
  readonly least: bigint;
  readonly most: bigint;
}

const signed = (bits: bigint): Whole => ({ least: -(1n << (bits - 1n)), most: (1n << (bits - 1n)) - 1n });
const unsigned = (bits: bigint): Whole => ({ least: 0n, most: (1n << bits) - 1n });
const ranges: Partial<Record<FieldKind, Whole>> = {
  uint32: unsigned(32n),
  enum: signed(32n),
  sint32: signed(32n),
  int64: signed(64n),
  sfixed64: signed(64n),
  uint64: unsigned(64n),
  fixed64: unsigned(64n),
};
/** Longer ones are beyond 64 bits, and `BigInt` takes more than linear time. */
const mostDigits = 24;

/** Also as `1e3` and `5.0`, as JSON may write it. */
export function parseWhole(kind: FieldKind, text: string): bigint | undefined {
  const { least, most } = ranges[kind] as Whole;
  const value = /^-?\d+$/.test(text) && text.length <= mostDigits ? BigInt(text) : wholeOf(parseDouble(text));
  return value !== undefined && value >= least && value <= most ? value : undefined;
}

function wholeOf(value: number | undefined): bigint | undefined {
  return value !== undefined && Number.isSafeInteger(value) ? BigInt(value) : undefined;
}

/** A number of JSON, or a string for NaN or an infinity. Undefined where it is too large for a double. */
export function parseDouble(text: string): number | undefined {
  if (text === 'NaN' || text === 'Infinity' || text === '-Infinity') return Number(text);
  if (!/^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

/** Standard or URL-safe alphabet, with padding or without, as protobuf's JSON takes it. */
export function parseBase64(text: string): Uint8Array | undefined {
  return /^[A-Za-z0-9+/_-]*={0,2}$/.test(text) && text.replace(/={1,2}$/, '').length % 4 !== 1
    ? Buffer.from(text, 'base64')
    : undefined;
}

/** So many bytes, or none. */
export function parseHex(text: string, bytes: number): Uint8Array | undefined {
  return (text.length === 0 || text.length === bytes * 2) && /^[0-9a-fA-F]*$/.test(text) ? Buffer.from(text, 'hex') : undefined;
}
