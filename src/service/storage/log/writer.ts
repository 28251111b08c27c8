/**
 * Writes records to the newest segment. What is handed over while a write is under way goes with the next one, so that a sync is
 * shared by all that wait for it. A write that fails leaves nothing behind.
 */
import { randomBytes } from 'node:crypto';
import { unlinkSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { syncDirectory } from '../synced-directory.ts';
import { createFileWriting } from './file-writing.ts';
import { headBytes, mostSegmentBytes, type RecordHead, recordHead, recordHeadBytes, segmentHead, syncBytes } from './format.ts';
import { segmentFile } from './segment-files.ts';
import type { Segment, Segments } from './segments.ts';

export interface ToWrite {
  readonly head: RecordHead;
  /** In pieces. Is not to change until it is written. */
  readonly payload: readonly Uint8Array[];
  /** Called once it is written. */
  readonly written?: (segment: number, offset: number) => void;
}

export interface WriterOptions {
  readonly directory: string;
  readonly name: string;
  readonly segmentBytes: number;
  readonly fsync: boolean;
  /** The number of the first segment. */
  readonly first: number;
  /** Why the directory is not this process's now: what is written meanwhile does not count. */
  readonly lost: () => Error | undefined;
  /** How often that was so. The directory that came back may be a copy, which has other files. */
  readonly losses: () => number;
}

export interface Writer {
  /** Undefined: the next record begins one. */
  readonly current: Segment | undefined;
  /** Of what waits to be written. */
  readonly pending: number;
  /**
   * Writes it at once, where it need not wait: not for others, for the disk, or for a sync. False: it is not written.
   * @param unsynced a power cut may undo it: it is written while others are synced, too. Where their sync fails, it is undone
   * with them
   */
  writeNow(record: ToWrite, unsynced?: boolean): boolean;
  /**
   * Resolves once all are written, and synced; they are in one segment, and either all are written or none is. Rejects with the
   * system's error, and where they are more than a segment may have.
   * @param synced also where what is written is not
   */
  write(records: readonly ToWrite[], synced?: boolean): Promise<void>;
  /** The next record begins a segment. */
  roll(): void;
  /** Whether what is written from now on is synced. */
  sync(fsync: boolean): void;
  close(): Promise<void>;
}

interface Group {
  readonly records: readonly ToWrite[];
  readonly bytes: number;
  readonly synced: boolean;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

interface Open {
  readonly segment: Segment;
  readonly handle: FileHandle;
  readonly sync: Buffer;
  /** Of the directory, when it was made. */
  readonly losses: number;
  /** Whether the file is there after a power cut. */
  isKnown: boolean;
}

/** Bytes of one write. */
const mostAtOnce = 8 * 1024 * 1024;

function bytesToWrite(records: readonly ToWrite[]): number {
  return records.reduce((sum, { head }) => sum + recordHeadBytes + head.length, 0);
}

/** As many together as fit into a segment of so many bytes, and at least one. */
export function inParts(records: readonly ToWrite[], segmentBytes: number): ToWrite[][] {
  const parts: ToWrite[][] = [];
  let left = 0;
  for (const record of records) {
    const bytes = bytesToWrite([record]);
    if (left < bytes) {
      parts.push([]);
      left = segmentBytes - headBytes;
    }
    parts.at(-1)?.push(record);
    left -= bytes;
  }
  return parts;
}

const isOfOneSegment = (bytes: number) => headBytes + bytes <= mostSegmentBytes;

export function createWriter(
  segments: Segments,
  { directory, name, segmentBytes, first, lost, losses, ...options }: WriterOptions,
): Writer {
  let { fsync } = options;
  const files = createFileWriting();
  let waiting: Group[] = [];
  let pending = 0;
  let next = first;
  let isOpen: Open | undefined;
  let running: Promise<void> | undefined;
  let rolls = false;
  /** Bytes of the newest segment that are written and not placed yet: they are being synced. */
  let syncing = 0;

  /** Behind a write, too: a process that was stopped meanwhile may hold the directory no more. */
  function throwIfLost(): void {
    const why = lost();
    if (why !== undefined) throw why;
  }

  async function openSegment(): Promise<Open> {
    const number = next++;
    const sync = randomBytes(syncBytes);
    const file = segmentFile(directory, name, number);
    const handle = await open(file, 'wx', 0o600);
    try {
      await files.write(handle, [segmentHead(sync)], 0);
    } catch (error) {
      await handle.close().catch(() => {});
      try {
        unlinkSync(file);
        next = number;
      } catch {
        // It stays, without a record.
      }
      throw error;
    }
    const segment = segments.add(number, headBytes, true);
    return { segment, handle, sync, losses: losses(), isKnown: false };
  }

  async function closeCurrent(): Promise<void> {
    const before = isOpen;
    isOpen = undefined;
    await before?.handle.close().catch(() => {});
    if (before !== undefined) before.segment.isOpen = false;
    segments.reclaim();
  }

  function hasRoom({ segment, losses: before }: Open, bytes: number): boolean {
    return before === losses() && (segment.bytes === headBytes || segment.bytes + bytes <= segmentBytes);
  }

  async function openFor(bytes: number): Promise<Open> {
    if (rolls || (isOpen !== undefined && !hasRoom(isOpen, bytes))) await closeCurrent();
    rolls = false;
    isOpen ??= await openSegment();
    return isOpen;
  }

  /** As many as go into one write, and into one segment. */
  function take(): readonly Group[] {
    const room = Math.min(mostAtOnce, segmentBytes - (isOpen?.segment.bytes ?? headBytes));
    let bytes = waiting[0]?.bytes ?? 0;
    let count = 1;
    while (count < waiting.length && bytes + (waiting[count] as Group).bytes <= room) bytes += (waiting[count++] as Group).bytes;
    const groups = waiting.slice(0, count);
    waiting = waiting.slice(count);
    return groups;
  }

  async function writeGroups(groups: readonly Group[]): Promise<void> {
    const bytes = groups.reduce((sum, group) => sum + group.bytes, 0);
    throwIfLost();
    const file = await openFor(bytes);
    const { segment, handle, sync } = file;
    const records = groups.flatMap((group) => group.records);
    const from = segment.bytes;
    try {
      await files.write(handle, buffersOf(sync, records), from);
      if (fsync || groups.some(({ synced }) => synced)) {
        syncing = bytes;
        await syncFile(file);
      }
      throwIfLost();
    } catch (error) {
      syncing = 0;
      await handle.truncate(from).catch(() => {});
      // What a failed sync has left on the disk is not known.
      rolls = true;
      throw error;
    }
    const more = syncing - bytes;
    place(segment, records);
    if (syncing > 0) segment.bytes += more;
    syncing = 0;
  }

  /** They are written there, one behind the other. */
  function place(segment: Segment, records: readonly ToWrite[]): void {
    let at = segment.bytes;
    segment.bytes += bytesToWrite(records);
    for (const { head, written } of records) {
      written?.(segment.number, at + recordHeadBytes);
      at += recordHeadBytes + head.length;
    }
  }

  async function syncFile(file: Open): Promise<void> {
    await file.handle.datasync();
    if (!file.isKnown) await syncDirectory(directory);
    file.isKnown = true;
  }

  async function run(): Promise<void> {
    while (waiting.length > 0) {
      const groups = take();
      try {
        await writeGroups(groups);
        for (const { resolve } of groups) resolve();
      } catch (error) {
        for (const { reject } of groups) reject(error);
      }
      for (const { bytes } of groups) pending -= bytes;
    }
    running = undefined;
  }

  return Object.freeze({
    get current() {
      return isOpen?.segment;
    },
    get pending() {
      return pending;
    },
    writeNow(record: ToWrite, unsynced = false) {
      if ((running !== undefined && !(unsynced && syncing > 0)) || rolls || (fsync && !unsynced) || isOpen === undefined)
        return false;
      const { segment, handle, sync } = isOpen;
      const records = [record];
      const bytes = bytesToWrite(records);
      if (!isOfOneSegment(bytes) || !hasRoom(isOpen, syncing + bytes)) return false;
      try {
        if (lost() !== undefined || !files.writeNow(handle, buffersOf(sync, records), segment.bytes + syncing)) return false;
      } catch {
        // `write` meets the error, too, and leaves nothing of the record behind.
        return false;
      }
      if (lost() !== undefined) {
        rolls = true;
        return false;
      }
      if (syncing > 0) syncing += bytes;
      else place(segment, records);
      return true;
    },
    write(records: readonly ToWrite[], synced = false) {
      const bytes = bytesToWrite(records);
      if (!isOfOneSegment(bytes))
        return Promise.reject(
          new RangeError(`a segment has at most ${mostSegmentBytes} bytes, and this would have ${headBytes + bytes}`),
        );
      pending += bytes;
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      waiting.push({ records, bytes, synced, resolve, reject });
      running ??= run();
      return promise;
    },
    roll() {
      rolls = true;
    },
    sync(now: boolean) {
      fsync = now;
    },
    async close() {
      while (running !== undefined) await running;
      await closeCurrent();
    },
  });
}

function buffersOf(sync: Uint8Array, records: readonly ToWrite[]): readonly Uint8Array[] {
  return records.flatMap(({ head, payload }) => [recordHead(sync, head, payload), ...payload]);
}
