/**
 * Observed metrics: each collection runs their callbacks. Meterbridge does not use the SDK's observables, because those keep
 * every attribute set forever, add up differences (0.1, then 0.3, may become 0.30000000000000004) and have no histogram. A
 * callback that fails or is late affects only its own families: their last good values stay in the store and age.
 */
import type { Metric } from '../../../core/contract/metric.ts';
import { MeterbridgeError } from '../../../core/errors/error.ts';
import { shown } from '../../../core/errors/shown.ts';
import type { Kind } from '../../../core/naming/kind.ts';
import { valueRule } from '../../../core/store/index.ts';
import type { Family, Row, Source } from '../../../core/store/store.ts';
import { combinations, combinationsBeside } from '../../series/by-labels/combinations.ts';
import { labelsIn, ownLabel } from '../../series/label-rules/read-labels.ts';
import { type Series, seriesKey } from '../../series/series.ts';
import type { SeriesTable } from '../../series/series-table.ts';
import { forgetGood } from './last-good.ts';
import { checkedValue, type Observation, sum, type Value, valueShape, writeValue, zeroOf } from './observed-value.ts';

/** Receives the log line when a module that was reloaded (hot reload) takes over what the earlier one holds. */
export type HandOver = (line: string) => void;

/** An observed metric with its series and its family in the store. */
export interface Observed {
  readonly metric: Metric;
  readonly series: SeriesTable;
  readonly family: Family;
  readonly source: Source;
  /**
   * The last observation, in ms since the epoch; a new series starts there. Before the first observation: when the instrument was
   * created, or 0 if the start is unknown (Metrics SDK, "Start timestamps").
   */
  readonly last: { ms: number };
  /** A later callback replaces the present one, and this receives the log line. Absent: a second callback is an error. */
  readonly handOver?: HandOver | undefined;
  /**
   * A value or labels of a wrong shape are rejected alone, as OpenTelemetry's SDK does; the rest of the run is valid. Default:
   * the run has failed.
   */
  readonly refusesAlone?: true;
  /** The kind of its instrument, whose values it takes, where a view shows them as another one. Default: that of the metric. */
  readonly accepts?: Kind;
  /** Converts an observed value to one of the metric, e.g. a whole number. */
  readonly adjust?: (value: unknown) => unknown;
}

/** What one run of a callback has set so far on one metric. */
export interface Report {
  put(value: unknown, labels: unknown): void;
  /**
   * The first value or labels of a wrong shape. The run has failed: without them the metric would show less than there is, or a 0
   * that nothing observed.
   */
  readonly wrong: MeterbridgeError | undefined;
  /** Returns what the run has set, and ignores what it sets from now on. */
  end(): readonly Observation[];
}

export function openReport({
  metric,
  series: table,
  refusesAlone,
  accepts: kind = metric.kind,
  adjust = asIs,
}: Observed): Report {
  const accepts = valueRule(kind);
  const names = Object.keys(metric.labels);
  let wrong: MeterbridgeError | undefined;
  /** Undefined: what is set from now on is ignored. */
  let observations: Observation[] | undefined = [];

  return {
    put(value, given) {
      if (observations === undefined) return;
      const checked = checkedValue(metric, adjust(value), accepts);
      const labels = labelsIn(given);
      if (checked === undefined) {
        table.refuse('value', undefined, value);
        wrong ??= wrongShape(
          metric.series,
          value,
          valueShape(metric),
          'report such a value, leave out a series that has none, or throw if it is unknown',
        );
      } else if (labels === undefined) {
        table.refuse('label_type', undefined, given);
        wrong ??= wrongShape(metric.series, given, 'labels are an object', `set(value, { ${names.join(', ')} })`);
      } else {
        const missing = names.find((name) => ownLabel(labels, name) == null);
        if (missing !== undefined) {
          table.refuse('label_missing', missing);
          wrong ??= wrongShape(
            `${metric.series}{${missing}}`,
            undefined,
            'every label of the contract has a value',
            'set all labels',
          );
        } else observations.push({ value: checked, labels });
      }
    },
    get wrong() {
      return refusesAlone ? undefined : wrong;
    },
    end() {
      const set = observations ?? [];
      observations = undefined;
      return set;
    },
  };
}

/**
 * Replaces the metric's values in the store, inside `Source.replace`. Series are admitted only here, after a successful run, so
 * that a failed one takes up no limit, and series that are gone free theirs.
 */
export function writeObserved(
  { metric, series: table, family, last }: Observed,
  observations: readonly Observation[],
  now: number,
): void {
  const retired = retire(table, observations);
  const values = enterAll(table, observations);
  zeroFill(table, values);
  const resetMs = metric.unknownStart ? 0 : now;
  for (const [series, value] of values) {
    if (series.row === 0) series.row = retired.get(seriesKey(series)) ?? 0;
    const isNew = series.row === 0;
    if (isNew && !table.place(series, last.ms)) continue;
    if (!isNew) family.keep(series.row);
    // What is there now has come since the last observation, but not all of it since this one.
    if (writeValue(family, series.row, value) && !isNew) family.setStart(series.row, resetMs, false);
  }
  last.ms = now;
}

/**
 * The rows of series that the run did not set, by key: a series that comes back (several are aggregated into it) keeps its row.
 */
function retire(table: SeriesTable, observations: readonly Observation[]): Map<string, Row> {
  const again = new Set(observations.map(({ labels }) => table.find(labels)));
  const rows = new Map<string, Row>();
  for (const series of [...table.all()]) {
    if (again.has(series)) continue;
    rows.set(seriesKey(series), series.row);
    table.release(series);
  }
  return rows;
}

function enterAll(table: SeriesTable, observations: readonly Observation[]): Map<Series, Value> {
  const values = new Map<Series, Value>();
  const merged = new Set<Series>();
  const isGauge = table.metric.kind === 'gauge';
  for (const { value, labels } of table.lastOfEach?.(observations) ?? observations) {
    const entered = table.enter(labels);
    if (entered === undefined) continue;
    const { series } = entered;
    const before = values.get(series);
    if (entered.merged && !(entered.isAlias && isGauge)) merged.add(series);
    // Two series that are aggregated into one add up; for a series that the run sets twice, and for two spellings of a gauge's,
    // the last value counts.
    values.set(series, before !== undefined && merged.has(series) ? sum(before, value) : value);
  }
  return values;
}

function zeroFill(table: SeriesTable, values: Map<Series, Value>): void {
  const { metric } = table;
  if (!metric.zeroFilled) return;
  for (const labels of combinations(metric) ?? combinationsBeside(metric, values.keys())) {
    const series = table.enter(labels)?.series;
    if (series !== undefined && !values.has(series)) values.set(series, zeroOf(metric));
  }
}

/** Its callback is gone, and with it all series: what the next one observes is not what has come since. */
export function forget(one: Observed): void {
  one.series.reset();
  forgetGood(one);
  if (one.metric.unknownStart) one.last.ms = 0;
}

export function wrongShape(at: string, got: unknown, rule: string, fix: string): MeterbridgeError {
  return new MeterbridgeError('OBSERVE_MISUSE', [{ at, got: shown(got, 60), rule, fix }]);
}

function asIs(value: unknown): unknown {
  return value;
}
