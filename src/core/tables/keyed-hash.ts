/**
 * HalfSipHash-1-3 (Aumasson, Bernstein: "SipHash: a fast short-input PRF") under a key of this process: senders choose the bytes,
 * and could choose thousands with one hash if they knew how bytes are hashed.
 */
import { createHash, randomBytes } from 'node:crypto';

const key = randomBytes(8);
const k0 = key.readInt32LE(0);
const k1 = key.readInt32LE(4);

/** Longer ones are hashed by their SHA-256, which processors have instructions for: 8 MiB took 25 ms. */
const long = 16_384;

/** 32 bits for the bytes from `at` to `end`. */
export function hashBytes(view: DataView, at: number, end: number): number {
  if (end - at > long) return hashOfLong(view, at, end);
  let v0 = k0;
  let v1 = k1;
  let v2 = k0 ^ 0x6c796765;
  let v3 = k1 ^ 0x74656462;
  const words = end - ((end - at) & 3);
  for (let from = at; from <= words; from += 4) {
    const word = from < words ? view.getInt32(from, true) : tailOf(view, from, end) | ((end - at) << 24);
    v3 ^= word;
    v0 = (v0 + v1) | 0;
    v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
    v0 = (v0 << 16) | (v0 >>> 16);
    v2 = (v2 + v3) | 0;
    v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
    v0 = (v0 + v3) | 0;
    v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
    v2 = (v2 + v1) | 0;
    v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
    v2 = (v2 << 16) | (v2 >>> 16);
    v0 ^= word;
  }
  v2 ^= 0xff;
  for (let round = 0; round < 3; round++) {
    v0 = (v0 + v1) | 0;
    v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
    v0 = (v0 << 16) | (v0 >>> 16);
    v2 = (v2 + v3) | 0;
    v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
    v0 = (v0 + v3) | 0;
    v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
    v2 = (v2 + v1) | 0;
    v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
    v2 = (v2 << 16) | (v2 >>> 16);
  }
  return v1 ^ v3;
}

function hashOfLong({ buffer, byteOffset }: DataView, at: number, end: number): number {
  const digest = createHash('sha256')
    .update(new Uint8Array(buffer, byteOffset + at, end - at))
    .digest();
  return hashBytes(new DataView(digest.buffer, digest.byteOffset, digest.length), 0, digest.length);
}

/** A hash of what belongs to an owner, so that the same of two owners is in different buckets. */
export function hashOfOwner(hash: number, owner: number): number {
  return (hash + Math.imul(owner, 0x9e3779b1)) | 0;
}

/** The last three bytes at most, as a number. */
function tailOf(view: DataView, at: number, end: number): number {
  let tail = 0;
  for (let index = at; index < end; index++) tail |= view.getUint8(index) << ((index - at) * 8);
  return tail;
}
