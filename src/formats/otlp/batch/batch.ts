/**
 * A batch: one `ExportMetricsServiceRequest` as protobuf, read once. Its index has the offset of every field, so that consumers
 * read values and nothing twice. Reading takes time in proportion to the bytes and makes no object a point.
 */
import { type BatchLimits, defaultBatchLimits } from './batch-limits.ts';
import { giveIndex, takeIndex } from './read/index-memory.ts';
import { Levels } from './read/level.ts';
import { Reading } from './read/reading.ts';
import { createWriting, type Writing } from './read/regular.ts';
import { readRequest } from './read/request.ts';

/** A component is handed a batch for as long as its `consume` takes; `copyBatch` makes one that it may keep. */
export interface Batch {
  /**
   * The request in regular form (`batch-index.ts`): as it came, or, where a sender writes protobuf in an unusual but legal way,
   * rewritten. No `Buffer`, so that
   * `slice` copies.
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
}

/**
 * Reads a request; unknown fields are skipped. The index is the batch's own; `bytes` stay the caller's.
 *
 * Rejects a point, with a reason, for a string that is too long or not valid UTF-8, for too many attributes, or for no value. So
 * it does where there are not as many bucket counts as bounds plus one, or bounds do not ascend. Rejects all points of a metric,
 * scope or resource whose own strings or attributes break these rules.
 *
 * @throws MalformedRequest for bytes that are no protobuf of this type: wrong wire types, ids of other than 16 or 8 bytes, values
 * nested more than 64 deep
 */
export function readBatch(bytes: Uint8Array, limits: BatchLimits = defaultBatchLimits): Batch {
  const pooled = readPooledBatch(bytes, limits);
  const batch = Object.freeze({ ...pooled, index: pooled.index.slice(0, pooled.length) });
  releaseBatch(pooled);
  return batch;
}

/**
 * The same for a receiver, which hands on one batch after the other: the index is the batch's own until `releaseBatch`, and then
 * another one's.
 */
export function readPooledBatch(bytes: Uint8Array, limits: BatchLimits): Batch {
  return createBatchReader(bytes, limits).read(Number.POSITIVE_INFINITY) as Batch;
}

/** Reads a request in slices; `readPooledBatch` in one. */
export interface BatchReader {
  /**
   * Reads on for about so many bytes. Undefined: there is more. Not to be called again once it has returned a batch, or thrown.
   *
   * @throws MalformedRequest as `readBatch`
   */
  read(bytes: number): Batch | undefined;
  /** Gives up what is not read to its end. */
  end(): void;
  /** Bytes that it has beside the request, its index and the request in regular form. */
  readonly held: number;
}

/**
 * The index is not shared with any other reader, nor the batch's with any other batch. `bytes` may not change until the batch is
 * read no more.
 */
export function createBatchReader(bytes: Uint8Array, limits: BatchLimits): BatchReader {
  return new Reader(bytes, limits);
}

/** A field written in regular form takes as long as so many bytes that are read. */
const bytesAField = 16;

class Reader implements BatchReader {
  private levels: Levels;
  private readonly limits: BatchLimits;
  private writing: Writing | undefined = undefined;
  private until = 0;
  private isOver = false;

  constructor(bytes: Uint8Array, limits: BatchLimits) {
    this.limits = limits;
    this.levels = new Levels(new Reading(bytes, limits, takeIndex()));
  }

  get held(): number {
    return this.isOver ? 0 : this.levels.reading.held + (this.writing?.size ?? 0);
  }

  read(bytes: number): Batch | undefined {
    try {
      return this.readOn(bytes);
    } catch (error) {
      this.end();
      throw error;
    }
  }

  end(): void {
    if (!this.isOver) giveIndex(this.levels.reading.index);
    this.isOver = true;
  }

  private readOn(bytes: number): Batch | undefined {
    if (this.writing === undefined || this.writing.isDone) {
      if (bytes < Number.POSITIVE_INFINITY && !this.levels.reading.roomForSlice()) return undefined;
      this.until += bytes;
      const progress = readRequest(this.levels, this.until);
      if (progress === 'paused') return undefined;
      if (progress === 'done') {
        this.isOver = true;
        return batchOf(this.levels.reading);
      }
      if (this.writing !== undefined) throw new Error('BUG: a request in regular form is not');
      this.writing = createWriting(this.levels.reading.bytes);
      if (bytes < Number.POSITIVE_INFINITY) return undefined;
    }
    if (!this.writing.write(bytes / bytesAField)) return undefined;
    this.levels = new Levels(new Reading(this.writing.take(), this.limits, this.levels.reading.index));
    this.until = 0;
    return bytes < Number.POSITIVE_INFINITY ? undefined : this.readOn(bytes);
  }
}

/** Of a batch that `readPooledBatch` has read and nothing reads any more. Call it once, or never. */
export function releaseBatch({ index }: Batch): void {
  giveIndex(index);
}

function batchOf({ bytes, view, index, length, points, rejected, why }: Reading): Batch {
  return Object.freeze({ bytes, view, index, length, points, rejected, why });
}
