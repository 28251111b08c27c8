import type { Batch } from '../../otlp/batch/batch.ts';
import { giveBuffer, takeBuffer } from '../buffers.ts';
import type { Verdict } from '../component.ts';

export interface Memory {
  readonly bytes: Uint8Array;
  /** What `bytes` are a part of, where it can be used again. */
  readonly memory?: Buffer;
}

/** What waits: a request's bytes, which belong to the queue. */
export interface Entry extends Memory {
  readonly points: number;
  /** `performance.now()` when it came. */
  readonly since: number;
  /** Nothing in it is superseded by anything else in it. */
  readonly compact?: boolean;
  /** It was sent at least once, and may have arrived: a receiver that has its deltas knows them by their times, which therefore stay. */
  readonly tried?: boolean;
  /** A sender waits for what becomes of it. */
  readonly done?: (verdict: Verdict) => void;
}

export type Sizer = 'requests' | 'items' | 'bytes';

export function sizeOf(sizer: Sizer, { bytes, points }: Pick<Entry, 'bytes' | 'points'>): number {
  if (sizer === 'requests') return 1;
  return sizer === 'items' ? points : bytes.length;
}

export function sizeIn(sizer: Sizer, entries: readonly Entry[]): number {
  return entries.reduce((sum, entry) => sum + sizeOf(sizer, entry), 0);
}

/** What an entry takes. */
export function bytesOf({ bytes, memory }: Memory): number {
  return (memory ?? bytes).length;
}

export function bytesIn(entries: readonly Memory[]): number {
  return entries.reduce((sum, entry) => sum + bytesOf(entry), 0);
}

/** A copy that holds on to nothing but itself. `bytes` may be a part of a larger buffer of the receiver's. */
export function ownBytes({ bytes }: Batch): Memory {
  const memory = takeBuffer(bytes.length);
  memory.set(bytes);
  return { bytes: memory.subarray(0, bytes.length), memory };
}

/** What was sent, and what nothing reads any more. */
export function letGo({ memory }: Memory): void {
  if (memory !== undefined) giveBuffer(memory);
}

/** Two requests one after the other are one request: `resource_metrics` is a repeated field. */
export function joined(entries: readonly Entry[]): Memory {
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
