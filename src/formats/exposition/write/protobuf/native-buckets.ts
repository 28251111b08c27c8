/**
 * The buckets of one sign of an exponential histogram as Prometheus has them: spans of neighbours, and how much each bucket
 * differs from the one ahead of it (client_model's metrics.proto, `BucketSpan` and `positive_delta`).
 */
import type { ByteBuffer } from '../bytes/byte-buffer.ts';
import { spanTag } from './fields.ts';
import { mostVarint, Nested, putSigned, putVarint, putVarintField } from './wire.ts';

/** So many empty buckets between two are written, because they take less than another span (client_golang does so too). */
const mostEmpty = 2;
/** A span's field, length, and what is in it. */
const mostSpan = 2 + 2 * (1 + mostVarint);

/** Of a range of so many buckets, at most: a span for every fourth bucket, each behind more empty ones than are written. */
export function mostRange(buckets: number): number {
  return 2 * mostVarint + buckets * mostVarint + Math.ceil(buckets / (mostEmpty + 2) + 1) * mostSpan;
}

const spanMessage = new Nested();
const deltas = new Nested();

/** One range at a time, so the two of a histogram need two. A class, because it keeps its memory from row to row. */
export class NativeBuckets {
  /** Those that are not empty, in ascending order. */
  private readonly indexes: Int32Array;
  private readonly counts: Float64Array;
  private length = 0;
  /** What they add up to. */
  sum = 0;

  constructor(maxSize: number) {
    this.indexes = new Int32Array(maxSize);
    this.counts = new Float64Array(maxSize);
  }

  /**
   * Reads `length` counts from `cells[at]` on, of which the first has the index `offset`. A bucket of OTLP is above its lower
   * bound, `base^index`, and up to its upper one, after which Prometheus counts it: so its index there is one more. `down`: by
   * how much the scale is lowered, so that neighbours fall together.
   */
  read(cells: Float64Array, at: number, offset: number, length: number, down: number): void {
    this.length = 0;
    this.sum = 0;
    let last = -1;
    for (let bucket = 0; bucket < length; bucket++) {
      const count = cells[at + bucket] as number;
      if (count === 0) continue;
      const index = ((offset + bucket) >> down) + 1;
      if (last < 0 || this.indexes[last] !== index) {
        last = this.length++;
        this.indexes[last] = index;
        this.counts[last] = 0;
      }
      (this.counts[last] as number) += count;
      this.sum += count;
    }
  }

  write(out: ByteBuffer, spanField: number, deltaField: number): void {
    if (this.length === 0) return;
    this.writeSpans(out, spanField);
    this.writeDeltas(out, deltaField);
  }

  private writeSpans(out: ByteBuffer, field: number): void {
    const { indexes, length } = this;
    let offset = indexes[0] as number;
    let buckets = 1;
    for (let at = 1; at < length; at++) {
      const empty = this.emptyAhead(at);
      if (empty > mostEmpty) {
        putSpan(out, field, offset, buckets);
        offset = empty;
        buckets = 1;
      } else buckets += empty + 1;
    }
    putSpan(out, field, offset, buckets);
  }

  /** Packed, which every reader of repeated numbers takes (protobuf.dev, "Encoding", "Packed Repeated Fields"). */
  private writeDeltas(out: ByteBuffer, field: number): void {
    const { counts, length } = this;
    const message = deltas.open(out, field);
    let before = 0;
    for (let at = 0; at < length; at++) {
      const empty = at === 0 ? 0 : this.emptyAhead(at);
      for (let bucket = 0; empty <= mostEmpty && bucket < empty; bucket++) {
        putSigned(out, -before);
        before = 0;
      }
      const count = counts[at] as number;
      putSigned(out, count - before);
      before = count;
    }
    deltas.close(out, message);
  }

  /** Empty buckets between two that are not. */
  private emptyAhead(at: number): number {
    return (this.indexes[at] as number) - (this.indexes[at - 1] as number) - 1;
  }
}

function putSpan(out: ByteBuffer, field: number, offset: number, length: number): void {
  const message = spanMessage.open(out, field);
  putVarint(out, spanTag.offset);
  putSigned(out, offset);
  putVarintField(out, spanTag.length, length);
  spanMessage.close(out, message);
}
