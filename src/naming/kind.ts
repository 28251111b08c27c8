/**
 * The kinds of series that Meterbridge knows. The first six can be declared and recorded; the last three are met only in
 * foreign endpoints. `updowncounter` and `info` are exposed as gauges (`*_build_info` is a gauge in every format).
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
