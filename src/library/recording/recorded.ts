/** The methods of a recorded metric, in front of the engine's instrument. None of them throws. */
import type { Kind } from '../../core/naming/kind.ts';
import { labelsIn } from '../series/label-rules/read-labels.ts';
import type { Instrument, Measure, Recordable } from './engine.ts';
import { isPromise } from './observed/callback-run.ts';

/** The untyped recorder of every kind. `recorder-types.ts` gives the methods of each kind; the others reject and count. */
export interface AnyRecorded {
  add(value: number, labels?: unknown): void;
  set(value: unknown, labels?: unknown): void;
  record(value: number, labels?: unknown): void;
  bind(labels?: unknown): { add(value: number): void; set(value: number): void; record(value: number): void };
  inc(...labels: readonly unknown[]): void;
  dec(...labels: readonly unknown[]): void;
  setToCurrentTime(labels?: unknown): void;
  startTimer(labels?: unknown): (labels?: unknown) => number;
  time(first: unknown, second?: unknown): unknown;
  zero(labels?: unknown): void;
  remove(labels?: unknown): void;
}

export interface Recording {
  readonly recorder: AnyRecorded;
  /** The recording method of the kind, whatever its name. */
  readonly measure: Measure;
  /** Removes all series and starts again. Bindings stay valid. */
  reset(): void;
  /** Ignores measurements from now on, through bindings too. The store keeps earlier ones. */
  close(): void;
}

/** Milliseconds of a monotonic clock. */
export type Stopwatch = () => number;

export interface Clocks {
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly stopwatch: Stopwatch;
}

export function createRecorded(
  { metric, series: table, exemplars }: Recordable,
  instrument: Instrument,
  clocks: Clocks,
): Recording {
  const own = methodOf(metric.kind);
  const measure = exemplars?.measure(instrument.measure) ?? instrument.measure;
  const refuseKind = (): void => table.refuse('kind');
  const refuseArguments = (given: readonly unknown[]): void => table.refuse('value', undefined, given);
  const adds = own === 'add' ? measure : (instrument.adjust ?? refuseKind);
  const perUnit = perSecond[metric.unit] ?? 1;
  const startTimer = timerOf(perUnit, own === 'record' ? measure : refuseKind, clocks.stopwatch);
  const recorder: AnyRecorded = {
    add: adds !== refuseKind && Object.keys(metric.labels).length === 0 ? oneByDefault(adds) : adds,
    inc: adds === refuseKind ? refuseKind : countOne(adds, 1, refuseArguments),
    dec: adds === refuseKind || metric.kind === 'counter' ? refuseKind : countOne(adds, -1, refuseArguments),
    setToCurrentTime: metric.kind === 'gauge' ? (labels) => measure((clocks.clock() / 1_000) * perUnit, labels) : refuseKind,
    set: own !== 'set' ? refuseKind : metric.kind === 'info' ? (labels) => measure(1, labels) : (measure as AnyRecorded['set']),
    record: own === 'record' ? measure : refuseKind,
    bind(labels) {
      const inner = instrument.bound(labels);
      const bound = exemplars?.bound(inner, labelsIn(labels)) ?? inner;
      return Object.freeze({ add: refuseKind, set: refuseKind, record: refuseKind, [own]: bound });
    },
    startTimer,
    time: timed(startTimer, refuseKind),
    zero(labels) {
      if (metric.kind === 'info') return refuseKind();
      const entered = table.enter(labels);
      if (entered !== undefined) table.show(entered.series);
    },
    remove: (labels) => table.remove(labels),
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

/** Adds 1 if it is called without arguments. An explicit `undefined` is a mistake, and rejected. */
function oneByDefault(measure: Measure): AnyRecorded['add'] {
  return (...given: [value?: unknown, labels?: unknown]) => measure(given.length === 0 ? 1 : (given[0] as number), given[1]);
}

/** `inc(labels)`. A value, as `inc(labels, value)` or `inc(value)`, is not counted as one: the call is rejected. */
function countOne(measure: Measure, by: 1 | -1, refuse: (given: readonly unknown[]) => void): AnyRecorded['inc'] {
  return (...given) => {
    const [labels] = given;
    if (given.length > 1 || (typeof labels !== 'object' && labels !== undefined)) refuse(given);
    else measure(by, labels);
  };
}

/** Records the elapsed time in the metric's unit, and returns it. Labels of the end replace those of the start. */
function timerOf(perUnit: number, record: Measure, stopwatch: Stopwatch): AnyRecorded['startTimer'] {
  return (given) => {
    const labels = labelsIn(given);
    const from = stopwatch();
    return (more) => {
      const elapsed = ((stopwatch() - from) / 1_000) * perUnit;
      const rest = labelsIn(more);
      record(elapsed, more === undefined ? labels : rest === undefined ? more : { ...labels, ...rest });
      return elapsed;
    };
  };
}

/** `time(fn)` and `time(labels, fn)`. */
function timed(startTimer: AnyRecorded['startTimer'], refuse: () => void): AnyRecorded['time'] {
  return (first, second) => {
    const [labels, fn] = typeof first === 'function' ? [second, first] : [first, second];
    if (typeof fn !== 'function') return refuse();
    const stop = startTimer(labels);
    let pending = false;
    try {
      const result: unknown = fn();
      if (!isPromise(result)) return result;
      pending = true;
      const end = () => void stop();
      result.then(end, end);
      return result;
    } finally {
      if (!pending) stop();
    }
  };
}

function methodOf(kind: Kind): 'add' | 'set' | 'record' {
  if (kind === 'counter' || kind === 'updowncounter') return 'add';
  return kind === 'histogram' || kind === 'summary' ? 'record' : 'set';
}
