/**
 * The segments of a log: which are there, what of them is live, and their files for reading. The oldest go first: what is done is
 * noted in later ones.
 */
import { unlinkSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import zlib from 'node:zlib';
import { openFit } from '../../../core/directory/foreign-file.ts';
import { DamagedRecord } from './errors.ts';
import { readRecordHead, recordHeadBytes, syncBytes } from './format.ts';
import type { LiveRecord } from './replay.ts';
import { segmentFile } from './segment-files.ts';

export interface Segment {
  readonly number: number;
  readonly file: string;
  /** It is written to, and stays. */
  isOpen: boolean;
  bytes: number;
  /** Live records, and the bytes of their payloads. */
  live: number;
  liveBytes: number;
}

export interface Segments {
  /** Ascending. */
  readonly all: readonly Segment[];
  /** Of all files together. */
  readonly bytes: number;
  add(number: number, bytes: number, isOpen: boolean): Segment;
  get(number: number): Segment;
  counts(record: LiveRecord, sign: 1 | -1): void;
  /** Deletes the oldest ones, as far as nothing in them is live. */
  reclaim(): void;
  /** @throws DamagedRecord */
  read(record: LiveRecord): Promise<Uint8Array>;
  close(): Promise<void>;
}

interface Reader {
  readonly handle: Promise<FileHandle>;
  users: number;
}

/** Files that are kept open for reading, beside those that are being read. */
const mostReaders = 4;

/** @param lost why the directory is not this process's now */
export function createSegments(directory: string, name: string, lost: () => Error | undefined): Segments {
  const all: Segment[] = [];
  const byNumber = new Map<number, Segment>();
  const readers = new Map<number, Reader>();
  /** One after the other: what is done in one segment is noted in a later one, which must not go first. */
  let deleted = Promise.resolve();
  let bytes = 0;
  let closed = false;

  function remove(segment: Segment): void {
    byNumber.delete(segment.number);
    bytes -= segment.bytes;
    // Behind an open that is under way. Gone already, or it goes at the next start.
    const opening = readers.get(segment.number)?.handle.then(ignore, ignore);
    deleted = Promise.all([deleted, opening])
      .then(() => unlinkSync(segment.file))
      .catch(ignore);
    trim();
  }

  function trim(): void {
    for (const [number, reader] of readers) {
      if (reader.users > 0 || (!closed && readers.size <= mostReaders && byNumber.has(number))) continue;
      readers.delete(number);
      void closeReader(reader);
    }
  }

  async function using<T>({ number, file }: Segment, work: (handle: FileHandle) => Promise<T>): Promise<T> {
    const reader = readers.get(number) ?? { handle: openedFrom(file, lost), users: 0 };
    readers.delete(number);
    readers.set(number, reader);
    reader.users++;
    try {
      return await work(await reader.handle);
    } catch (error) {
      // Others may be reading from it.
      if (readers.get(number) === reader) readers.delete(number);
      throw error;
    } finally {
      reader.users--;
      if (reader.users === 0 && readers.get(number) !== reader) void closeReader(reader);
      trim();
    }
  }

  return Object.freeze({
    all,
    get bytes() {
      return bytes;
    },
    add(number: number, length: number, isOpen: boolean) {
      let counted = length;
      const segment: Segment = {
        number,
        file: segmentFile(directory, name, number),
        isOpen,
        get bytes() {
          return counted;
        },
        set bytes(now: number) {
          bytes += now - counted;
          counted = now;
        },
        live: 0,
        liveBytes: 0,
      };
      bytes += length;
      all.push(segment);
      byNumber.set(number, segment);
      return segment;
    },
    get(number: number) {
      return byNumber.get(number) as Segment;
    },
    counts({ segment: number, length }: LiveRecord, sign: 1 | -1) {
      const segment = byNumber.get(number) as Segment;
      segment.live += sign;
      segment.liveBytes += sign * length;
    },
    reclaim() {
      // What is there now may be another's.
      if (all[0]?.live !== 0 || lost() !== undefined) return;
      let count = 0;
      while (all[count]?.live === 0 && all[count]?.isOpen === false) remove(all[count++] as Segment);
      all.splice(0, count);
    },
    read(record: LiveRecord) {
      const segment = byNumber.get(record.segment) as Segment;
      return using(segment, async (handle) => {
        const whole = Buffer.allocUnsafe(recordHeadBytes + record.length);
        const { bytesRead } = await handle.read(whole, 0, whole.length, record.offset - recordHeadBytes);
        if (bytesRead < whole.length || !isWhole(whole, record))
          throw new DamagedRecord(`the record at byte ${record.offset} of ${basename(segment.file)} is not what was written`);
        return new Uint8Array(whole.buffer, whole.byteOffset + recordHeadBytes, record.length);
      });
    },
    async close() {
      closed = true;
      await Promise.all([deleted, ...[...readers.values()].map(closeReader)]);
      readers.clear();
    },
  });
}

function ignore(): void {}

/** A file that is gone does not come back; the directory may. @throws DamagedRecord */
async function openedFrom(file: string, lost: () => Error | undefined): Promise<FileHandle> {
  const why = lost();
  if (why !== undefined) throw why;
  const opened = await openFit(file, { mostBytes: Number.POSITIVE_INFINITY, users: undefined });
  if (opened !== undefined && !('why' in opened)) return opened;
  if (opened?.code !== undefined) throw new Error(`${file}: ${opened.why}`);
  throw lost() ?? new DamagedRecord(`${basename(file)} is ${opened === undefined ? 'gone' : `left out: ${opened.why}`}`);
}

async function closeReader({ handle }: Reader): Promise<void> {
  await handle.then((open) => open.close()).catch(() => {});
}

/** What was read at a record's place, head and payload, is what was written. */
export function isWhole(whole: Buffer, { number }: Pick<LiveRecord, 'number'>): boolean {
  const sync = whole.subarray(0, syncBytes);
  const head = readRecordHead(whole, 0, sync);
  if (head?.number !== number) return false;
  return zlib.crc32(whole.subarray(recordHeadBytes)) === head.crc;
}
