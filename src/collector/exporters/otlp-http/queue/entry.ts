import type { Batch } from '../../../../otlp/batch.ts';
import type { Verdict } from '../../../component.ts';

/** What waits: a request's bytes, which belong to the queue. */
export interface Entry {
  readonly bytes: Uint8Array;
  readonly points: number;
  /** `performance.now()` when it came. */
  readonly since: number;
  /** Nothing in it is superseded by anything else in it. */
  readonly compact?: boolean;
  /** A sender waits for what becomes of it. */
  readonly done?: (verdict: Verdict) => void;
}

export type Sizer = 'requests' | 'items' | 'bytes';

export function sizeOf(sizer: Sizer, { bytes, points }: Pick<Entry, 'bytes' | 'points'>): number {
  if (sizer === 'requests') return 1;
  return sizer === 'items' ? points : bytes.length;
}

/** A copy that holds on to nothing but itself. `bytes` may be a part of a larger buffer of the receiver's. */
export function ownBytes({ bytes }: Batch): Uint8Array {
  const own = Buffer.allocUnsafeSlow(bytes.length);
  own.set(bytes);
  return own;
}

/** Two requests one after the other are one request: `resource_metrics` is a repeated field. */
export function joined(entries: readonly Entry[]): Uint8Array {
  const [first, ...others] = entries;
  if (first !== undefined && others.length === 0) return first.bytes;
  return Buffer.concat(entries.map(({ bytes }) => bytes));
}
