/**
 * Checksums of any ranges of some bytes, each in the same short time however long the range is: many ranges that overlap are
 * checked in linear time.
 */
import zlib from 'node:zlib';

/** The checksum of `bytes.subarray(from, to)`. */
export type CrcRanges = (from: number, to: number) => number;

/** Between two places whose checksum from the start is known. */
const blockBytes = 1_024;
/** The polynomial of CRC-32, its bits in reverse. */
const polynomial = 0xedb88320;
const highest = 0x80000000;
/** `x` to the power of 8: one byte further. */
const byteFurther = 0x00800000;
/** What moves a checksum by 1, 2, 4 … bytes. */
const powers: number[] = [byteFurther];
for (let bit = 1; bit < 31; bit++) powers.push(times(powers[bit - 1] as number, powers[bit - 1] as number));

export function crcRanges(bytes: Uint8Array): CrcRanges {
  const upTo = new Uint32Array(Math.ceil(bytes.length / blockBytes) + 1);
  for (let block = 1; block < upTo.length; block++)
    upTo[block] = zlib.crc32(bytes.subarray((block - 1) * blockBytes, block * blockBytes), upTo[block - 1]);

  function until(at: number): number {
    const block = Math.floor(at / blockBytes);
    return zlib.crc32(bytes.subarray(block * blockBytes, at), upTo[block]);
  }

  // The checksum of two parts is that of the first one, moved by the length of the second one, and that of the second one.
  return (from, to) => (until(to) ^ times(until(from), further(to - from))) >>> 0;
}

/** What moves a checksum by so many bytes. */
function further(length: number): number {
  let moved = highest;
  for (let left = length, bit = 0; left > 0; left >>>= 1, bit++)
    if ((left & 1) !== 0) moved = times(moved, powers[bit] as number);
  return moved;
}

/** The product of two polynomials over GF(2), modulo that of CRC-32. */
function times(one: number, other: number): number {
  let product = 0;
  let shifted = other;
  for (let bit = highest; bit !== 0; bit >>>= 1) {
    if ((one & bit) !== 0) product ^= shifted;
    shifted = (shifted & 1) === 0 ? shifted >>> 1 : (shifted >>> 1) ^ polynomial;
  }
  return product;
}
