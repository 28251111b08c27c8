import { viewOf } from '../wire/same-bytes.ts';
import type { Batch } from './batch.ts';

/** A batch that stays as it is, whatever its owner does with its memory. */
export function copyBatch({ bytes, index, length, points, rejected, why }: Batch): Batch {
  const own = bytes.slice();
  return Object.freeze({ bytes: own, view: viewOf(own), index: index.slice(0, length), length, points, rejected, why });
}

/** Bytes that a batch holds, those of its index included. */
export function batchBytes({ bytes, index }: Batch): number {
  return bytes.length + index.byteLength;
}
