/** The methods of a recorded metric, in front of the engine's instrument. None of them throws. */
import type { Kind } from '../naming/kind.ts';
import { labelsIn } from '../series/read-labels.ts';
import type { Instrument, Measure, Recordable } from './engine.ts';

/** The untyped recorder of every kind. `recorder-types.ts` gives the methods of each kind; the others refuse and count. */
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
  /** The recording method of the kind, whatever its name. */
  readonly measure: Measure;
  /** Removes all series and starts anew. Bindings stay valid. */
  reset(): void;
  /** Ignores measurements from now on, through bindings too. The store keeps earlier ones. */
  close(): void;
}

/** Milliseconds of a monotonic clock. */
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

/** Records the elapsed time in the metric's unit, and returns it. */
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
