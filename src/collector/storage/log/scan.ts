/** The records of a segment's bytes. What is damaged or cut off is skipped: the next record is found by the segment's sync word. */
import zlib from 'node:zlib';
import { headBytes, type RecordHead, readRecordHead, recordHeadBytes } from './format.ts';

export interface ScannedRecord extends RecordHead {
  /** Of its payload, in the file. */
  readonly offset: number;
  readonly payload: Buffer;
}

export interface Damage {
  readonly offset: number;
  readonly bytes: number;
}

/** @param take called for each whole record, in their order; @param damaged for each stretch that is no record */
export function scanSegment(bytes: Buffer, sync: Buffer, take: (record: ScannedRecord) => void, damaged: (damage: Damage) => void): void {
  let at = headBytes;
  while (at < bytes.length) {
    const head = readRecordHead(bytes, at, sync);
    const offset = at + recordHeadBytes;
    const payload = head && offset + head.length <= bytes.length ? bytes.subarray(offset, offset + head.length) : undefined;
    if (head !== undefined && payload !== undefined && zlib.crc32(payload) === head.crc) {
      const { crc: _, ...rest } = head;
      take({ ...rest, offset, payload });
      at = offset + head.length;
      continue;
    }
    // The length of a head that is whole is right, also where its payload is not.
    const from = head === undefined ? at + 1 : Math.min(offset + head.length, bytes.length);
    const next = payload === undefined ? bytes.indexOf(sync, head === undefined ? from : offset) : from;
    const end = next === -1 ? bytes.length : next;
    damaged({ offset: at, bytes: end - at });
    at = end;
  }
}
