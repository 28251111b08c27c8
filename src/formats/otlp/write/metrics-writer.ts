/**
 * What a batch of metrics is made of, and how it is written: points one after the other, whatever the encoding. Names follow
 * opentelemetry-proto's metrics.proto. Knows nothing of where the points come from.
 */

/** Attribute bytes are canonical (see `attributes.ts`); they are copied, never kept. */
export interface ResourceHead {
  readonly attributes: Uint8Array;
}

export interface ScopeHead {
  readonly name: string;
  readonly version?: string;
  readonly schemaUrl?: string;
}

export interface MetricHead {
  readonly name: string;
  readonly description: string;
  /** UCUM, `''` for none. */
  readonly unit: string;
  readonly type: 'gauge' | 'sum' | 'histogram' | 'exponentialHistogram' | 'summary';
  /** Of sums and histograms; ignored for the others. */
  readonly temporality: 'delta' | 'cumulative';
  /** Of sums; ignored for the others. */
  readonly monotonic: boolean;
}

/** Where a point belongs. A writer reads it during the call only, so one object serves all points. */
export interface PointHeader {
  /** The series' attributes are `attributes[from, to)`. */
  readonly attributes: Uint8Array;
  readonly from: number;
  readonly to: number;
  /** Milliseconds since the epoch; a fraction is kept to the nanosecond as far as a double has it. */
  readonly startMs: number;
  readonly timeMs: number;
}

export interface Exemplar {
  readonly value: number;
  readonly timeMs: number;
  /** Hexadecimal, 32 and 16 digits; absent when there was no span. */
  readonly traceId?: string;
  readonly spanId?: string;
  /** Attributes that the series does not have, as canonical attribute bytes. */
  readonly filteredAttributes?: Uint8Array;
}

export interface HistogramExtras {
  readonly min?: number;
  readonly max?: number;
  readonly exemplars?: readonly Exemplar[];
  /** The series is gone (`FLAG_NO_RECORDED_VALUE`): a receiver knows its buckets by the bounds. */
  readonly gone?: true;
}

export interface ExponentialBuckets {
  readonly offset: number;
  readonly counts: ArrayLike<number>;
}

export interface ExponentialHistogram {
  readonly count: number;
  readonly sum?: number;
  readonly scale: number;
  readonly zeroCount: number;
  readonly zeroThreshold?: number;
  readonly positive: ExponentialBuckets;
  readonly negative: ExponentialBuckets;
}

export interface Quantile {
  readonly quantile: number;
  readonly value: number;
}

/** Points of the metric that was begun last. */
export interface PointWriter {
  /** Of gauges and sums. */
  number(header: PointHeader, value: number, exemplars?: readonly Exemplar[]): void;
  /** `counts[at]` and on are the buckets, one more than bounds, not cumulative; the count is their sum. */
  histogram(
    header: PointHeader,
    bounds: ArrayLike<number>,
    counts: ArrayLike<number>,
    at: number,
    sum: number | undefined,
    extras?: HistogramExtras,
  ): void;
  exponentialHistogram(header: PointHeader, point: ExponentialHistogram, extras?: HistogramExtras): void;
  summary(header: PointHeader, count: number, sum: number, quantiles?: readonly Quantile[]): void;
  /** A point of any type without a value: the series is gone (`FLAG_NO_RECORDED_VALUE`). */
  noRecordedValue(header: PointHeader): void;
}
