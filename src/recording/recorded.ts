/** A recorded metric's methods, in front of the engine's instrument. Nothing in here throws. */
import type { Kind } from '../naming/kind.ts';
import { labelsIn } from '../series/read-labels.ts';
import type { Instrument, Measure, Recordable } from './engine.ts';

/** The untyped recorder of every kind; `recorder-types.ts` says which methods a kind has. The others refuse and count. */
export interface AnyRecorded {
  add(value: number, labels?: unknown): void;
  set(value: unknown, labels?: unknown): void;
  record(value: number, labels?: unknown): void;
  bind(labels?: unknown): { add(value: number): void; set(value: number): void; record(value: number): void };
  startTimer(labels?: unknown): () => number;
  zero(labels?: unknown): void;
  remove(labels?: unknown): void;
}

export interface Recording {
  readonly recorder: AnyRecorded;
  /** The kind's own way to record, whatever its method is called. */
  readonly measure: Measure;
  /** Removes everything and starts as if new. What was bound stays bound. */
  reset(): void;
  /** Whatever is measured from now on is nothing, also with what was bound. What was measured stays in the store. */
  close(): void;
}

/** Milliseconds of a clock that never goes back. */
export type Stopwatch = () => number;

export function createRecorded({ metric, series: table, exemplars }: Recordable, instrument: Instrument, stopwatch: Stopwatch): Recording {
  const own = methodOf(metric.kind);
  const measure = exemplars?.measure(instrument.measure) ?? instrument.measure;
  const refuseKind = (): void => table.refuse('kind');
  const recorder: AnyRecorded = {
    add: own === 'add' ? measure : refuseKind,
    set: own !== 'set' ? refuseKind : metric.kind === 'info' ? (labels) => measure(1, labels) : (measure as AnyRecorded['set']),
    record: own === 'record' ? measure : refuseKind,
    bind(labels) {
      const inner = instrument.bound(labels);
      const bound = exemplars?.bound(inner) ?? inner;
      return Object.freeze({ add: refuseKind, set: refuseKind, record: refuseKind, [own]: bound });
    },
    startTimer: timerOf(metric.unit, own === 'record' ? measure : refuseKind, stopwatch),
    zero(labels) {
      if (metric.kind === 'info') return refuseKind();
      const entered = table.enter(labels);
      if (entered !== undefined) table.show(entered.series);
    },
    remove(labels) {
      for (const series of table.matching(labels)) table.drop(series);
    },
  };
  table.fill();

  return {
    recorder: Object.freeze(recorder),
    measure,
    reset() {
      table.reset();
      table.fill();
    },
    close: () => table.close(),
  };
}

const perSecond: Readonly<Record<string, number>> = { s: 1, ms: 1e3, us: 1e6, ns: 1e9, min: 1 / 60, h: 1 / 3_600, d: 1 / 86_400 };

/** The timer records in the metric's unit of time, and returns what it recorded. */
function timerOf(unit: string, record: Measure, stopwatch: Stopwatch): AnyRecorded['startTimer'] {
  return (given) => {
    const labels = labelsIn(given);
    const from = stopwatch();
    return () => {
      const elapsed = ((stopwatch() - from) / 1_000) * (perSecond[unit] ?? 1);
      record(elapsed, labels);
      return elapsed;
    };
  };
}

function methodOf(kind: Kind): 'add' | 'set' | 'record' {
  if (kind === 'counter' || kind === 'updowncounter') return 'add';
  return kind === 'histogram' || kind === 'summary' ? 'record' : 'set';
}
