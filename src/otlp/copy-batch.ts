import type { Batch } from './batch.ts';

/** A batch that stays as it is, whatever its owner does with its bytes. */
export function copyBatch({ bytes, index, length, points, rejected, why }: Batch): Batch {
  const own = bytes.slice();
  const view = new DataView(own.buffer, own.byteOffset, own.byteLength);
  return Object.freeze({ bytes: own, view, index: index.slice(0, length), length, points, rejected, why });
}
