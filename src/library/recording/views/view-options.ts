/**
 * The views of a bridge as its options give them: plain data in the words of the OpenTelemetry SDK, which need not be installed.
 */

/** The SDK's `InstrumentType`. */
export type InstrumentType =
  | 'COUNTER'
  | 'GAUGE'
  | 'HISTOGRAM'
  | 'UP_DOWN_COUNTER'
  | 'OBSERVABLE_COUNTER'
  | 'OBSERVABLE_GAUGE'
  | 'OBSERVABLE_UP_DOWN_COUNTER';

/** The SDK's `AggregationOption`, whose types are names here. */
export type ViewAggregation =
  | {
      /**
       * `DEFAULT`: the one of the instrument, with the boundaries that it advises. `DROP`: none, so nothing is recorded. `SUM`:
       * of a gauge, too. `LAST_VALUE`: a gauge of what was recorded last.
       */
      readonly type: 'DEFAULT' | 'DROP' | 'SUM' | 'LAST_VALUE';
    }
  | {
      /** Not for observable instruments. Of an up-down counter or a gauge, whose values may be negative, it has no sum. */
      readonly type: 'EXPLICIT_BUCKET_HISTOGRAM';
      readonly options?: {
        /** Upper bounds, finite and strictly ascending, without +Inf. Default: those of the specification, 0 to 10,000. */
        readonly boundaries?: readonly number[];
        /** Whether the smallest and the largest value are kept, for pushes. Default true. */
        readonly recordMinMax?: boolean;
      };
    }
  | {
      /** Only for counters and histograms that are not observable: Prometheus takes no exponential histogram without a sum. */
      readonly type: 'EXPONENTIAL_HISTOGRAM';
      readonly options?: {
        /** The most buckets, from 2 to 1,024. Default 160. */
        readonly maxSize?: number;
        /** The scale that a series begins with, from -10 to 20. Default 20. */
        readonly maxScale?: number;
        /** Whether the smallest and the largest value are kept, for pushes. Default true. */
        readonly recordMinMax?: boolean;
      };
    };

/** Attributes by their keys, as they are passed. */
export interface AttributeKeys {
  /** These are kept, and all others dropped; an empty list keeps none. Default: all. */
  readonly included?: readonly string[];
  /** These are dropped, also of `included`. Default: none. */
  readonly excluded?: readonly string[];
}

/**
 * Changes how instruments are recorded that no contract names (OpenTelemetry Metrics SDK, "View"). It selects those that meet all
 * of its criteria, at least one, and makes one metric of each. Several views that select an instrument make a metric each, so all
 * but one of them need a `name`.
 */
export interface ViewOptions {
  /** Selects by the instrument's name, in any case. `*` stands for any characters, none too, and `?` for one. */
  readonly instrumentName?: string;
  /** Selects by the kind of instrument. */
  readonly instrumentType?: InstrumentType;
  /** Selects by the exact unit. */
  readonly instrumentUnit?: string;
  /** Selects by the exact name of the meter, which is that of the library. */
  readonly meterName?: string;
  /** Selects by the exact version of the meter. */
  readonly meterVersion?: string;
  /** Selects by the exact schema URL of the meter. */
  readonly meterSchemaUrl?: string;
  /** The metric's name. Only with an `instrumentName` without wildcards. Default: the instrument's. */
  readonly name?: string;
  /** The metric's description. Default: the instrument's. */
  readonly description?: string;
  /**
   * Which attributes the metric has. Measurements that differ only in others add up; of a gauge, the newest counts. Default: all.
   */
  readonly attributeKeys?: AttributeKeys;
  /** What becomes of measurements. Default: `{ type: 'DEFAULT' }`. */
  readonly aggregation?: ViewAggregation;
  /** The most sets of attributes. The rest adds up under `otel.metric.overflow`. Default 2,000. */
  readonly aggregationCardinalityLimit?: number;
}
