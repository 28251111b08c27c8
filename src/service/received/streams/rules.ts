/** Which rule a metric's points follow in time, by its type and temporality, or why they cannot be shown. */
import { metricType } from '../../../formats/otlp/batch/batch-index.ts';
import { temporalities } from '../../../formats/otlp/wire/protobuf-tags.ts';

/** `newest`: a gauge, whose start is not used. `cumulative`: the newest, since a start. `delta`: what is added up here. */
export type Rule = 'newest' | 'cumulative' | 'delta';

/** Reasons why points are not shown that their metric gives, as they are counted. */
export type Unshown = 'temporality_unspecified' | 'delta_not_monotonic';

/**
 * "UNSPECIFIED is the default AggregationTemporality, it MUST not be used" (metrics.proto). The changes of a sum that goes up and
 * down are no value without the first one, which is unknown.
 */
export function ruleOf(type: number, temporality: number, monotonic: boolean): Rule | Unshown {
  if (type === metricType.gauge) return 'newest';
  if (type === metricType.summary) return 'cumulative';
  if (temporality === temporalities.cumulative) return 'cumulative';
  if (temporality !== temporalities.delta) return 'temporality_unspecified';
  return type === metricType.sum && !monotonic ? 'delta_not_monotonic' : 'delta';
}
