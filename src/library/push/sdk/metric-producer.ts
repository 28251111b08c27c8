/**
 * The SDK's `MetricProducer` and what it collects, as Meterbridge fills them: types that are assignable to those of every
 * OpenTelemetry SDK since 2.0, and that require none to be installed.
 */
import type { Attributes, HrTime, ValueType } from '@opentelemetry/api';

/** What an OpenTelemetry metric reader takes in its option `metricProducers`. */
export interface MetricProducer {
  /**
   * Runs the callbacks, within `timeoutMillis`, and returns all current values. `errors` names failed callbacks; never rejects.
   */
  collect(options?: { timeoutMillis?: number }): Promise<CollectionResult>;
}

export interface CollectionResult {
  resourceMetrics: ResourceMetrics;
  errors: unknown[];
}

export interface ResourceMetrics {
  /** Empty: a reader replaces it with its provider's. */
  resource: Resource;
  scopeMetrics: ScopeMetrics[];
}

export interface Resource {
  readonly attributes: Attributes;
  merge(other: Resource | null): Resource;
  getRawAttributes(): never[];
}

export interface ScopeMetrics {
  scope: { readonly name: string; readonly version?: string; readonly schemaUrl?: string };
  metrics: MetricData[];
}

/** The numbers of the SDK's enumerations, so that describing a metric does not load the SDK (a test compares them with it). */
export const sdkNumbers = { double: 1, cumulative: 1, histogram: 0, exponentialHistogram: 1, gauge: 2, sum: 3 } as const;

type SdkNumbers = typeof sdkNumbers;

interface Described<Type extends keyof SdkNumbers, Value> {
  readonly descriptor: {
    readonly name: string;
    readonly description: string;
    readonly unit: string;
    readonly valueType: ValueType;
  };
  readonly aggregationTemporality: SdkNumbers['cumulative'];
  readonly dataPointType: SdkNumbers[Type];
  readonly dataPoints: DataPoint<Value>[];
}

export type MetricData =
  | (Described<'sum', number> & { readonly isMonotonic: boolean })
  | Described<'gauge', number>
  | Described<'histogram', Histogram>
  | Described<'exponentialHistogram', ExponentialHistogram>;

export interface DataPoint<Value> {
  readonly startTime: HrTime;
  readonly endTime: HrTime;
  readonly attributes: Attributes;
  readonly value: Value;
}

export interface Histogram {
  buckets: { boundaries: number[]; counts: number[] };
  sum?: number;
  count: number;
  min?: number;
  max?: number;
}

export interface ExponentialHistogram {
  count: number;
  sum?: number;
  scale: number;
  zeroCount: number;
  positive: { offset: number; bucketCounts: number[] };
  negative: { offset: number; bucketCounts: number[] };
  min?: number;
  max?: number;
}
