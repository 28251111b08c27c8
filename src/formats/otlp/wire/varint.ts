/**
 * Protobuf's wire format by offsets in a buffer. A function returns the offset after what it read, or `notCanonical`: bytes that
 * are not protobuf, or protobuf that is not in regular form. What else was read is in `wire`, because an object a call would cost
 * more than the reading.
 */

export const notCanonical = -1;

/** Of the last call. */
export const wire = {
  /** The varint, modulo 2^64, in two halves of 32 bits, unsigned. */
  low: 0,
  high: 0,
  /** The offset after the content. */
  end: 0,
};

/** At most ten bytes, as everywhere. */
export function varint(bytes: Uint8Array, from: number, to: number): number {
  let low = 0;
  let high = 0;
  let at = from;
  for (let shift = 0; shift < 70 && at < to; shift += 7) {
    const byte = bytes[at++] as number;
    const bits = byte & 127;
    if (shift < 32) low |= bits << shift;
    if (shift === 28) high = bits >> 4;
    else if (shift > 28) high |= bits << (shift - 32);
    if (byte < 128) {
      wire.low = low >>> 0;
      wire.high = high >>> 0;
      return at;
    }
  }
  return notCanonical;
}

/** Where the content behind a length begins; it ends at `wire.end`. */
export function content(bytes: Uint8Array, at: number, to: number): number {
  if (at < to) {
    const length = bytes[at] as number;
    if (length < 128) {
      wire.end = at + 1 + length;
      return wire.end > to ? notCanonical : at + 1;
    }
  }
  return longContent(bytes, at, to);
}

function longContent(bytes: Uint8Array, at: number, to: number): number {
  const from = varint(bytes, at, to);
  if (from === notCanonical || wire.high !== 0 || wire.low > to - from) return notCanonical;
  wire.end = from + wire.low;
  return from;
}

/**
 * Skips a field, from its tag. `notCanonical` where it has one of the numbers that are the bits of `known`: a tag of more bytes
 * than it needs, or another wire type. Also where it is a group.
 */
export function unknown(bytes: Uint8Array, from: number, to: number, known: number): number {
  const at = varint(bytes, from, to);
  if (at === notCanonical || wire.high !== 0) return notCanonical;
  const field = wire.low >>> 3;
  if (field === 0 || (field < 32 && ((known >>> field) & 1) === 1)) return notCanonical;
  const type = wire.low & 7;
  if (type === 0) return varint(bytes, at, to);
  if (type === 1) return at + 8 > to ? notCanonical : at + 8;
  if (type === 2) return content(bytes, at, to) === notCanonical ? notCanonical : wire.end;
  return type === 5 && at + 4 <= to ? at + 4 : notCanonical;
}

/** Bits for `unknown`. */
export function fields(...numbers: readonly number[]): number {
  return numbers.reduce((bits, number) => bits | (1 << number), 0);
}
