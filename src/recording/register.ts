/** Turns a contract into recorders: series, a family in the store and an instrument for each metric. */
import type { Contract, Metric } from '../contract/metric.ts';
import { createLabelledSeries } from '../series/labelled-series.ts';
import type { OnAdmit } from '../series/refusals.ts';
import type { FamilySpec, Source, Store } from '../store/store.ts';
import type { Engine, Instrument, Recordable } from './engine.ts';
import { createExemplars } from './exemplars.ts';
import { forget, type Observed } from './observed/observed.ts';
import { type AddGroup, createObservedRecorder } from './observed/observed-recorder.ts';
import { createRecorded, type Recording, type Stopwatch } from './recorded.ts';

export interface RegisterOptions {
  readonly store: Store;
  readonly engine: Engine;
  readonly clock: () => number;
  readonly stopwatch: Stopwatch;
  readonly onAdmit: OnAdmit;
  /** Adds a group to those that each collection runs; returns a function that removes it. */
  readonly addGroup: AddGroup;
}

export interface Registered {
  readonly contract: Contract;
  /** One recorder per metric, under the contract's keys. */
  readonly recorder: Readonly<Record<string, object>>;
  /** Recorded metrics by instrument name, for the OpenTelemetry API. */
  readonly recorded: ReadonlyMap<string, Recording & { readonly metric: Metric }>;
  /** Observed metrics by instrument name. */
  readonly observed: ReadonlyMap<string, Observed>;
  readonly source: Source;
  /** Removes all series, as if newly registered. Callbacks stay attached. */
  reset(): void;
  /** Stops recording. */
  close(): void;
}

export function registerContract(contract: Contract, options: RegisterOptions): Registered {
  const { store, engine, clock, stopwatch, onAdmit } = options;
  const source = store.source({ scope: { name: contract.name } });
  const recorder: Record<string, object> = {};
  const attached: { key: string; one: Recordable }[] = [];
  const observed = new Map<string, Observed>();

  for (const [key, metric] of Object.entries(contract.metrics)) {
    const family = source.family(familySpec(contract, metric), !metric.observed);
    const series = createLabelledSeries(metric, family, { onAdmit, clock });
    if (metric.observed) {
      const last = { ms: metric.unknownStart ? 0 : clock() };
      const one: Observed = Object.freeze({ metric, series, family, source, last });
      observed.set(metric.instrument, one);
      recorder[key] = createObservedRecorder(one, options.addGroup);
    } else attached.push({ key, one: { metric, series, family, exemplars: createExemplars(family, clock) } });
  }

  const recorded = new Map<string, Recording & { readonly metric: Metric }>();
  const instruments = engine.attach(
    contract,
    attached.map(({ one }) => one),
  );
  for (const [at, { key, one }] of attached.entries()) {
    const recording = createRecorded(one, instruments[at] as Instrument, stopwatch);
    recorded.set(one.metric.instrument, Object.freeze({ ...recording, metric: one.metric }));
    recorder[key] = recording.recorder;
  }

  return Object.freeze({
    contract,
    recorder: Object.freeze(recorder),
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

export function familySpec(contract: Contract, metric: Metric): FamilySpec {
  const labels = [...Object.keys(metric.constantLabels), ...Object.keys(metric.labels)];
  return {
    name: metric.instrument,
    kind: metric.kind,
    unit: metric.unit,
    help: metric.help,
    labels,
    ...buckets(metric),
    sorted: Object.values(metric.labels).some((label) => label.kind !== 'closed'),
    omitEmpty: metric.omitEmpty,
    ...(metric.exemplars ? { exemplars: true } : {}),
    maxAgeMs: contract.maxAgeMs,
  };
}

function buckets({ kind, bounds, exponential, minMax }: Metric): Pick<FamilySpec, 'bounds' | 'exponential' | 'minMax'> {
  if (kind !== 'histogram') return {};
  const kept = minMax ? { minMax } : {};
  return exponential === undefined ? { bounds, ...kept } : { exponential, ...kept };
}
