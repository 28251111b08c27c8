export { type AttributePair, decodeAttributes, encodeAttributes } from './attributes.ts';
export { attributeBytes, attributePairs, splitAttributes } from './labels.ts';
export type {
  Exemplar,
  ExponentialBuckets,
  ExponentialHistogram,
  HistogramExtras,
  MetricHead,
  PointPlace,
  Quantile,
  ResourceHead,
  ScopeHead,
} from './metrics-writer.ts';
export { createMetricsWriter, type EncodedRequest, type Encoding, type MetricsWriter, type RequestLimits } from './requests.ts';
