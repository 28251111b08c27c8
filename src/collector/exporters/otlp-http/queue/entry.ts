import type { Batch } from '../../../../otlp/batch.ts';
import { giveBuffer, takeBuffer } from '../../../buffers.ts';
import type { Verdict } from '../../../component.ts';

/** What waits: a request's bytes, which belong to the queue. */
export interface Entry {
  readonly bytes: Uint8Array;
  readonly points: number;
  /** `performance.now()` when it came. */
  readonly since: number;
  /** Nothing in it is superseded by anything else in it. */
  readonly compact?: boolean;
  /** What `bytes` are a part of, where it can be used again. */
  readonly memory?: Buffer;
  /** A sender waits for what becomes of it. */
  readonly done?: (verdict: Verdict) => void;
}

export type Sizer = 'requests' | 'items' | 'bytes';

export function sizeOf(sizer: Sizer, { bytes, points }: Pick<Entry, 'bytes' | 'points'>): number {
  if (sizer === 'requests') return 1;
  return sizer === 'items' ? points : bytes.length;
}

/** A copy that holds on to nothing but itself. `bytes` may be a part of a larger buffer of the receiver's. */
export function ownBytes({ bytes }: Batch): Pick<Entry, 'bytes' | 'memory'> {
  const memory = takeBuffer(bytes.length);
  memory.set(bytes);
  return { bytes: memory.subarray(0, bytes.length), memory };
}

/** An entry that was sent, and that nothing reads any more. */
export function letGo({ memory }: Entry): void {
  if (memory !== undefined) giveBuffer(memory);
}

/** Two requests one after the other are one request: `resource_metrics` is a repeated field. */
export function joined(entries: readonly Entry[]): Uint8Array {
  const [first, ...others] = entries;
  if (first !== undefined && others.length === 0) return first.bytes;
  return Buffer.concat(entries.map(({ bytes }) => bytes));
}
