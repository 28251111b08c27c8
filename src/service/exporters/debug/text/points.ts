/** The points of a metric in the text of `verbosity: detailed`. */
import type { Batch } from '../../../../formats/otlp/batch/batch.ts';
import { metricAt, metricType } from '../../../../formats/otlp/batch/batch-index.ts';
import {
  type ExemplarNode,
  type ExponentialHistogramNode,
  exponentialHistogramNode,
  type HistogramNode,
  histogramNode,
  type KeyValue,
  type NumberNode,
  numberNode,
  type SummaryNode,
  summaryNode,
} from '../../../../formats/otlp/batch/batch-tree.ts';
import { pointsOf } from '../../../../formats/otlp/batch/walk.ts';
import { ascending, boundOf, descending } from './bounds.ts';
import { numbered } from './numbered.ts';
import { fixed } from './numbers.ts';
import { timeText } from './time.ts';
import { typedText } from './value.ts';

export function* pointLines(batch: Batch, metric: number): Generator<string> {
  const lines = linesOf(batch.index[metric + metricAt.type] as number);
  for (const [i, point] of numbered(pointsOf(batch, metric))) yield* lines(batch, point, i);
}

function linesOf(type: number): (batch: Batch, point: number, i: number) => Generator<string> {
  if (type === metricType.histogram) return (batch, point, i) => histogramLines(histogramNode(batch, point), i);
  if (type === metricType.exponentialHistogram)
    return (batch, point, i) => exponentialLines(exponentialHistogramNode(batch, point), i);
  if (type === metricType.summary) return (batch, point, i) => summaryLines(summaryNode(batch, point), i);
  return (batch, point, i) => numberLines(numberNode(batch, point), i);
}

/** The title, and each attribute below it; nothing where there are none. */
export function* attributeLines(indent: string, title: string, attributes: readonly KeyValue[]): Generator<string> {
  if (attributes.length > 0) yield `${indent}${title}:`;
  for (const { key = '', value } of attributes) yield `${indent}     -> ${key}: ${typedText(value)}`;
}

type PointNode = NumberNode | HistogramNode | ExponentialHistogramNode | SummaryNode;

function* headLines(kind: string, i: number, { attributes, startTimeUnixNano, timeUnixNano }: PointNode): Generator<string> {
  yield `${kind}DataPoints #${i}`;
  yield* attributeLines('', 'Data point attributes', attributes);
  yield `StartTimestamp: ${timeText(startTimeUnixNano)}`;
  yield `Timestamp: ${timeText(timeUnixNano)}`;
}

function* numberLines(point: NumberNode, i: number): Generator<string> {
  yield* headLines('Number', i, point);
  yield* valueLines('', point);
  yield* exemplarLines(point.exemplars);
}

function* histogramLines(point: HistogramNode, i: number): Generator<string> {
  yield* headLines('Histogram', i, point);
  yield* totalLines(point);
  for (const [j, bound] of point.explicitBounds.entries()) yield `ExplicitBounds #${j}: ${fixed(bound)}`;
  for (const [j, count] of point.bucketCounts.entries()) yield `Buckets #${j}, Count: ${count}`;
  yield* exemplarLines(point.exemplars);
}

function* exponentialLines(point: ExponentialHistogramNode, i: number): Generator<string> {
  const { scale, zeroCount = 0n, negative, positive } = point;
  yield* headLines('ExponentialHistogram', i, point);
  yield* totalLines(point);
  for (const { index, count } of descending(negative)) {
    yield `Bucket [${fixed(-boundOf(index + 1, scale))}, ${fixed(-boundOf(index, scale))}), Count: ${count}`;
  }
  if (zeroCount !== 0n) yield `Bucket [0, 0], Count: ${zeroCount}`;
  for (const { index, count } of ascending(positive)) {
    yield `Bucket (${fixed(boundOf(index, scale))}, ${fixed(boundOf(index + 1, scale))}], Count: ${count}`;
  }
  yield* exemplarLines(point.exemplars);
}

function* summaryLines(point: SummaryNode, i: number): Generator<string> {
  const { count = 0n, sum = 0, quantileValues } = point;
  yield* headLines('Summary', i, point);
  yield `Count: ${count}`;
  yield `Sum: ${fixed(sum)}`;
  for (const [j, { quantile = 0, value = 0 }] of quantileValues.entries()) {
    yield `QuantileValue #${j}: Quantile ${fixed(quantile)}, Value ${fixed(value)}`;
  }
}

function* totalLines({ count = 0n, sum, min, max }: HistogramNode | ExponentialHistogramNode): Generator<string> {
  yield `Count: ${count}`;
  if (sum !== undefined) yield `Sum: ${fixed(sum)}`;
  if (min !== undefined) yield `Min: ${fixed(min)}`;
  if (max !== undefined) yield `Max: ${fixed(max)}`;
}

function* exemplarLines(exemplars: readonly ExemplarNode[]): Generator<string> {
  if (exemplars.length > 0) yield 'Exemplars:';
  for (const [i, exemplar] of exemplars.entries()) {
    yield `Exemplar #${i}`;
    yield `     -> Trace ID: ${hex(exemplar.traceId)}`;
    yield `     -> Span ID: ${hex(exemplar.spanId)}`;
    yield `     -> Timestamp: ${timeText(exemplar.timeUnixNano)}`;
    yield* valueLines('     -> ', exemplar);
    yield* attributeLines('     ', '-> FilteredAttributes', exemplar.filteredAttributes);
  }
}

/** No line where there is no value. */
function* valueLines(indent: string, { asInt, asDouble }: NumberNode | ExemplarNode): Generator<string> {
  if (asInt !== undefined) yield `${indent}Value: ${asInt}`;
  else if (asDouble !== undefined) yield `${indent}Value: ${fixed(asDouble)}`;
}

/** An id of nothing but zeros is none. */
function hex(id: Uint8Array = new Uint8Array()): string {
  return id.every((byte) => byte === 0) ? '' : Buffer.from(id.buffer, id.byteOffset, id.length).toString('hex');
}
