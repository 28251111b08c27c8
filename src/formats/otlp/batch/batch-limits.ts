/** The limits of a request's points. */
export interface BatchLimits {
  /** Attributes of a point, an exemplar, a resource, a scope, or a metric's metadata. */
  readonly attributes: number;
  /** Bytes of a string, or of an attribute's value of another type. Names, units, descriptions and schema URLs count. */
  readonly valueBytes: number;
  /** Buckets of a histogram, in each range of an exponential one, or quantiles of a summary. */
  readonly buckets: number;
}

export const defaultBatchLimits: BatchLimits = Object.freeze({ attributes: 128, valueBytes: 65_536, buckets: 1_000 });

/** For what was accepted once, or was written by Meterbridge: it is not rejected later. */
export const noLimits: BatchLimits = Object.freeze({
  attributes: Number.MAX_SAFE_INTEGER,
  valueBytes: Number.MAX_SAFE_INTEGER,
  buckets: Number.MAX_SAFE_INTEGER,
});
