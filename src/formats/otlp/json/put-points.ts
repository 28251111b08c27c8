/**
 * The points of metrics.proto as JSON: fields in the order of the Collector, those that are absent or have their default left
 * out, members of a `oneof` never.
 */
import type { Batch } from '../batch/batch.ts';
import { exponentialAt, histogramAt, metricType, numberAt, pointAt, summaryAt } from '../batch/batch-index.ts';
import { doubleAt, readQuantile } from '../batch/batch-values.ts';
import type { ByteSink } from '../wire/byte-sink.ts';
import { varint, wire } from '../wire/varint.ts';
import { endList, endObject, put, putComma, putDouble, putInt32, putInt64, putUint64, type Words, words } from './json-text.ts';
import { putExemplars } from './put-exemplars.ts';
import { putAttributes } from './put-values.ts';

const attributes = words(',"attributes":');
const asDouble = words(',"asDouble":');
const asInt = words(',"asInt":');
const flags = words(',"flags":');
const count = words(',"count":');
const sum = words(',"sum":');
const min = words(',"min":');
const max = words(',"max":');
const bucketCounts = words(',"bucketCounts":');
const explicitBounds = words(',"explicitBounds":');
const scale = words(',"scale":');
const zeroCount = words(',"zeroCount":');
const zeroThreshold = words(',"zeroThreshold":');
const positive = words(',"positive":');
const negative = words(',"negative":');
const offset = words(',"offset":');
const quantileValues = words(',"quantileValues":');
const quantile = words(',"quantile":');
const value = words(',"value":');

export type PutPoint = (sink: ByteSink, batch: Batch, point: number) => void;

/** Writes a point of this type. */
export function putPointOf(type: number): PutPoint {
  if (type === metricType.histogram) return putHistogram;
  if (type === metricType.exponentialHistogram) return putExponential;
  return type === metricType.summary ? putSummary : putNumber;
}

function putNumber(sink: ByteSink, batch: Batch, point: number): void {
  const { index, view } = batch;
  const object = begin(sink, batch, point);
  const offset = index[point + numberAt.value] as number;
  if (index[point + numberAt.isInt] === 1) {
    put(sink, asInt);
    putInt64(sink, view.getUint32(offset, true), view.getUint32(offset + 4, true));
  } else if (offset !== 0) {
    put(sink, asDouble);
    putDouble(sink, view.getFloat64(offset, true));
  }
  putExemplars(sink, batch, point);
  putFlags(sink, batch, point);
  endObject(sink, object);
}

function putHistogram(sink: ByteSink, batch: Batch, point: number): void {
  const { index, view } = batch;
  const at = (column: number) => index[point + column] as number;
  const object = begin(sink, batch, point);
  putCount(sink, batch, count, at(histogramAt.count));
  putPresent(sink, batch, sum, at(histogramAt.sum));
  const [countsFrom, countsTo] = [at(histogramAt.countsFrom), at(histogramAt.countsTo)];
  if (countsFrom !== countsTo) {
    put(sink, bucketCounts);
    const list = sink.at;
    for (let offset = countsFrom; offset < countsTo; offset += 8) {
      putComma(sink);
      putUint64(sink, view.getUint32(offset, true), view.getUint32(offset + 4, true));
    }
    endList(sink, list);
  }
  const [boundsFrom, boundsTo] = [at(histogramAt.boundsFrom), at(histogramAt.boundsTo)];
  if (boundsFrom !== boundsTo) {
    put(sink, explicitBounds);
    const list = sink.at;
    for (let offset = boundsFrom; offset < boundsTo; offset += 8) {
      putComma(sink);
      putDouble(sink, view.getFloat64(offset, true));
    }
    endList(sink, list);
  }
  putExemplars(sink, batch, point);
  putFlags(sink, batch, point);
  putPresent(sink, batch, min, at(histogramAt.min));
  putPresent(sink, batch, max, at(histogramAt.max));
  endObject(sink, object);
}

function putExponential(sink: ByteSink, batch: Batch, point: number): void {
  const { index } = batch;
  const at = (column: number) => index[point + column] as number;
  const object = begin(sink, batch, point);
  putCount(sink, batch, count, at(exponentialAt.count));
  putPresent(sink, batch, sum, at(exponentialAt.sum));
  if (at(exponentialAt.scale) !== 0) {
    put(sink, scale);
    putInt32(sink, at(exponentialAt.scale));
  }
  putCount(sink, batch, zeroCount, at(exponentialAt.zeroCount));
  put(sink, positive);
  putBuckets(sink, batch, point + exponentialAt.positiveOffset);
  put(sink, negative);
  putBuckets(sink, batch, point + exponentialAt.negativeOffset);
  putFlags(sink, batch, point);
  putExemplars(sink, batch, point);
  putPresent(sink, batch, min, at(exponentialAt.min));
  putPresent(sink, batch, max, at(exponentialAt.max));
  putNotZero(sink, zeroThreshold, doubleAt(batch, at(exponentialAt.zeroThreshold), 0));
  endObject(sink, object);
}

