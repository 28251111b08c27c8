export { type AttributePair, encodeAttributes } from './value/attributes.ts';
export { attributeBytes, attributePairs, plainAttributes, splitAttributes } from './value/labels.ts';
export type {
  Exemplar,
  ExponentialBuckets,
  ExponentialHistogram,
  HistogramExtras,
  MetricHead,
  PointHeader,
  Quantile,
  ResourceHead,
  ScopeHead,
} from './write/metrics-writer.ts';
export { createMetricsWriter, type EncodedRequest, type MetricsWriter, type RequestLimits } from './write/requests.ts';
