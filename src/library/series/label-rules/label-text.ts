/**
 * The string under which a label's value is recorded. It is well-formed: UTF-8 has no lone surrogates, and every writer would
 * turn each into U+FFFD, which could merge two series. It is no longer than its label allows: a longer value becomes its
 * beginning and a hash, so that different values stay different.
 */

/** A UTF-16 unit takes at most three bytes of UTF-8. */
const mostBytesPerUnit = 3;
/** Separates the beginning from the hash: three bytes. */
export const mark = '…';
/** 64 bits of SHA-256: among a million values, the chance of a collision is one in 37 million. */
const hashDigits = 16;
const tailBytes = 3 + hashDigits;
/**
 * The most UTF-16 units to hash, so that a client cannot make a call expensive. Of a longer string it hashes the beginning, the
 * end and the length.
 */
export const mostHashed = 16_384;

const encoder = new TextEncoder();
let scratch = Buffer.alloc(256);

/** Whether the value takes more bytes of UTF-8 than that. Reads at most that many units, however long the value is. */
export function isLong(value: string, maxBytes: number): boolean {
  const { length } = value;
  if (length * mostBytesPerUnit <= maxBytes) return false;
  return length > maxBytes || Buffer.byteLength(value) > maxBytes;
}

/** As much of a long value's beginning as fits before its hash, in whole characters. */
export function shortened(value: string, maxBytes: number): string {
  const room = maxBytes - tailBytes;
  if (scratch.length < room) scratch = Buffer.alloc(room);
  const { written } = encoder.encodeInto(value.slice(0, room), scratch.subarray(0, room));
  // From the bytes, because a slice would keep the entire value in memory.
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
  // Loaded here, because the module takes time to load and few programs ever need it.
  return process.getBuiltinModule('node:crypto').hash('sha256', hashed).slice(0, hashDigits);
}
