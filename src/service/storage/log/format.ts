/**
 * The bytes of a segment: a head of two equal copies, then records one after the other. Numbers are little-endian. The whole
 * format is on the page "Storage format" of the documentation.
 */
// As a whole: Node.js 18 has no `crc32`, and is to get to the sentence that refuses it.
import zlib from 'node:zlib';

const formatVersion = 1;

const magic = Buffer.from('MBRLOG\r\n', 'latin1');
export const syncBytes = 8;
/** One copy of the head: magic, version, sync word, checksum. */
const copyBytes = 24;
export const headBytes = 2 * copyBytes;
export const recordHeadBytes = 48;
/** No reader takes a larger file for a segment, so no writer makes one. */
export const mostSegmentBytes = 2 ** 30;
/** More is not read as a length. */
const mostPayloadBytes = mostSegmentBytes - headBytes - recordHeadBytes;

export const recordType = {
  data: 1,
  /** The payload is the numbers of records that are done. */
  done: 2,
  /** The records of its group are live from here on; the payload is the numbers of those that they replace. */
  replace: 3,
  /** The payload is one number: all records before it are done. */
  forget: 4,
} as const;

export interface RecordHead {
  readonly type: number;
  /** Of the payload, in bytes. */
  readonly length: number;
  readonly points: number;
  /** Of a data record: 0, or the group that a record of type `replace` makes live; of that one its own group. */
  readonly group: number;
  readonly number: number;
  /** Where it stands among the live records; records of one place are in the order of their numbers. */
  readonly place: number;
}

export function segmentHead(sync: Uint8Array): Buffer {
  const copy = Buffer.alloc(copyBytes);
  magic.copy(copy, 0);
  copy.writeUInt32LE(formatVersion, 8);
  copy.set(sync, 12);
  copy.writeUInt32LE(zlib.crc32(copy.subarray(0, copyBytes - 4)), copyBytes - 4);
  return Buffer.concat([copy, copy]);
}

export type SegmentHead = { readonly sync: Buffer } | { readonly version: number } | 'damaged';

/** Of the first copy that is whole. */
export function readSegmentHead(bytes: Buffer): SegmentHead {
  for (const from of [0, copyBytes]) {
    const copy = bytes.subarray(from, from + copyBytes);
    const isWhole = copy.length === copyBytes && copy.readUInt32LE(copyBytes - 4) === zlib.crc32(copy.subarray(0, copyBytes - 4));
    if (!isWhole || !copy.subarray(0, magic.length).equals(magic)) continue;
    const version = copy.readUInt32LE(8);
    return version === formatVersion ? { sync: Buffer.from(copy.subarray(12, 12 + syncBytes)) } : { version };
  }
  return 'damaged';
}

/** @param payload in pieces */
export function recordHead(sync: Uint8Array, head: RecordHead, payload: readonly Uint8Array[]): Buffer {
  const bytes = Buffer.allocUnsafe(recordHeadBytes);
  bytes.set(sync, 0);
  bytes.writeUInt32LE(head.type, 8);
  bytes.writeUInt32LE(head.length, 12);
  bytes.writeUInt32LE(head.points, 16);
  bytes.writeUInt32LE(head.group, 20);
  bytes.writeDoubleLE(head.number, 24);
  bytes.writeDoubleLE(head.place, 32);
  let crc = 0;
  for (const piece of payload) crc = zlib.crc32(piece, crc);
  bytes.writeUInt32LE(crc, 40);
  bytes.writeUInt32LE(zlib.crc32(bytes.subarray(0, 44)), 44);
  return bytes;
}

/** Undefined: no record begins there. */
export function readRecordHead(bytes: Buffer, at: number, sync: Buffer): (RecordHead & { readonly crc: number }) | undefined {
  const head = bytes.subarray(at, at + recordHeadBytes);
  if (head.length < recordHeadBytes || head.compare(sync, 0, syncBytes, 0, syncBytes) !== 0) return undefined;
  if (head.readUInt32LE(44) !== zlib.crc32(head.subarray(0, 44))) return undefined;
  const length = head.readUInt32LE(12);
  if (length > mostPayloadBytes) return undefined;
  return {
    type: head.readUInt32LE(8),
    length,
    points: head.readUInt32LE(16),
    group: head.readUInt32LE(20),
    number: head.readDoubleLE(24),
    place: head.readDoubleLE(32),
    crc: head.readUInt32LE(40),
  };
}

export function numbersPayload(numbers: readonly number[]): Buffer {
  const bytes = Buffer.allocUnsafe(numbers.length * 8);
  numbers.forEach((number, at) => void bytes.writeDoubleLE(number, at * 8));
  return bytes;
}

export function readNumbers(payload: Buffer): number[] {
  return Array.from({ length: Math.floor(payload.length / 8) }, (_, at) => payload.readDoubleLE(at * 8));
}