/** Offset and range, from a column of the index. */
function putBuckets(sink: ByteSink, { bytes, index }: Batch, column: number): void {
  const object = sink.at;
  const first = index[column] as number;
  const from = index[column + 1] as number;
  const to = index[column + 2] as number;
  if (first !== 0) {
    put(sink, offset);
    putInt32(sink, first);
  }
  if (from !== to) {
    put(sink, bucketCounts);
    const list = sink.at;
    for (let at = from; at < to; ) {
      at = varint(bytes, at, to);
      putComma(sink);
      putUint64(sink, wire.low, wire.high);
    }
    endList(sink, list);
  }
  endObject(sink, object);
}

function putSummary(sink: ByteSink, batch: Batch, point: number): void {
  const { index } = batch;
  const object = begin(sink, batch, point);
  putCount(sink, batch, count, index[point + summaryAt.count] as number);
  putNotZero(sink, sum, doubleAt(batch, index[point + summaryAt.sum] as number, 0));
  putQuantiles(sink, batch, index[point + summaryAt.quantilesFrom] as number, index[point + summaryAt.quantilesTo] as number);
  putFlags(sink, batch, point);
  endObject(sink, object);
}

/** The one at hand. */
const pair = { quantile: 0, value: 0 };

function putQuantiles(sink: ByteSink, batch: Batch, from: number, to: number): void {
  if (from === to) return;
  put(sink, quantileValues);
  const list = sink.at;
  for (let at = from; at < to; ) {
    at = readQuantile(batch, at, pair);
    putComma(sink);
    const object = sink.at;
    putNotZero(sink, quantile, pair.quantile);
    putNotZero(sink, value, pair.value);
    endObject(sink, object);
  }
  endList(sink, list);
}

/** What every point begins with. Returns where its object begins, for `endObject`. */
function begin(sink: ByteSink, batch: Batch, point: number): number {
  const { index } = batch;
  const object = sink.at;
  putAttributes(
    sink,
    batch,
    attributes,
    index[point + pointAt.attributesFrom] as number,
    index[point + pointAt.attributesTo] as number,
  );
  putTime(sink, batch, start, index[point + pointAt.start] as number);
  putTime(sink, batch, time, index[point + pointAt.time] as number);
  return object;
}

/** A member whose text is kept, because the points of a batch share their times. */
interface Time {
  readonly name: string;
  low: number;
  high: number;
  text: Words;
}

const start: Time = { name: ',"startTimeUnixNano":', low: 0, high: 0, text: words('') };
const time: Time = { name: ',"timeUnixNano":', low: 0, high: 0, text: words('') };

function putTime(sink: ByteSink, { view }: Batch, kept: Time, offset: number): void {
  if (offset === 0) return;
  const low = view.getUint32(offset, true);
  const high = view.getUint32(offset + 4, true);
  if (low === 0 && high === 0) return;
  if (low !== kept.low || high !== kept.high) {
    kept.low = low;
    kept.high = high;
    kept.text = words(`${kept.name}"${view.getBigUint64(offset, true)}"`);
  }
  put(sink, kept.text);
}

function putFlags(sink: ByteSink, { index }: Batch, point: number): void {
  const bits = index[point + pointAt.flags] as number;
  if (bits === 0) return;
  put(sink, flags);
  putInt32(sink, bits >>> 0);
}

/** A `fixed64` other than zero. */
function putCount(sink: ByteSink, { view }: Batch, name: Words, offset: number): void {
  if (offset === 0) return;
  const low = view.getUint32(offset, true);
  const high = view.getUint32(offset + 4, true);
  if (low === 0 && high === 0) return;
  put(sink, name);
  putUint64(sink, low, high);
}

/** An `optional` double. */
function putPresent(sink: ByteSink, { view }: Batch, name: Words, offset: number): void {
  if (offset === 0) return;
  put(sink, name);
  putDouble(sink, view.getFloat64(offset, true));
}

function putNotZero(sink: ByteSink, name: Words, number: number): void {
  if (number === 0) return;
  put(sink, name);
  putDouble(sink, number);
}
