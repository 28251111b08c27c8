/** A row of exponential buckets as a message `Histogram` with native buckets. */
import { type ExponentialShape, exponentialCell, negativeCell, rangeCell } from '../../../store/cells/exponential-cells.ts';
import { exemplarAt, type RowLayout, readExemplar, type StoredExemplar } from '../../../store/index.ts';
import type { ByteBuffer } from '../bytes/byte-buffer.ts';
import { mostExemplar, putStored } from './exemplar.ts';
import { histogramTag, metricTag } from './fields.ts';
import { putCount } from './histogram.ts';
import { mostRange, NativeBuckets } from './native-buckets.ts';
import type { ValueMessage } from './row-writer.ts';
import { mostTimestamp, putStart } from './timestamp.ts';
import { mostDouble, mostVarint, putDoubleField, putSigned, putVarint } from './wire.ts';

/** "Currently, valid numbers are -4 <= n <= 8" (metrics.proto, `schema`). */
const [leastSchema, mostSchema] = [-4, 8];
/**
 * In place of a threshold of 0, with which Prometheus 2.42 takes a histogram without observations for a classic one: so the Collector and Prometheus' OTLP
 * receiver write it.
 */
const leastThreshold = 1e-128;

type ExponentialLayout = Extract<RowLayout, { form: 'exponential' }>;

/** @param coarse is called for a row whose buckets cannot be shown */
export function nativeMessage(layout: ExponentialLayout, coarse: () => void): ValueMessage {
  const { shape, exemplars } = layout;
  const positive = new NativeBuckets(shape.maxSize);
  const negative = new NativeBuckets(shape.negative === true ? shape.maxSize : 0);
  return {
    tag: metricTag.histogram,
    most: 4 * mostDouble + 2 * mostVarint + mostTimestamp + 2 * mostRange(shape.maxSize) + exemplars * mostExemplar,
    samples: 1,
    write(out, cells, cellAt, family, row) {
      const count = cells[cellAt + exponentialCell.count] as number;
      const sum = cells[cellAt + exponentialCell.sum] as number;
      putCount(out, histogramTag.count, histogramTag.countFloat, count);
      putDoubleField(out, histogramTag.sum, sum);
      if (read(cells, cellAt, shape, positive, negative)) {
        const buckets = positive.sum + negative.sum + (cells[cellAt + exponentialCell.zeroCount] as number);
        if (isTaken(count, sum, buckets)) putBuckets(out, cells, cellAt, positive, negative);
        else coarse();
      } else coarse();
      if (exemplars > 0) putExemplars(out, cells, cellAt, layout);
      putStart(out, histogramTag.created, cells, cellAt, family, row);
      return true;
    },
  };
}

/** False: the buckets are wider than Prometheus has them. */
function read(cells: Float64Array, cellAt: number, shape: ExponentialShape, positive: NativeBuckets, negative: NativeBuckets): boolean {
  const scale = cells[cellAt + exponentialCell.scale] as number;
  if (!(scale >= leastSchema)) return false;
  const down = Math.max(0, scale - mostSchema);
  readRange(cells, cellAt + exponentialCell.positive, down, positive);
  if (shape.negative === true) readRange(cells, cellAt + negativeCell(shape), down, negative);
  return true;
}

function readRange(cells: Float64Array, range: number, down: number, into: NativeBuckets): void {
  into.read(cells, range + rangeCell.buckets, cells[range + rangeCell.offset] as number, cells[range + rangeCell.length] as number, down);
}

/**
 * Prometheus gives a whole scrape up for a histogram that counts other than its buckets, but for one whose sum is NaN: there the observations that are in no
 * bucket were NaN (its `Histogram.Validate`).
 */
function isTaken(count: number, sum: number, buckets: number): boolean {
  return Number.isNaN(sum) ? count >= buckets : count === buckets;
}

function putBuckets(out: ByteBuffer, cells: Float64Array, cellAt: number, positive: NativeBuckets, negative: NativeBuckets): void {
  putVarint(out, histogramTag.schema);
  putSigned(out, Math.min(mostSchema, cells[cellAt + exponentialCell.scale] as number));
  putDoubleField(out, histogramTag.zeroThreshold, Math.max(leastThreshold, cells[cellAt + exponentialCell.zeroThreshold] as number));
  putVarint(out, histogramTag.zeroCount);
  putVarint(out, cells[cellAt + exponentialCell.zeroCount] as number);
  negative.write(out, histogramTag.negativeSpan, histogramTag.negativeDelta);
  positive.write(out, histogramTag.positiveSpan, histogramTag.positiveDelta);
}

/** Those with a time, in its order: Prometheus takes no others, and none behind a newer one. */
function putExemplars(out: ByteBuffer, cells: Float64Array, cellAt: number, layout: ExponentialLayout): void {
  const found: StoredExemplar[] = [];
  for (let index = 0; index < layout.exemplars; index++) {
    const exemplar = readExemplar(cells, cellAt + exemplarAt(layout, index));
    if (exemplar !== undefined && exemplar.timeMs > 0) found.push(exemplar);
  }
  found.sort((one, other) => one.timeMs - other.timeMs);
  for (const exemplar of found) putStored(out, histogramTag.exemplar, exemplar);
}
