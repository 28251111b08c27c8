/**
 * A batch: one `ExportMetricsServiceRequest` as protobuf, read once. Its index has the place of every field, so that consumers read values and nothing
 * twice. Reading takes time in proportion to the bytes and makes no object a point.
 */
import { type BatchLimits, defaultBatchLimits } from './batch-limits.ts';
import { giveIndex, takeIndex } from './read/index-memory.ts';
import { Reading } from './read/reading.ts';
import { regular } from './read/regular.ts';
import { readRequest } from './read/request.ts';

/** A component is handed a batch for as long as its `consume` takes; `copyBatch` makes one that it may keep. */
export interface Batch {
  /**
   * The request in regular form (`batch-index.ts`): as it came, or, where a sender writes protobuf in an unusual but legal way, written anew. No `Buffer`, so
   * that `slice` copies.
   */
  readonly bytes: Uint8Array;
  /** Of `bytes`, for numbers of eight bytes. */
  readonly view: DataView;
  /** Records as in `batch-index.ts`. */
  readonly index: Int32Array;
  /** Of the index in use. */
  readonly length: number;
  /** Points in the index. */
  readonly points: number;
  /** Points that break a rule, and so are not in the index. */
  readonly rejected: number;
  /** The reason of the first rejection, as a clause; undefined when there is none. */
  readonly why: string | undefined;
  /**
   * What the places of points' attributes refer to where it is not `bytes`, in which they stand as they were before a processor changed them. Only
   * components whose factory says `readsApart` are handed such a batch.
   */
  readonly pointAttributes?: PointAttributes;
}

export interface PointAttributes {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** In batches that have the same object here, what stands at one place is the same. */
  readonly lasting: object;
}

/**
 * Reads a request; unknown fields are skipped. The index is the batch's own; `bytes` stay the caller's.
 *
 * Rejects a point, with a reason, that has a string that is too long or not valid UTF-8, too many attributes, no value, a number of bucket counts other than
 * bounds plus one, or bounds that do not ascend. Rejects all points of a metric, scope or resource whose own strings or attributes break these rules.
 *
 * @throws MalformedRequest for bytes that are no protobuf of this type: wrong wire types, ids of other than 16 or 8 bytes, values nested more than 64 deep
 */
export function readBatch(bytes: Uint8Array, limits: BatchLimits = defaultBatchLimits): Batch {
  const pooled = readPooledBatch(bytes, limits);
  const batch = Object.freeze({ ...pooled, index: pooled.index.slice(0, pooled.length) });
  releaseBatch(pooled);
  return batch;
}

/** The same for a receiver, which hands on one batch after the other: the index is the batch's own until `releaseBatch`, and then another one's. */
export function readPooledBatch(bytes: Uint8Array, limits: BatchLimits): Batch {
  const reading = new Reading(bytes, limits, takeIndex());
  try {
    if (readRequest(reading)) return batchOf(reading);
    const again = new Reading(regular(bytes), limits, reading.index);
    if (!readRequest(again)) throw new Error('BUG: a request in regular form is not');
    return batchOf(again);
  } catch (error) {
    giveIndex(reading.index);
    throw error;
  }
}

/** Of a batch that `readPooledBatch` has read and nothing reads any more. Call it once, or never. */
export function releaseBatch({ index }: Batch): void {
  giveIndex(index);
}

function batchOf({ bytes, view, index, length, points, rejected, why }: Reading): Batch {
  return Object.freeze({ bytes, view, index, length, points, rejected, why });
}
