/**
 * The kinds of series. You can declare and record the first six; only foreign endpoints have the last three.
 * `updowncounter` and `info` are exposed as gauges (`*_build_info` is a gauge in every format).
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
