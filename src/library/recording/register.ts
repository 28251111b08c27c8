/** Turns a contract into recorders: series, a family in the store and an instrument for each metric. */
import { constantValue } from '../../core/contract/labels.ts';
import type { Contract, Metric } from '../../core/contract/metric.ts';
import { MeterbridgeError } from '../../core/errors/error.ts';
import type { Family, FamilySpec, Source, Store } from '../../core/store/store.ts';
import { createLabelledSeries } from '../series/by-labels/labelled-series.ts';
import type { OnAdmit } from '../series/refusals.ts';
import type { Engine, ExemplarFilter, Instrument, Recordable } from './engine.ts';
import { createExemplars, DEFAULT_EXEMPLAR_FILTER } from './exemplars.ts';
import { FILTERED_BYTES } from './filtered-attributes.ts';
import { forget, type HandOver, type Observed } from './observed/observed.ts';
import { type AddGroup, createObservedRecorder } from './observed/observed-recorder.ts';
import { createRecorded, type Recording, type Stopwatch } from './recorded.ts';
import type { Strict } from './strict.ts';

export interface RegisterOptions {
  readonly store: Store;
  readonly engine: Engine;
  readonly clock: () => number;
  readonly stopwatch: Stopwatch;
  readonly onAdmit: OnAdmit;
  /** Which measurements of metrics with exemplars can become one. Default `trace_based`. */
  readonly exemplars?: ExemplarFilter;
  /** Makes recorders throw. */
  readonly strict?: Strict | undefined;
  /** Adds a group to those that each collection runs; returns a function that removes it. */
  readonly addGroup: AddGroup;
  /** A later callback replaces an earlier one, and this receives the log line. Absent: a second callback is an error. */
  readonly handOver?: HandOver | undefined;
}

/** A recorded metric of a contract. */
export interface RecordedMetric extends Recording {
  readonly metric: Metric;
  readonly family: Family;
}

/** The source of a contract and the metrics that it has, by instrument name, for the OpenTelemetry API. */
export interface RegisteredMetric {
  readonly source: Source;
  readonly recorded: ReadonlyMap<string, RecordedMetric>;
  readonly observed: ReadonlyMap<string, Observed>;
}

export interface Registered extends RegisteredMetric {
  readonly contract: Contract;
  /** One recorder per metric, under the contract's keys. */
  readonly recorder: Readonly<Record<string, object>>;
  /** Removes all series, as if newly registered. Callbacks stay attached. */
  reset(): void;
  /** Stops recording. */
  close(): void;
}

/** `kept`: what an earlier contract of this name has, and this one declares alike (see `replace.ts`). */
export function registerContract(contract: Contract, options: RegisterOptions, kept?: RegisteredMetric): Registered {
  const { store, engine, addGroup, strict } = options;
  checkParameters(contract);
  const source = kept?.source ?? store.source({ scope: { name: contract.name } });
  const observed = new Map(kept?.observed);
  const recorded = new Map(kept?.recorded);
  const attached: Recordable[] = [];

  for (const metric of Object.values(contract.metrics)) {
    const { instrument } = metric;
    if (observed.has(instrument) || recorded.has(instrument)) continue;
    const added = addMetric(contract, metric, source, options);
    if ('source' in added) observed.set(instrument, added);
    else attached.push(added);
  }

  const instruments = engine.attach(contract, attached);
  for (const [at, one] of attached.entries()) {
    const recording = createRecorded(one, instruments[at] as Instrument, options);
    const recorder = strict?.recorder(recording.recorder) ?? recording.recorder;
    recorded.set(one.metric.instrument, Object.freeze({ ...recording, recorder, metric: one.metric, family: one.family }));
  }
  const recorderOf = ({ instrument }: Metric): object =>
    recorded.get(instrument)?.recorder ?? createObservedRecorder(observed.get(instrument) as Observed, addGroup);

  return Object.freeze({
    contract,
    recorder: Object.freeze(
      Object.fromEntries(Object.entries(contract.metrics).map(([key, metric]) => [key, recorderOf(metric)])),
    ),
    recorded,
    observed,
    source,
    reset() {
      for (const recording of recorded.values()) recording.reset();
      for (const one of observed.values()) forget(one);
    },
    close() {
      for (const recording of recorded.values()) recording.close();
    },
  });
}

