/** Requests that are too large, in two. */
import { readBatch } from '../../formats/otlp/batch/batch.ts';
import { noLimits } from '../../formats/otlp/batch/batch-limits.ts';
import { inPieces } from '../../formats/otlp/batch/rewrite/build-again.ts';
import { type Loaded, originOf, ownBytes, type Sizer, sizeOf } from './entry.ts';

/**
 * An entry of more than `most` in two parts, of which the first is divided further when it is its turn: so what is sent in many
 * requests is copied few times, and what their heads have in common is in memory few times. A part has at least one point. The
 * request's sender gets its verdict with the last part.
 */
export function splitEntry(entry: Loaded, most: number, sizer: Sizer): readonly Loaded[] {
  const whole = readBatch(entry.bytes, noLimits);
  const half = Math.ceil(whole.points / 2);
  // In points, all pieces but the last are full.
  const first = sizer === 'items' ? Math.ceil(half / most) * most : half;
  if (first === 0 || first >= whole.points) return [entry];
  const parts: Loaded[] = [];
  for (const piece of inPieces(whole, first)) parts.push({ ...ownBytes(piece), points: piece.points, ...originOf(entry) });
  const last = parts.pop() as Loaded;
  return [...parts, { ...last, ...(entry.done && { done: entry.done }) }];
}

/** All parts of an entry at once. */
export function splitWhole(entry: Loaded, most: number, sizer: Sizer): readonly Loaded[] {
  if (sizeOf(sizer, entry) <= most) return [entry];
  const parts = splitEntry(entry, most, sizer);
  return parts.length === 1 ? parts : parts.flatMap((part) => splitWhole(part, most, sizer));
}
