/**
 * The kinds of series. You can declare and record the first six; only foreign endpoints have the last three.
 * `updowncounter` and `info` are exposed as gauges (`*_build_info` is a gauge in every format), unless a family is to have its
 * own type in OpenMetrics.
 */
export const kinds = [
  'counter',
  'updowncounter',
  'gauge',
  'histogram',
  'summary',
  'info',
  'unknown',
  'stateset',
  'gaugehistogram',
] as const;

export type Kind = (typeof kinds)[number];

/** The types that text 0.0.4 has: one for several kinds. */
export const textTypes: Readonly<Record<Kind, 'counter' | 'gauge' | 'histogram' | 'summary' | 'untyped'>> = {
  counter: 'counter',
  updowncounter: 'gauge',
  gauge: 'gauge',
  histogram: 'histogram',
  summary: 'summary',
  info: 'gauge',
  unknown: 'untyped',
  stateset: 'gauge',
  gaugehistogram: 'histogram',
};
