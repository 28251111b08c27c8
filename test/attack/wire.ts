/**
 * OTLP's protobuf for bodies of many megabytes: one copy a field. The fields' numbers are those of metrics.proto and
 * common.proto.
 */

export type Part = string | Uint8Array;

export function message(field: number, ...parts: readonly Part[]): Buffer {
  const content = parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part));
  const length = content.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([Uint8Array.from([...varint(field * 8 + 2), ...varint(length)]), ...content]);
}

/** A message without anything in it, so many times. */
export function empties(field: number, count: number): Buffer {
  return Buffer.alloc(2 * count, Uint8Array.of(field * 8 + 2, 0));
}

export function double(field: number, value: number): Buffer {
  const bytes = Buffer.alloc(9);
  bytes[0] = field * 8 + 1;
  bytes.writeDoubleLE(value, 1);
  return bytes;
}

/** Packed, as `explicit_bounds` is. */
export function doubles(field: number, count: number, value: (at: number) => number): Buffer {
  const bytes = Buffer.alloc(8 * count);
  for (let at = 0; at < count; at++) bytes.writeDoubleLE(value(at), 8 * at);
  return message(field, bytes);
}

export function time(field: number, ms = Date.now()): Buffer {
  const bytes = Buffer.alloc(9);
  bytes[0] = field * 8 + 1;
  bytes.writeBigUInt64LE(BigInt(ms) * 1_000_000n, 1);
  return bytes;
}

export function number(field: number, value: number): Uint8Array {
  return Uint8Array.from([...varint(field * 8), ...varint(value)]);
}

/** `KeyValue` with a text. */
export function attribute(field: number, key: string, value: Part): Buffer {
  return message(field, message(1, key), message(2, message(1, value)));
}

const zeros = '00000000';

/** What stands in `numbered` for a number. */
export const placeholder = zeros;

/** So many copies, in each of which a number stands in the place of the placeholder. */
export function numbered(template: Uint8Array, count: number, from: number): Buffer {
  const one = Buffer.from(template);
  const place = one.indexOf(zeros);
  const all = Buffer.alloc(one.length * count, one);
  for (let at = 0; at < count; at++) all.write(String(from + at).padStart(zeros.length, '0'), at * one.length + place, 'latin1');
  return all;
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return [...bytes, rest];
}