/** @throws CONTRACT_INVALID where a constant label that the program decides has no value yet */
function checkParameters({ name, metrics }: Contract): void {
  const problems = Object.entries(metrics).flatMap(([key, { constantLabels }]) =>
    Object.entries(constantLabels)
      .filter(([, label]) => constantValue(label) === undefined)
      .map(([label]) => ({
        at: `${name}.metrics.${key}.constantLabels.${label}`,
        got: 'no value',
        rule: 'a program that records gives each parameter of its contract a value',
        fix: `write ${label}: parameter('…') where the contract is made`,
      })),
  );
  if (problems.length > 0) throw new MeterbridgeError('CONTRACT_INVALID', problems);
}

function addMetric(contract: Contract, metric: Metric, source: Source, options: RegisterOptions): Recordable | Observed {
  const { clock, onAdmit, handOver, exemplars: filter = DEFAULT_EXEMPLAR_FILTER } = options;
  const spec = familySpec(contract, metric, options.engine.histograms);
  const exemplars = spec.exemplars === true && filter !== 'always_off';
  const shape = { exemplars, ...(exemplars && { exemplarText: FILTERED_BYTES }) };
  const family = source.family({ ...spec, ...shape, madeMs: clock() }, !metric.observed);
  const series = createLabelledSeries(metric, family, { onAdmit, clock });
  if (!metric.observed) return { metric, series, family, exemplars: createExemplars(family, clock, filter) };
  const last = { ms: metric.unknownStart ? 0 : clock() };
  return Object.freeze<Observed>({ metric, series, family, source, last, handOver });
}

/** `histograms`: what the engine records of one that has both kinds of buckets. */
export function familySpec(contract: Contract, metric: Metric, histograms?: Engine['histograms']): FamilySpec {
  const labels = [...Object.keys(metric.constantLabels), ...Object.keys(metric.labels)];
  return {
    name: metric.instrument,
    kind: metric.kind,
    ...(metric.verbatim === true && { exposed: { series: metric.series, openMetrics: metric.series } }),
    unit: metric.unit,
    help: metric.help,
    ...(metric.counters !== undefined && { counters: metric.counters }),
    labels,
    ...buckets(metric, histograms),
    sorted: Object.values(metric.labels).some((label) => label.kind !== 'closed'),
    omitEmpty: metric.omitEmpty,
    ...(metric.unknownStart ? { unknownStart: true } : {}),
    ...(metric.exemplars ? { exemplars: true } : {}),
    ...(metric.across === undefined || metric.across === 'sum' ? {} : { across: metric.across }),
    ...limits(metric),
    maxAgeMs: contract.maxAgeMs,
  };
}

/** Of several gauges there is no sum that is a value of any of them: see `series/label-rules/value-rule-of-label.ts`. */
function limits({ kind, labels }: Metric): Pick<FamilySpec, 'limits'> {
  const limited = Object.entries(labels).flatMap(([name, label]) => {
    if (label.kind === 'closed') return [];
    const refuses = label.kind === 'identity' && (kind === 'gauge' || kind === 'info');
    const { limit, kind: ofLabel, other } = label;
    return [[name, { limit, kind: ofLabel, ...(!refuses && { other }) }] as const];
  });
  return limited.length === 0 ? {} : { limits: Object.fromEntries(limited) };
}

function buckets(
  { kind, bounds, exponential, minMax }: Metric,
  histograms: Engine['histograms'],
): Pick<FamilySpec, 'bounds' | 'exponential' | 'minMax'> {
  if (kind !== 'histogram') return {};
  const hasBounds = bounds.length > 0 || exponential === undefined;
  const isExponential = exponential !== undefined && !(hasBounds && histograms === 'explicit');
  return { ...(hasBounds && { bounds }), ...(isExponential && { exponential }), ...(minMax && { minMax }) };
}
