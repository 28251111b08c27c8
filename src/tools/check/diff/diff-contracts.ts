/** Compares two contracts: every change with what it does to expressions, and what became of each series. */
import { type Contract, toJson } from '../../../core/contract/index.ts';
import type { Change, ContractDiff, Hints, Mapping } from './change.ts';
import { checkHints } from './check-hints.ts';
import { labelSet } from './label-set.ts';
import { type MatchedMetric, matchMetrics } from './match-metrics.ts';
import { metricChanges } from './metric-changes.ts';
import { createRecorder, type Recorder } from './recorder.ts';

export const noHints: Hints = Object.freeze({ metrics: new Map(), labels: new Map(), values: new Map() });

/**
 * Every difference that the two contracts' JSON shows has its change; equal contracts have none. Metrics match by a hint, by the
 * series' name, or by the key. Pure and deterministic.
 *
 * @throws MeterbridgeError `CLI_USAGE` for hints with names that the contracts do not have
 */
export function diffContracts(old: Contract, next: Contract, hints: Hints = noHints): ContractDiff {
  const { pairs, added } = matchMetrics(old, next, hints);
  checkHints(old, next, hints, pairs);
  const changes: Change[] = [];
  const mappings = new Map<string, Mapping>();
  contractChanges(old, next, createRecorder(changes, '', next.name));
  for (const [from, to] of pairs) {
    const { series } = from.metric;
    const recorder = createRecorder(changes, series, to === undefined ? placeOf(old, from) : placeOf(next, to));
    mappings.set(series, to === undefined ? removal(from, recorder) : metricChanges(from, to, hints, recorder));
  }
  for (const entry of added) {
    const { series, kind } = entry.metric;
    const rule = mappings.has(series) ? 'metric-reused' : 'metric-added';
    createRecorder(changes, series, placeOf(next, entry)).add(rule, { at: '', to: `${series} (${kind})` });
  }
  return { changes, mappings };
}

function placeOf({ name }: Contract, { key }: MatchedMetric): string {
  return `${name}.metrics.${key}`;
}

function removal({ metric }: MatchedMetric, recorder: Recorder): Mapping {
  recorder.add('metric-removed', { at: '', from: `${metric.series} (${metric.kind})` });
  const labels = new Map([...labelSet(metric).keys()].map((name) => [name, undefined]));
  return { from: metric, to: undefined, labels, values: new Map(), factor: undefined };
}

function contractChanges(old: Contract, next: Contract, recorder: Recorder): void {
  const [a, b] = [toJson(old), toJson(next)];
  if (a.name !== b.name) recorder.add('contract-renamed', { at: 'name', from: a.name, to: b.name });
  if (a.defaultFormat !== b.defaultFormat) {
    recorder.add('default-format-changed', { at: 'defaultFormat', from: a.defaultFormat, to: b.defaultFormat });
  }
  if (old.maxAgeMs !== next.maxAgeMs) {
    const rule = next.maxAgeMs < old.maxAgeMs ? 'max-age-lowered' : 'max-age-raised';
    recorder.add(rule, { at: 'maxAgeMs', from: String(old.maxAgeMs), to: String(next.maxAgeMs) });
  }
  acceptsChanges(a.accepts, b.accepts, recorder);
  orderChange(Object.keys(a.metrics), Object.keys(b.metrics), recorder);
}

type Accepts = Readonly<Record<string, readonly string[]>>;

function acceptsChanges(old: Accepts, next: Accepts, recorder: Recorder): void {
  for (const series of new Set([...Object.keys(old), ...Object.keys(next)])) {
    const [from, to] = [ownOf(old, series)?.join(', '), ownOf(next, series)?.join(', ')];
    if (from !== to) recorder.add('accepts-changed', { at: `accepts.${series}`, which: series, from, to });
  }
}

function ownOf(lists: Accepts, key: string): readonly string[] | undefined {
  return Object.hasOwn(lists, key) ? lists[key] : undefined;
}

/** Of the keys that both have. */
function orderChange(old: readonly string[], next: readonly string[], recorder: Recorder): void {
  const [had, has] = [new Set(old), new Set(next)];
  const [kept, now] = [old.filter((key) => has.has(key)), next.filter((key) => had.has(key))];
  if (kept.join() !== now.join()) recorder.add('metric-order', { at: 'metrics', from: kept.join(', '), to: now.join(', ') });
}
