/** Received series over a store, for tests: names and labels as they were sent, and what is shown as plain data. */
import {
  createStore,
  type Family,
  type FamilySpec,
  readExemplars,
  readExponential,
  type Source,
  type StoredExemplar,
  type View,
} from '../../../src/core/store/index.ts';
import { readBatch } from '../../../src/formats/otlp/batch/batch.ts';
import {
  createReceived,
  type ReceivedEvent,
  type ReceivedLimits,
  type ReceivedOptions,
} from '../../../src/service/received/index.ts';
import { requestOf, type SentMetric, type SentPoint, type SentResource } from './sender.ts';

/** The labels of a test's series are its attributes, with `job` and `instance` of the resource. */
export interface RigOptions {
  readonly limits?: Partial<ReceivedLimits>;
  readonly expireAfterMs?: number;
  readonly exemplars?: boolean;
  readonly timestamps?: boolean;
  /** Names at most. */
  readonly maxFamilies?: number;
  readonly room?: NonNullable<ReceivedOptions['room']>;
  readonly maxMemory?: number;
  /** Of the labels of a family. */
  readonly mostLabelBytes?: number;
}

export function createRig({
  limits = {},
  expireAfterMs = 300_000,
  exemplars = false,
  timestamps = false,
  maxFamilies = 1e6,
  mostLabelBytes,
  ...memory
}: RigOptions = {}) {
  const store = createStore(mostLabelBytes === undefined ? {} : { mostLabelBytes });
  const source = store.source({ scope: { name: 'received' } });
  const log: string[] = [];
  const events: ReceivedEvent[] = [];
  const clock = { now: 0 };

  /** Tells of the families of received names. */
  function family(spec: FamilySpec, ...rest: [live: boolean, beside?: Parameters<Source['family']>[2]]): Family {
    const opened = source.family(spec, ...rest);
    if (spec.name === 'target_info') return opened;
    log.push(`open ${spec.name}`);
    const end = opened.end.bind(opened);
    opened.end = () => {
      log.push(`end ${spec.name}`);
      end();
    };
    return opened;
  }

  const received = createReceived({
    source: { ...source, family },
    strategy: 'NoTranslation',
    namespace: '',
    constLabels: new Map(),
    withoutScope: true,
    resourceLabels: 'none',
    exemplars,
    timestamps,
    maxFamilies,
    warn: () => {},
    limits,
    ...memory,
    expireAfterMs,
    clock: () => clock.now,
    tell: (event) => events.push(event),
  });

  return {
    received,
    store,
    clock,
    log,
    events,
    send: (...resources: SentResource[]) => received.take(readBatch(requestOf(...resources))),
    /** Points of one metric of one resource. */
    points: (metric: Omit<SentMetric, 'points'>, ...points: SentPoint[]) =>
      received.take(readBatch(requestOf({ metrics: [{ ...metric, points }] }))),
    shown: () => shownBy(store.view),
  };
}

export interface ShownExemplars {
  readonly [bucket: number]: StoredExemplar;
}

/**
 * What a walk shows: `name{label="value"}` and the value cells; of exponential histograms count, sum and what their buckets are.
 */
export function shownBy(view: View): Record<string, unknown> {
  const shown: Record<string, unknown> = {};
  view.walk({
    family: () => true,
    row(family, row, _generation, cellAt) {
      const { names, values } = family.labels(row);
      const labels = names.map((name, index) => `${name}="${values[index]}"`).join(',');
      const key = `${family.spec.name}{${labels}}`;
      if (key in shown) throw new Error(`${key} is shown twice`);
      shown[key] = shownValue(family.rowLayout, family.cells, cellAt);
    },
  });
  return shown;
}

function shownValue(layout: Family['rowLayout'], cells: Float64Array, at: number): unknown {
  if (layout.form === 'number') return cells[at];
  if (layout.form === 'histogram' && !layout.hasSum) return [...cells.subarray(at, at + layout.buckets), 'no sum'];
  if (layout.form !== 'exponential') return [...cells.subarray(at, at + layout.valueCells)];
  const { positive, negative, ...rest } = readExponential(cells, at, layout.shape);
  return {
    ...rest,
    positive: [positive.offset, ...Array.from(positive.counts)],
    negative: [negative.offset, ...Array.from(negative.counts)],
  };
}

export { readExemplars };
