/**
 * The text under which a label's value is recorded. It is well-formed: UTF-8 has no lone surrogates, every writer would make the same U+FFFD of
 * any of them, and two series would come out as one. And it is no longer than its label allows: a value that is becomes its beginning and a
 * hash, so that values that differ go on being told apart.
 */

/** A UTF-16 unit takes three bytes of UTF-8 at most. */
const mostBytesPerUnit = 3;
/** Between beginning and hash: three bytes. */
export const mark = '…';
/** 64 bits of SHA-256: of a million values, two are the same once in 37 million times. */
const hashDigits = 16;
const tailBytes = 3 + hashDigits;
/**
 * UTF-16 units that are hashed, because what a client sends must not decide what a call costs. Of a longer text they are its beginning and its end,
 * and its length is hashed with them.
 */
export const mostHashed = 16_384;

const encoder = new TextEncoder();
let scratch = Buffer.alloc(256);

/** Whether the value takes more bytes of UTF-8 than that. It looks at so many units at most, however long the value is. */
export function isLong(value: string, maxBytes: number): boolean {
  const { length } = value;
  if (length * mostBytesPerUnit <= maxBytes) return false;
  return length > maxBytes || Buffer.byteLength(value) > maxBytes;
}

/** As much of a long value's beginning as fits ahead of its hash, by whole characters. */
export function shortened(value: string, maxBytes: number): string {
  const room = maxBytes - tailBytes;
  if (scratch.length < room) scratch = Buffer.alloc(room);
  const { written } = encoder.encodeInto(value.slice(0, room), scratch.subarray(0, room));
  // Out of the bytes, because a slice of the value would keep all of it in memory.
  return `${scratch.toString('utf8', 0, written)}${mark}${hashOf(value)}`;
}

/** The value as it is recorded. */
export function labelText(value: string, maxBytes: number): string {
  return isLong(value, maxBytes) ? shortened(value, maxBytes) : value.toWellFormed();
}

function hashOf(value: string): string {
  const { length } = value;
  const half = mostHashed / 2;
  const hashed = length <= mostHashed ? value : `${length} ${value.slice(0, half)}${value.slice(-half)}`;
  // Asked for here, because few programs ever have such a value, and the module takes time to load.
  return process.getBuiltinModule('node:crypto').hash('sha256', hashed).slice(0, hashDigits);
}
