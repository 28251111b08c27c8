/** One family of the store as the SDK's metric data. */
import type { Attributes, HrTime, ValueType } from '@opentelemetry/api';
import {
  type ExponentialPoint,
  type FamilySpec,
  type FamilyView,
  type Histograms,
  type Point,
  readPoint,
} from '../../../core/store/index.ts';
import { hasNegative } from '../has-negative.ts';
import { type OtlpType, otlpTypeOf } from '../otlp-type.ts';
import { type DataPoint, type ExponentialHistogram, type Histogram, type MetricData, sdkNumbers } from './metric-producer.ts';

type Value = number | Histogram | ExponentialHistogram;

/** Collects the points of a family. */
export interface Points {
  /** Adds a row's value; a value that is not finite is left out (JSON cannot express it). */
  add(cells: Float64Array, at: number, startTime: HrTime, endTime: HrTime, attributes: Attributes): void;
  readonly data: MetricData;
}

/** Undefined for a kind that OTLP cannot carry. */
export function createPoints({ spec, rowLayout }: FamilyView, histograms: Histograms): Points | undefined {
  const otlpType = otlpTypeOf(spec, histograms);
  if (otlpType === undefined) return undefined;
  const dataPoints: DataPoint<Value>[] = [];
  const boundaries = rowLayout.form === 'histogram' ? [...rowLayout.bounds] : [];
  const hasSum = rowLayout.form !== 'histogram' || rowLayout.hasSum;
  return {
    data: { ...headOf(spec, otlpType), dataPoints } as MetricData,
    add(cells, at, startTime, endTime, attributes) {
      const value = sdkValue(readPoint(rowLayout, cells, at, histograms), boundaries, hasSum);
      if (value !== undefined) dataPoints.push({ startTime, endTime, attributes, value });
    },
  };
}

function headOf({ name, help, unit }: FamilySpec, { type, monotonic }: OtlpType) {
  const descriptor = { name, description: help, unit, valueType: sdkNumbers.double as ValueType };
  const head = { descriptor, aggregationTemporality: sdkNumbers.cumulative };
  // The SDK has no summaries: a summary is sent as a histogram without bounds.
  const dataPointType = sdkNumbers[type === 'summary' ? 'histogram' : type];
  return type === 'sum' ? { ...head, dataPointType, isMonotonic: monotonic } : { ...head, dataPointType };
}

/** Undefined when the value is not finite. */
function sdkValue(point: Point, boundaries: number[], hasSum: boolean): Value | undefined {
  if (point.form === 'number') return Number.isFinite(point.value) ? point.value : undefined;
  if ((hasSum && !Number.isFinite(point.sum)) || !Number.isFinite(point.count)) return undefined;
  switch (point.form) {
    case 'summary':
      return {
        buckets: { boundaries, counts: [point.count] },
        ...sumIn(boundaries, [point.count], point.sum),
        count: point.count,
      };
    case 'histogram': {
      const { form: _, bounds: __, counts, sum, ...rest } = point;
      return { ...rest, ...(hasSum && sumIn(boundaries, counts, sum)), buckets: { boundaries, counts } };
    }
    case 'exponential': {
      const { form: _, positive, negative, ...rest } = point;
      return { ...rest, positive: bucketsOf(positive), negative: bucketsOf(negative) };
    }
  }
}

function sumIn(boundaries: readonly number[], counts: readonly number[], sum: number): { sum?: number } {
  return hasNegative(boundaries, counts, 0, sum) ? {} : { sum };
}

function bucketsOf({ offset, counts }: ExponentialPoint['positive']): ExponentialHistogram['positive'] {
  return { offset, bucketCounts: Array.from(counts) };
}
