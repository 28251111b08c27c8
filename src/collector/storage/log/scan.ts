/** The records of a segment's bytes. What is damaged or cut off is skipped: the next record is found by the segment's sync word. */
import zlib from 'node:zlib';
import { inSlices } from '../../in-slices.ts';
import { headBytes, type RecordHead, readRecordHead, readSegmentHead, recordHeadBytes } from './format.ts';
import { findingSyncWord } from './sync-word.ts';

export interface ScannedRecord extends RecordHead {
  /** Of its payload, in the file. */
  readonly offset: number;
  readonly payload: Buffer;
}

export interface Damage {
  readonly offset: number;
  readonly bytes: number;
  /** The file ends within a record: it was cut off by a crash, or is being written, and no sender knows it to be accepted. */
  readonly isCutOff: boolean;
}

export interface Begin {
  readonly sync: Buffer;
  /** Where the first record is. */
  readonly from: number;
  /** Bytes ahead of it that are neither a head nor records. */
  readonly skipped: number;
  /** Else all that is left may be within one payload, and only imitate records. */
  readonly isSure: boolean;
}

/** A segment without a readable head begins with the first record that its checksums tell. Undefined: there is none. */
export async function beginOf(bytes: Buffer): Promise<Begin | { readonly version: number } | undefined> {
  const head = readSegmentHead(bytes);
  if (head !== 'damaged') return 'version' in head ? head : { ...head, from: headBytes, skipped: 0, isSure: true };
  const found = await inSlices(findingSyncWord(bytes));
  return found && { ...found, skipped: found.from, isSure: found.from === headBytes };
}

/** @param take called for each whole record, in their order; @param damaged for each stretch that is no record */
export function scanSegment(
  bytes: Buffer,
  { sync, from, skipped }: Begin,
  take: (record: ScannedRecord) => void,
  damaged: (damage: Damage) => void,
): void {
  if (skipped > 0) damaged({ offset: 0, bytes: skipped, isCutOff: false });
  let at = from;
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
    const after = head === undefined ? at + 1 : Math.min(offset + head.length, bytes.length);
    const next = payload === undefined ? bytes.indexOf(sync, head === undefined ? after : offset) : after;
    const end = next === -1 ? bytes.length : next;
    const isCutOff = next === -1 && (head !== undefined || bytes.length - at < recordHeadBytes);
    damaged({ offset: at, bytes: end - at, isCutOff });
    at = end;
  }
}
