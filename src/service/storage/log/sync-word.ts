/**
 * The sync word of a segment whose head is damaged. It is that of the records, which are found by their checksums alone. Payloads
 * may imitate records, under a word of their own: what lies within a whole record is its payload.
 */
import { type CrcRanges, crcRanges } from './crc-ranges.ts';
import { headBytes, type RecordHead, readRecordHead, recordHeadBytes, recordType, syncBytes } from './format.ts';

export interface FoundWord {
  readonly sync: Buffer;
  /** Where its first whole record begins. */
  readonly from: number;
}

type Head = RecordHead & { readonly crc: number };

/** What is done in one step: places that are looked at, of which one that may be a record counts for many. */
const aStep = 65_536;
const aRecord = 256;
/** Sparse files are nothing else: such stretches are gone over at once. */
const zeros = Buffer.alloc(4_096);
const mostType = Math.max(...Object.values(recordType));

/**
 * In short steps, and in time that is linear in the bytes. Undefined: no record is whole, or several words could be it: of those
 * whose records go on to the end of the segment, none is alone, nor alone in that all of them are whole.
 */
export function* findingSyncWord(bytes: Buffer): Generator<void, FoundWord | undefined> {
  const crc = crcRanges(bytes);
  const words = yield* firstRecords(bytes, crc);
  if (words.length < 2) return words[0];
  let best: FoundWord | undefined;
  let most = 0;
  for (const word of words) {
    const reach = yield* reachOf(bytes, word, crc);
    if (reach === most) best = undefined;
    else if (reach > most) [best, most] = [word, reach];
  }
  return best;
}

/** Of each word the first whole record that lies within no other one. */
function* firstRecords(bytes: Buffer, crc: CrcRanges): Generator<void, readonly FoundWord[]> {
  const found = new Map<bigint, FoundWord>();
  let at = headBytes;
  let left = aStep;
  let looked = at;
  while (at + recordHeadBytes <= bytes.length) {
    left--;
    let next = at + 1;
    if (at >= looked) {
      looked = at + zeros.length;
      // The type of a record that begins at the end of them may be behind them.
      if (looked <= bytes.length && zeros.compare(bytes, at, looked) === 0) [next, left] = [looked - syncBytes, left - aRecord];
    }
    if (next === at + 1 && mayBegin(bytes, at)) {
      left -= aRecord;
      const sync = bytes.subarray(at, at + syncBytes);
      const head = readRecordHead(bytes, at, sync);
      if (head !== undefined && isWhole(bytes, at, head, crc)) {
        const word = sync.readBigUInt64LE();
        if (!found.has(word)) found.set(word, { sync: Buffer.from(sync), from: at });
        next = endOf(at, head);
      }
    }
    at = next;
    if (left > 0) continue;
    yield;
    left = aStep;
  }
  return [...found.values()];
}

/** 0: its records do not go on to the end of the segment. 1: one that is damaged or cut off is among them. 2: all are whole. */
function* reachOf(bytes: Buffer, { sync, from }: FoundWord, crc: CrcRanges): Generator<void, 0 | 1 | 2> {
  let at = from;
  let isAllWhole = true;
  let left = aStep;
  for (let head = readRecordHead(bytes, at, sync); head !== undefined; head = readRecordHead(bytes, at, sync)) {
    isAllWhole &&= isWhole(bytes, at, head, crc);
    at = endOf(at, head);
    left -= aRecord;
    if (left > 0) continue;
    yield;
    left = aStep;
  }
  if (at === bytes.length && isAllWhole) return 2;
  return at + recordHeadBytes > bytes.length ? 1 : 0;
}

/** Most places are no records, and need no checksum to tell. */
function mayBegin(bytes: Buffer, at: number): boolean {
  const type = bytes[at + syncBytes] as number;
  return type > 0 && type <= mostType && bytes[at + 9] === 0 && bytes[at + 10] === 0 && bytes[at + 11] === 0;
}

function endOf(at: number, { length }: Head): number {
  return at + recordHeadBytes + length;
}

function isWhole(bytes: Buffer, at: number, head: Head, crc: CrcRanges): boolean {
  const end = endOf(at, head);
  return end <= bytes.length && crc(at + recordHeadBytes, end) === head.crc;
}
