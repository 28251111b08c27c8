/** What a change of a metric's kind does to the samples under its name. */
import type { Metric } from '../../../core/contract/index.ts';
import type { Kind } from '../../../core/naming/index.ts';
import type { ImpactRuleId } from './impacts.ts';

/** Kinds whose samples have the same names and the same meaning to PromQL. */
const classes: Readonly<Record<Kind, 'total' | 'level' | 'fact' | 'unknown' | 'buckets' | 'quantiles' | 'level buckets'>> = {
  counter: 'total',
  updowncounter: 'level',
  gauge: 'level',
  histogram: 'buckets',
  summary: 'quantiles',
  info: 'fact',
  unknown: 'unknown',
  stateset: 'fact',
  gaugehistogram: 'level buckets',
};

const plain: ReadonlySet<string> = new Set(['total', 'level', 'fact', 'unknown']);

/** The row of the table of impacts; undefined: the kind is the same. */
export function typeRule(from: Metric, to: Metric): ImpactRuleId | undefined {
  if (from.kind === to.kind) return undefined;
  const [old, next] = [classes[from.kind], classes[to.kind]];
  if (old === 'quantiles' && next === 'buckets' && (from.quantiles ?? []).length === 0) return 'quantiles-to-buckets';
  if (!plain.has(old) || !plain.has(next)) return 'samples-changed';
  if (old === 'unknown' || next === 'unknown') return 'type-declared';
  if (old === 'total') return 'counter-to-level';
  if (next === 'total') return 'level-to-counter';
  return old === next && old === 'level' ? 'level-to-level' : 'level-to-facts';
}
