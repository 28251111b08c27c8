/**
 * One family of the store as the SDK's metric data. Types of the SDK only: its enumerations are numbers here, so that describing
 * a metric does not load the SDK (a test holds them against it).
 */
import type { Attributes, HrTime, ValueType } from '@opentelemetry/api';
import type {
  AggregationTemporality,
  DataPoint,
  DataPointType,
  ExponentialHistogram,
  Histogram,
  MetricData,
} from '@opentelemetry/sdk-metrics';
import { type ExponentialPoint, type ExponentialShape, minMaxOf, readExponential } from '../../store/index.ts';
import type { FamilyView } from '../../store/store.ts';
import { otlpTypeOf } from '../otlp-type.ts';

export const sdkNumbers = { double: 1, cumulative: 1, histogram: 0, exponentialHistogram: 1, gauge: 2, sum: 3 } as const;

/** Gathers the points of a family. */
export interface Points {
  /** Adds a row's value; one that is not finite is left out (JSON has no word for it). */
  add(cells: Float64Array, at: number, startTime: HrTime, endTime: HrTime, attributes: Attributes): void;
  readonly data: MetricData;
}

/** Undefined for a kind that OTLP cannot carry. */
export function createPoints(family: FamilyView): Points | undefined {
  const { spec } = family;
  const otlpType = otlpTypeOf(spec);
  if (otlpType === undefined) return undefined;
  const { type, monotonic } = otlpType;
  const descriptor = { name: spec.name, description: spec.help, unit: spec.unit, valueType: sdkNumbers.double as ValueType };
  const aggregationTemporality = sdkNumbers.cumulative as AggregationTemporality;
  if (spec.exponential !== undefined) return exponentialPoints(family, spec.exponential, { descriptor, aggregationTemporality });
  if (type === 'histogram' || type === 'summary') {
    const dataPoints: DataPoint<Histogram>[] = [];
    const boundaries = type === 'histogram' ? [...(spec.bounds ?? [])] : [];
    const dataPointType = sdkNumbers.histogram as DataPointType.HISTOGRAM;
    return {
      data: { descriptor, aggregationTemporality, dataPointType, dataPoints },
      add(cells, at, startTime, endTime, attributes) {
        // A summary without quantiles (count, sum) goes out as a histogram without bounds: its one bucket is the count.
        const counts = Array.from(cells.subarray(at, at + boundaries.length + 1));
        const sum = cells[at + boundaries.length + 1] ?? 0;
        let count = 0;
        for (const bucket of counts) count += bucket;
        if (!Number.isFinite(sum) || !Number.isFinite(count)) return;
        dataPoints.push({
          startTime,
          endTime,
          attributes,
          value: { buckets: { boundaries, counts }, sum, count, ...minMaxOf(family, at) },
        });
      },
    };
  }
  const dataPoints: DataPoint<number>[] = [];
  const base = { descriptor, aggregationTemporality, dataPoints };
  return {
    data:
      type === 'gauge'
        ? { ...base, dataPointType: sdkNumbers.gauge as DataPointType.GAUGE }
        : { ...base, dataPointType: sdkNumbers.sum as DataPointType.SUM, isMonotonic: monotonic },
    add(cells, at, startTime, endTime, attributes) {
      const value = cells[at] ?? Number.NaN;
      if (Number.isFinite(value)) dataPoints.push({ startTime, endTime, attributes, value });
    },
  };
}

function exponentialPoints(
  family: FamilyView,
  exponential: ExponentialShape,
  about: Pick<MetricData, 'descriptor' | 'aggregationTemporality'>,
): Points {
  const dataPoints: DataPoint<ExponentialHistogram>[] = [];
  return {
    data: { ...about, dataPointType: sdkNumbers.exponentialHistogram as DataPointType.EXPONENTIAL_HISTOGRAM, dataPoints },
    add(cells, at, startTime, endTime, attributes) {
      const { positive, negative, ...point } = readExponential(cells, at, exponential);
      if (!Number.isFinite(point.sum)) return;
      const ranges = { positive: bucketsOf(positive), negative: bucketsOf(negative) };
      dataPoints.push({ startTime, endTime, attributes, value: { ...point, ...ranges, ...minMaxOf(family, at) } });
    },
  };
}

function bucketsOf({ offset, counts }: ExponentialPoint['positive']): ExponentialHistogram['positive'] {
  return { offset, bucketCounts: Array.from(counts) };
}
