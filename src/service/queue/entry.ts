import type { Batch } from '../../formats/otlp/batch/batch.ts';
import { giveBuffer, takeBuffer } from '../buffers.ts';
import type { Verdict } from '../component.ts';
import type { RecordLog, StoredRecord } from '../storage/log/record-log.ts';

export interface Memory {
  readonly bytes: Uint8Array;
  /** What `bytes` are a part of, where it can be used again. */
  readonly memory?: Buffer;
}

/** What is on disk, and is read when it is sent. */
export interface Stored {
  readonly log: RecordLog;
  readonly record: StoredRecord;
}

/** What waits: a request, whose bytes belong to the queue. They are in memory, or on disk. */
export interface Entry extends Partial<Memory> {
  readonly stored?: Stored;
  readonly points: number;
  /** `performance.now()` when it came. */
  readonly since: number;
  /** It was on disk at the start: when it came is not known, but that it was before all that is not. */
  readonly restored?: boolean;
  /** Nothing in it is superseded by anything else in it. */
  readonly compact?: boolean;
  /**
   * It was sent at least once, and may have arrived: a receiver that has its deltas knows them by their times, which therefore
   * stay.
   */
  readonly tried?: boolean;
  /** A sender waits for what becomes of it. */
  readonly done?: (verdict: Verdict) => void;
}

export type Loaded = Entry & Memory;

/** What parts of an entry have in common with it. */
export function originOf({ since, restored, tried }: Omit<Entry, 'points'>): Pick<Entry, 'since' | 'restored' | 'tried'> {
  return { since, ...(restored && { restored }), ...(tried && { tried }) };
}

/** `performance.now()` when the oldest one came. Undefined: there is none, or it is not known. */
export function oldestSince(entries: readonly Entry[]): number | undefined {
  if (entries.length === 0 || entries.some(({ restored }) => restored)) return undefined;
  return entries.reduce((oldest, { since }) => Math.min(oldest, since), Number.POSITIVE_INFINITY);
}

export type Sizer = 'requests' | 'items' | 'bytes';

export function sizeOf(sizer: Sizer, entry: Pick<Entry, 'bytes' | 'points' | 'stored'>): number {
  if (sizer === 'requests') return 1;
  return sizer === 'items' ? entry.points : lengthOf(entry);
}

/** Of its request, in bytes. */
export function lengthOf({ bytes, stored }: Pick<Entry, 'bytes' | 'stored'>): number {
  return bytes?.length ?? stored?.record.length ?? 0;
}

export function sizeIn(sizer: Sizer, entries: readonly Entry[]): number {
  return entries.reduce((sum, entry) => sum + sizeOf(sizer, entry), 0);
}

/** What an entry takes in memory. */
export function bytesOf({ bytes, memory }: Partial<Memory>): number {
  return (memory ?? bytes)?.length ?? 0;
}

export function bytesIn(entries: readonly Partial<Memory>[]): number {
  return entries.reduce((sum, entry) => sum + bytesOf(entry), 0);
}

/** A copy that holds on to nothing but itself. `bytes` may be a part of a larger buffer of the receiver's. */
export function ownBytes({ bytes }: Batch): Memory {
  const memory = takeBuffer(bytes.length);
  memory.set(bytes);
  return { bytes: memory.subarray(0, bytes.length), memory };
}

/** What was sent, and what nothing reads any more. */
export function letGo({ memory }: Partial<Memory>): void {
  if (memory !== undefined) giveBuffer(memory);
}

/** Two requests one after the other are one request: `resource_metrics` is a repeated field. */
export function joined(entries: readonly Memory[]): Memory {
  const [first, ...others] = entries;
  if (first !== undefined && others.length === 0) return { bytes: first.bytes };
  const length = entries.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const memory = takeBuffer(length);
  let at = 0;
  for (const { bytes } of entries) {
    memory.set(bytes, at);
    at += bytes.length;
  }
  return { bytes: memory.subarray(0, length), memory };
}
