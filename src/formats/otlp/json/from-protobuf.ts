/**
 * A batch as OTLP's JSON, byte for byte as the Collector's file and otlp_http exporters write it: names in lowerCamelCase,
 * enumerations as numbers, 64-bit integers, NaN and the infinities as strings, ids in hexadecimal; what is absent or has its
 * default is left out. Bytes to bytes: no object a point.
 */
import { type Batch, readBatch } from '../batch/batch.ts';
import { metricAt, metricType, resourceAt, scopeAt } from '../batch/batch-index.ts';
import { noLimits } from '../batch/batch-limits.ts';
import { metricsOf, resourcesOf, scopesOf } from '../batch/walk.ts';
import { ByteSink } from '../wire/byte-sink.ts';
import { endObject, put, putByte, putInt32, putString, type Words, words } from './json-text.ts';
import { putResource, putScope } from './put-owners.ts';
import { type PutPoint, putPointOf } from './put-points.ts';
import { putAttributes } from './put-values.ts';

/** About a millisecond of writing. */
const bytesASlice = 256 * 1024;

const request = { open: words('{"resourceMetrics":['), close: words(']}'), empty: words('{}') };
const resource = { open: words('{"resource":'), list: words(',"scopeMetrics":['), schemaUrl: words(',"schemaUrl":') };
const scope = { open: words('{"scope":'), list: words(',"metrics":[') };
const metric = {
  name: words(',"name":'),
  description: words(',"description":'),
  unit: words(',"unit":'),
  metadata: words(',"metadata":'),
  temporality: words(',"aggregationTemporality":'),
  monotonic: words(',"isMonotonic":true'),
};
const points = words(',"dataPoints":');
const data: Readonly<Record<number, Words>> = {
  [metricType.gauge]: words(',"gauge":'),
  [metricType.sum]: words(',"sum":'),
  [metricType.histogram]: words(',"histogram":'),
  [metricType.exponentialHistogram]: words(',"exponentialHistogram":'),
  [metricType.summary]: words(',"summary":'),
};
const comma = 0x2c;
const closeList = 0x5d;
const close = 0x7d;

/** A request of our own as JSON. Pauses as `writeJson`. */
export function* protobufToJson(request: Uint8Array): Generator<void, Uint8Array, void> {
  const sink = new ByteSink();
  yield* writeJson(readBatch(request, noLimits), sink);
  return sink.take();
}

/** A batch as one JSON object, without white space. */
export function jsonOf(batch: Batch): Uint8Array {
  const sink = new ByteSink();
  for (const _ of writeJson(batch, sink));
  return sink.take();
}

/**
 * The same, behind what is in the sink. Pauses after each slice of about 256 KiB; takes nothing out of the sink, and the batch
 * must stay as it is.
 */
export function* writeJson(batch: Batch, sink: ByteSink): Generator<void, void, void> {
  const { index, length } = batch;
  if (length === 0) {
    put(sink, request.empty);
    return;
  }
  const slice = { from: sink.at };
  put(sink, request.open);
  for (const r of resourcesOf(batch)) {
    if (r > 0) putByte(sink, comma);
    put(sink, resource.open);
    putResource(sink, batch, r);
    const end = index[r + resourceAt.end] as number;
    const first = r + resourceAt.size;
    if (first < end) put(sink, resource.list);
    for (const s of scopesOf(batch, r)) {
      if (s > first) putByte(sink, comma);
      yield* writeScope(batch, s, sink, slice);
    }
    if (first < end) putByte(sink, closeList);
    putMember(sink, batch, resource.schemaUrl, r + resourceAt.schemaUrlFrom);
    putByte(sink, close);
  }
  put(sink, request.close);
}

/** @param slice where it begins; another one begins where it is done */
function* writeScope(batch: Batch, s: number, sink: ByteSink, slice: { from: number }): Generator<void, void, void> {
  const { index } = batch;
  put(sink, scope.open);
  putScope(sink, batch, s);
  const end = index[s + scopeAt.end] as number;
  const first = s + scopeAt.size;
  if (first < end) put(sink, scope.list);
  for (const m of metricsOf(batch, s)) {
    if (m > first) putByte(sink, comma);
    const object = sink.at;
    const type = putHead(sink, batch, m);
    if (type !== metricType.none) {
      const inner = sink.at;
      const putPoint = putPointOf(type);
      for (let p = m + metricAt.size; p < (index[m + metricAt.end] as number); ) {
        p = putPoints(sink, batch, m, p, putPoint, slice.from + bytesASlice);
        if (sink.at - slice.from < bytesASlice) continue;
        yield;
        slice.from = sink.at;
      }
      putTail(sink, batch, m, inner);
    }
    putAttributes(
      sink,
      batch,
      metric.metadata,
      index[m + metricAt.metadataFrom] as number,
      index[m + metricAt.metadataTo] as number,
    );
    endObject(sink, object);
  }
  if (first < end) putByte(sink, closeList);
  putMember(sink, batch, resource.schemaUrl, s + scopeAt.schemaUrlFrom);
  putByte(sink, close);
}

/** Name, description, unit, and what precedes its data. Returns its type. */
function putHead(sink: ByteSink, batch: Batch, m: number): number {
  putMember(sink, batch, metric.name, m + metricAt.nameFrom);
  putMember(sink, batch, metric.description, m + metricAt.descriptionFrom);
  putMember(sink, batch, metric.unit, m + metricAt.unitFrom);
  const type = batch.index[m + metricAt.type] as number;
  if (type !== metricType.none) put(sink, data[type] as Words);
  return type;
}

/** Points from `p` on, until the sink is at `most` or they end. Returns the next one. */
function putPoints(sink: ByteSink, batch: Batch, m: number, p: number, putPoint: PutPoint, most: number): number {
  const { index } = batch;
  const end = index[m + metricAt.end] as number;
  const stride = index[m + metricAt.stride] as number;
  let next = p;
  if (p === m + metricAt.size) {
    put(sink, points);
    putByte(sink, 0x5b);
  } else putByte(sink, comma);
  while (true) {
    putPoint(sink, batch, next);
    next += stride;
    if (next >= end || sink.at >= most) break;
    putByte(sink, comma);
  }
  if (next >= end) putByte(sink, closeList);
  return next;
}

/** What follows the points. */
function putTail(sink: ByteSink, { index }: Batch, m: number, object: number): void {
  const temporality = index[m + metricAt.temporality] as number;
  if (temporality !== 0) {
    put(sink, metric.temporality);
    putInt32(sink, temporality);
  }
  if (index[m + metricAt.monotonic] === 1) put(sink, metric.monotonic);
  endObject(sink, object);
}

/** A string of the index, unless it is empty. */
function putMember(sink: ByteSink, batch: Batch, name: Words, column: number): void {
  const from = batch.index[column] as number;
  const to = batch.index[column + 1] as number;
  if (from === to) return;
  put(sink, name);
  putString(sink, batch, from, to);
}
