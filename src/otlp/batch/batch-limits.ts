/** The limits of a request's points. */
export interface BatchLimits {
  /** Attributes of a point, an exemplar, a resource, a scope, or a metric's metadata. */
  readonly attributes: number;
  /** Bytes of a string, or of an attribute's value of another type. Names, units, descriptions and schema URLs count. */
  readonly valueBytes: number;
}

export const defaultBatchLimits: BatchLimits = Object.freeze({ attributes: 128, valueBytes: 65_536 });
