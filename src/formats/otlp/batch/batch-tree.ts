/**
 * A batch's parts as plain objects, one at a time, for consumers that show everything: names as in OTLP's JSON, lists in wire
 * order, absent fields undefined (lists: empty), 64-bit integers as `bigint`, bytes as views of the batch. For the hot path there
 * is `batch-values.ts`.
 */

import * as messages from '../wire/messages.ts';
import { readMessage, stringIn } from '../wire/read-message.ts';
import { content, varint, wire } from '../wire/varint.ts';
import type { Batch } from './batch.ts';
import { metricAt, pointAt, resourceAt, scopeAt } from './batch-index.ts';

export interface AnyValue {
  readonly stringValue?: string;
  readonly boolValue?: boolean;
  readonly intValue?: bigint;
  readonly doubleValue?: number;
  readonly arrayValue?: { readonly values: readonly AnyValue[] };
  readonly kvlistValue?: { readonly values: readonly KeyValue[] };
  readonly bytesValue?: Uint8Array;
}

export interface KeyValue {
  readonly key?: string;
  readonly value?: AnyValue;
}

export interface ResourceNode {
  readonly attributes: readonly KeyValue[];
  readonly droppedAttributesCount?: number;
  readonly entityRefs: readonly {
    readonly schemaUrl?: string;
    readonly type?: string;
    readonly idKeys: readonly string[];
    readonly descriptionKeys: readonly string[];
  }[];
  /** Of the `ResourceMetrics`; `''` when absent. */
  readonly schemaUrl: string;
}

export interface ScopeNode {
  readonly name?: string;
  readonly version?: string;
  readonly attributes: readonly KeyValue[];
  readonly droppedAttributesCount?: number;
  /** Of the `ScopeMetrics`; `''` when absent. */
  readonly schemaUrl: string;
}

/** A metric without its points. What is absent is `''`, 0 or false. */
export interface MetricNode {
  readonly name: string;
  readonly description: string;
  readonly unit: string;
  readonly metadata: readonly KeyValue[];
  /** One of `metricType`. */
  readonly type: number;
  readonly temporality: number;
  readonly monotonic: boolean;
}

export interface PointNode {
  readonly attributes: readonly KeyValue[];
  readonly startTimeUnixNano?: bigint;
  readonly timeUnixNano?: bigint;
  readonly flags?: number;
}

export interface ExemplarNode {
  readonly filteredAttributes: readonly KeyValue[];
  readonly timeUnixNano?: bigint;
  readonly asDouble?: number;
  readonly asInt?: bigint;
  readonly spanId?: Uint8Array;
  readonly traceId?: Uint8Array;
}

export interface NumberNode extends PointNode {
  readonly asDouble?: number;
  readonly asInt?: bigint;
  readonly exemplars: readonly ExemplarNode[];
}

interface DistributionNode extends PointNode {
  readonly count?: bigint;
  readonly sum?: number;
  readonly min?: number;
  readonly max?: number;
  readonly exemplars: readonly ExemplarNode[];
}

export interface HistogramNode extends DistributionNode {
  readonly bucketCounts: readonly bigint[];
  readonly explicitBounds: readonly number[];
}

export interface BucketsNode {
  readonly offset?: number;
  readonly bucketCounts: readonly bigint[];
}

export interface ExponentialHistogramNode extends DistributionNode {
  readonly scale?: number;
  readonly zeroCount?: bigint;
  readonly zeroThreshold?: number;
  readonly positive?: BucketsNode;
  readonly negative?: BucketsNode;
}

export interface SummaryNode extends PointNode {
  readonly count?: bigint;
  readonly sum?: number;
  readonly quantileValues: readonly { readonly quantile?: number; readonly value?: number }[];
}

/** All attributes in a range of the index, whatever number their message gives them. */
function attributesIn({ bytes }: Batch, from: number, to: number): readonly KeyValue[] {
  const all: KeyValue[] = [];
  for (let at = from; at < to; ) {
    const start = content(bytes, varint(bytes, at, to), to);
    at = wire.end;
    all.push(readMessage(messages.keyValue, bytes, start, at) as KeyValue);
  }
  return all;
}

export function resourceNode(batch: Batch, at: number): ResourceNode {
  const schemaUrl = stringAt(batch, at + resourceAt.schemaUrlFrom);
  return { ...node(batch, messages.resource, at + resourceAt.from), schemaUrl } as unknown as ResourceNode;
}

export function scopeNode(batch: Batch, at: number): ScopeNode {
  const schemaUrl = stringAt(batch, at + scopeAt.schemaUrlFrom);
  return { ...node(batch, messages.instrumentationScope, at + scopeAt.from), schemaUrl } as unknown as ScopeNode;
}

export function metricNode(batch: Batch, at: number): MetricNode {
  const { index } = batch;
  return {
    name: stringAt(batch, at + metricAt.nameFrom),
    description: stringAt(batch, at + metricAt.descriptionFrom),
    unit: stringAt(batch, at + metricAt.unitFrom),
    metadata: attributesIn(batch, index[at + metricAt.metadataFrom] as number, index[at + metricAt.metadataTo] as number),
    type: index[at + metricAt.type] as number,
    temporality: index[at + metricAt.temporality] as number,
    monotonic: index[at + metricAt.monotonic] === 1,
  };
}

/** Of gauges and sums. */
export function numberNode(batch: Batch, point: number): NumberNode {
  return node(batch, messages.numberDataPoint, point + pointAt.from) as unknown as NumberNode;
}

export function histogramNode(batch: Batch, point: number): HistogramNode {
  return node(batch, messages.histogramDataPoint, point + pointAt.from) as unknown as HistogramNode;
}

export function exponentialHistogramNode(batch: Batch, point: number): ExponentialHistogramNode {
  return node(batch, messages.exponentialHistogramDataPoint, point + pointAt.from) as unknown as ExponentialHistogramNode;
}

export function summaryNode(batch: Batch, point: number): SummaryNode {
  return node(batch, messages.summaryDataPoint, point + pointAt.from) as unknown as SummaryNode;
}

/** The string whose range begins in a column of the index. */
function stringAt({ bytes, index }: Batch, column: number): string {
  return stringIn(bytes, index[column] as number, index[column + 1] as number);
}

function node({ bytes, index }: Batch, message: messages.Message, column: number): Readonly<Record<string, unknown>> {
  return readMessage(message, bytes, index[column] as number, index[column + 1] as number);
}
