/** The records of a segment. What is damaged or cut off is skipped: the next record is found by the segment's sync word. */
import zlib from 'node:zlib';
import { inSlices } from '../../in-slices.ts';
import { headBytes, type RecordHead, readRecordHead, readSegmentHead, recordHeadBytes, recordType, syncBytes } from './format.ts';
import type { SegmentBytes } from './segment-bytes.ts';
import { findingSyncWord } from './sync-word.ts';

export interface ScannedRecord extends RecordHead {
  /** Of its payload, in the file. */
  readonly offset: number;
  /** Of data records empty. */
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

/**
 * Of a file without a readable head so many bytes are searched for its sync word. A segment has more only where one record has.
 */
const mostSearched = 32 * 1024 * 1024;
const empty = Buffer.alloc(0);

/** A segment without a readable head begins with the first record that its checksums tell. Undefined: there is none. */
export async function beginOf(file: SegmentBytes): Promise<Begin | { readonly version: number } | undefined> {
  await file.load(0);
  const head = readSegmentHead(file.upTo(0, headBytes));
  if (head !== 'damaged') return 'version' in head ? head : { ...head, from: headBytes, skipped: 0, isSure: true };
  const found = await inSlices(findingSyncWord(await file.first(mostSearched)));
  return found && { ...found, skipped: found.from, isSure: found.from === headBytes };
}

/** @param take called for each whole record, in their order; @param damaged for each stretch that is no record */
export async function scanSegment(
  file: SegmentBytes,
  begin: Begin,
  take: (record: ScannedRecord) => void,
  damaged: (damage: Damage) => void,
): Promise<void> {
  for (const from of scanning(file, begin, take, damaged)) await file.load(from);
}

/** Each step says where the window is to begin. */
type Steps<T> = Generator<number, T>;

function* scanning(
  file: SegmentBytes,
  { sync, from, skipped }: Begin,
  take: (record: ScannedRecord) => void,
  damaged: (damage: Damage) => void,
): Steps<void> {
  if (skipped > 0) damaged({ offset: 0, bytes: skipped, isCutOff: false });
  let at = from;
  while (at < file.size) {
    if (!file.has(at, recordHeadBytes)) yield at;
    const head = readRecordHead(file.upTo(at), 0, sync);
    const offset = at + recordHeadBytes;
    const isThere = head !== undefined && offset + head.length <= file.size;
    if (isThere && (yield* crcOf(file, offset, offset + head.length)) === head.crc) {
      const { crc: _, ...rest } = head;
      take({ ...rest, offset, payload: head.type === recordType.data ? empty : yield* payloadOf(file, offset, head.length) });
      at = offset + head.length;
      continue;
    }
    // The length of a head that is whole is right, also where its payload is not.
    const next = isThere ? offset + head.length : yield* nextWord(file, sync, head === undefined ? at + 1 : offset);
    const end = Math.min(next ?? file.size, file.size);
    const isCutOff = next === undefined && (head !== undefined || file.size - at < recordHeadBytes);
    damaged({ offset: at, bytes: end - at, isCutOff });
    at = end;
  }
}

function* crcOf(file: SegmentBytes, from: number, to: number): Steps<number> {
  let crc = 0;
  for (let at = from; at < Math.min(to, file.size); ) {
    if (!file.has(at, 1)) yield at;
    const piece = file.upTo(at, to);
    crc = zlib.crc32(piece, crc);
    at += piece.length;
  }
  return crc;
}

function* payloadOf(file: SegmentBytes, from: number, length: number): Steps<Buffer> {
  if (file.has(from, length)) return file.upTo(from, from + length);
  const pieces: Buffer[] = [];
  for (let at = from; at < Math.min(from + length, file.size); ) {
    if (!file.has(at, 1)) yield at;
    const piece = Buffer.from(file.upTo(at, from + length));
    pieces.push(piece);
    at += piece.length;
  }
  return Buffer.concat(pieces);
}

/** Where the word stands next. Undefined: nowhere. */
function* nextWord(file: SegmentBytes, sync: Buffer, from: number): Steps<number | undefined> {
  for (let at = from; at + syncBytes <= file.size; ) {
    if (!file.has(at, syncBytes)) yield at;
    const bytes = file.upTo(at);
    const found = bytes.indexOf(sync);
    if (found !== -1) return at + found;
    at += Math.max(1, bytes.length - syncBytes + 1);
  }
  return undefined;
}
