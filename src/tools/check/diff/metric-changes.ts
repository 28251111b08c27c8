/** Everything that differs between a metric and what became of it. */
import type { Metric } from '../../../core/contract/index.ts';
import { WORKER_LABEL } from '../../../core/contract/metric.ts';
import { bucketChanges } from './bucket-changes.ts';
import type { Hints, Mapping } from './change.ts';
import type { ImpactRuleId } from './impacts.ts';
import { labelChanges } from './label-changes.ts';
import { exposedLabel } from './label-set.ts';
import type { MatchedMetric } from './match-metrics.ts';
import type { Recorder } from './recorder.ts';
import { typeRule } from './type-change.ts';
import { unitFactor } from './unit-factor.ts';

export function metricChanges(
  { key, metric: from }: MatchedMetric,
  next: MatchedMetric,
  hints: Hints,
  recorder: Recorder,
): Mapping {
  const to = next.metric;
  nameChanges(from, to, [key, next.key], recorder);
  const type = typeRule(from, to);
  if (type !== undefined) recorder.add(type, { at: 'kind', from: from.kind, to: to.kind });
  flagChange('text-counters-changed', 'counters', countersText(from), countersText(to), recorder);
  const factor = unitChange(from, to, recorder);
  if (from.help !== to.help) recorder.add('help-changed', { at: 'help', from: from.help, to: to.help });
  const { labels, values } = labelChanges(from, to, labelHints(from, to, hints), valueHints(from, hints), recorder);
  bucketChanges(from, to, factor, recorder);
  behaviourChanges(from, to, recorder);
  acrossChanges(from, to, recorder);
  flagChange('min-max-changed', 'minMax', from.minMax, to.minMax, recorder);
  flagChange('deprecation-changed', 'deprecated', from.deprecated, to.deprecated, recorder);
  flagChange('stability-changed', 'stability', from.stability, to.stability, recorder);
  return { from, to, labels: withWorker(labels, from, to), values, factor };
}

const countersText = ({ counters }: Metric) => counters && JSON.stringify([counters.sum, counters.count]);

function nameChanges(from: Metric, to: Metric, keys: readonly [string, string], recorder: Recorder): void {
  flagChange('series-renamed', 'series', from.series, to.series, recorder);
  if (keys[0] !== keys[1]) recorder.add('key-renamed', { at: '', from: keys[0], to: keys[1] });
  flagChange('instrument-renamed', 'instrument', from.instrument, to.instrument, recorder);
  flagChange('verbatim-changed', 'verbatim', from.verbatim ?? false, to.verbatim ?? false, recorder);
}

function unitChange(from: Metric, to: Metric, recorder: Recorder): number | undefined {
  const factor = unitFactor(from.unit, to.unit);
  if (from.unit === to.unit) return factor;
  const facts = { at: 'unit', from: from.unit, to: to.unit };
  if (factor === 1) recorder.add('unit-respelled', facts);
  else if (factor !== undefined) recorder.add('unit-scaled', { ...facts, factor });
  else recorder.add(from.unit === '' || to.unit === '' ? 'unit-declared' : 'unit-replaced', facts);
  return factor;
}

function behaviourChanges(from: Metric, to: Metric, recorder: Recorder): void {
  flagChange(to.observed ? 'recorded-to-observed' : 'observed-to-recorded', 'observed', from.observed, to.observed, recorder);
  flagChange(to.unknownStart ? 'start-unknown' : 'start-known', 'unknownStart', from.unknownStart, to.unknownStart, recorder);
  const begun =
    to.kind === 'counter' || to.kind === 'histogram' || to.kind === 'summary' ? 'zero-fill-begun' : 'zero-fill-of-levels';
  flagChange(to.zeroFilled ? begun : 'zero-fill-ended', 'zeroFilled', from.zeroFilled, to.zeroFilled, recorder);
  flagChange(to.omitEmpty ? 'metadata-omitted' : 'metadata-kept', 'omitEmpty', from.omitEmpty, to.omitEmpty, recorder);
  flagChange(to.exemplars ? 'exemplars-begun' : 'exemplars-ended', 'exemplars', from.exemplars, to.exemplars, recorder);
}

/** Undefined means a kind that has none, so that its change of kind says it all; the field is reported none the less. */
function acrossChanges({ across: from }: Metric, { across: to }: Metric, recorder: Recorder): void {
  if (from === to) return;
  const facts = { at: 'across', from, to };
  if (to === 'omit') recorder.add('across-omitted', facts);
  else if (from === 'omit') recorder.add('across-restored', facts);
  else if (from === WORKER_LABEL) recorder.add('worker-removed', facts);
  else recorder.add(to === WORKER_LABEL ? 'worker-added' : 'across-changed', facts);
}

function flagChange<T extends string | boolean | undefined>(
  rule: ImpactRuleId,
  at: string,
  from: T,
  to: T,
  recorder: Recorder,
): void {
  if (from !== to) recorder.add(rule, { at, from: from?.toString(), to: to?.toString() });
}

function withWorker(
  labels: ReadonlyMap<string, string | undefined>,
  from: Metric,
  to: Metric,
): ReadonlyMap<string, string | undefined> {
  if (from.across !== WORKER_LABEL) return labels;
  return new Map([...labels, [WORKER_LABEL, to.across === WORKER_LABEL ? WORKER_LABEL : undefined]]);
}

function labelHints(from: Metric, to: Metric, hints: Hints): ReadonlyMap<string, string> {
  const given = hints.labels.get(from.series) ?? new Map<string, string>();
  return new Map([...given].map(([old, next]) => [exposedLabel(old, from), exposedLabel(next, to)]));
}

function valueHints(from: Metric, hints: Hints): ReadonlyMap<string, ReadonlyMap<string, readonly string[]>> {
  const given = hints.values.get(from.series) ?? new Map<string, ReadonlyMap<string, readonly string[]>>();
  return new Map([...given].map(([label, values]) => [exposedLabel(label, from), values]));
}
