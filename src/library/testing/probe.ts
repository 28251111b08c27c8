/** Values of a bridge by the names of its contract, as a scrape would show them. */
import { valueFits } from '../../core/contract/fits.ts';
import { constantValue, isOptional } from '../../core/contract/labels.ts';
import type { Contract, Label, Labels, LabelValue, Metric } from '../../core/contract/metric.ts';
import { MeterbridgeError, type Problem } from '../../core/errors/error.ts';
import { fromCaller } from '../../core/errors/from-caller.ts';
import { isShown, readPoint } from '../../core/store/index.ts';
import type { FamilyView, Row, View } from '../../core/store/store.ts';
import { attributePairs } from '../../formats/otlp/index.ts';
import type { OpenBridge } from '../bridge/bridge.ts';
import type { LabelArgs } from '../recording/index.ts';

/** Sum and count, and the further values of a histogram. */
export interface Distribution {
  readonly count: number;
  readonly sum: number;
  /** Only histograms with bounds: the buckets, not cumulative; the last is +Inf. */
  readonly counts?: readonly number[];
  /**
   * Only exponential histograms: bucket `i` of `counts` goes from 2^((offset + i)·2^-scale), exclusive, to 2^((offset + i +
   * 1)·2^-scale), inclusive.
   */
  readonly exponential?: {
    readonly scale: number;
    readonly zeroCount: number;
    readonly offset: number;
    readonly counts: readonly number[];
  };
  /** If the contract has `minMax` and something was recorded. */
  readonly min?: number;
  readonly max?: number;
}

type ValueOf<T> = T extends Metric<infer K> ? (K extends 'histogram' | 'summary' ? Distribution : number) : never;
type LabelsOf<T> = T extends Metric<infer _K, infer L> ? L : Labels;
type LabelTexts = Readonly<Record<string, LabelValue>>;

/** What `of` reads of a bridge that the program under test has made. */
export interface Probe<C extends Contract> {
  /**
   * Runs the callbacks and returns what a scrape would show of one series; `undefined` if nothing.
   * @throws METRIC_UNKNOWN for a metric, a label or a value of a closed set that is not in the contract, and for a missing label
   */
  value<N extends keyof C['metrics'] & string>(
    metric: N,
    ...labels: LabelArgs<LabelsOf<C['metrics'][N]>>
  ): Promise<ValueOf<C['metrics'][N]> | undefined>;
  /** Removes all series, as if the bridge were new. Callbacks stay attached, and bindings stay valid. */
  reset(): void;
}

/** Reads what a scrape of a bridge would show. */
export function probe<C extends Contract>(open: OpenBridge): Probe<C> {
  async function read(name: string, labels: LabelTexts): Promise<number | Distribution | undefined> {
    const contract = open.contract();
    const metric = known(contract, name, labels);
    await open.bridge.refresh();
    return find(open.view, contract, metric, labels, open.now());
  }

  const value: Probe<C>['value'] = (name, ...[given]) => fromCaller(value, () => read(name, given ?? {}) as Promise<never>);

  return {
    value,
    reset: open.reset,
  };
}

function known(contract: Contract, name: string, labels: LabelTexts): Metric {
  const at = `value(${JSON.stringify(name)})`;
  const metric = Object.hasOwn(contract.metrics, name) ? contract.metrics[name] : undefined;
  if (metric === undefined) throw unknown([misspelt(at, name, 'metric', Object.keys(contract.metrics))]);
  const problems: Problem[] = [];
  for (const label of Object.keys(labels)) {
    if (!Object.hasOwn(metric.labels, label)) problems.push(misspelt(at, label, 'label', Object.keys(metric.labels)));
  }
  for (const [label, rule] of Object.entries(metric.labels))
    problems.push(...labelProblems(`${at}.${label}`, rule, labels[label]));
  if (problems.length > 0) throw unknown(problems);
  return metric;
}

function labelProblems(at: string, label: Label, value: LabelValue | undefined): Problem[] {
  if (value === undefined) return [{ at, got: 'nothing', rule: 'a series has all labels of its metric', fix: 'give the label' }];
  if (valueFits(label, String(value))) return [];
  return [misspelt(at, String(value), 'label value', label.kind === 'closed' ? label.values : [])];
}

function misspelt(at: string, got: string, what: string, names: readonly string[]): Problem {
  const fix = `use one of: ${names.join(', ') || '(none)'}`;
  return { at, got: JSON.stringify(got), rule: `the contract has no such ${what}`, fix };
}

function unknown(problems: readonly Problem[]): MeterbridgeError {
  return new MeterbridgeError('METRIC_UNKNOWN', problems);
}

function find(
  view: View,
  contract: Contract,
  metric: Metric,
  labels: LabelTexts,
  now: number,
): number | Distribution | undefined {
  const constant = Object.entries(metric.constantLabels).map(([name, label]): [string, string] => [
    name,
    constantValue(label) ?? '',
  ]);
  const own = Object.entries(labels).map(([name, value]): [string, string] => [name, String(value)]);
  const given = [...new Map([...constant, ...own])];
  const wanted = textOf(given.filter(([name, value]) => value !== '' || !isOptional(metric, name)));
  let found: number | Distribution | undefined;
  const visitor = {
    family: (family: FamilyView) =>
      family.source.scope.name === contract.name && family.spec.name === metric.instrument && isShown(family, now),
    row(family: FamilyView, row: Row, _generation: number, cellAt: number) {
      if (textOf(attributePairs(family.labels(row))) === wanted) found = valueAt(family, cellAt);
    },
  };
  let cursor = view.walk(visitor);
  while (cursor !== undefined) cursor = view.walk(visitor, cursor);
  return found;
}

function textOf(pairs: readonly (readonly [string, unknown])[]): string {
  return JSON.stringify(pairs.map((pair) => JSON.stringify(pair)).sort());
}

function valueAt({ rowLayout, cells }: FamilyView, at: number): number | Distribution {
  const point = readPoint(rowLayout, cells, at);
  if (point.form === 'number') return point.value;
  if (point.form === 'summary') return { count: point.count, sum: point.sum };
  const { count, sum, min, max } = point;
  const minMax = min === undefined || max === undefined ? {} : { min, max };
  const explicit = point.form === 'histogram' ? { counts: point.counts } : {};
  const both = readPoint(rowLayout, cells, at, 'exponential');
  if (both.form !== 'exponential') return { count, sum, ...explicit, ...minMax };
  const { scale, zeroCount, positive } = both;
  const exponential = { scale, zeroCount, offset: positive.offset, counts: Array.from(positive.counts) };
  return { count, sum, ...explicit, exponential, ...minMax };
}
