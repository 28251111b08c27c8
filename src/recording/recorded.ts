/** A recorded metric's methods: value check, admit, then the engine's instrument. Nothing in here throws. */
import type { Kind } from '../naming/kind.ts';
import { combinations } from '../series/combinations.ts';
import { labelsIn } from '../series/read-labels.ts';
import type { AdmitEvent } from '../series/refusals.ts';
import type { Series } from '../series/series.ts';
import { closable } from './closable-admit.ts';
import type { Attached, Instrument, Measure } from './engine.ts';
import { dropSeries } from './sdk-engine/sdk-points-to-rows.ts';

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

export function createRecorded(attached: Attached, { write, direct }: Instrument, stopwatch: Stopwatch): Recording {
  const { metric, exemplars } = attached;
  const admit = closable(attached.admit);
  const takes = valueRule(metric.kind);
  const own = methodOf(metric.kind);
  let resets = 0;

  function show(series: Series, first = 0): void {
    if (series.shown) return;
    expose(series, first);
    // Beside an identity: when `{task: 'a', status: 'failed'}` appears, so do the other statuses of `a`.
    if (metric.zeroFilled) showAll(combinations(metric, series.values));
  }

  function expose(series: Series, first = 0): void {
    if (series.shown) return;
    series.shown = true;
    direct?.show(series, first);
    if (direct === undefined || series.row !== 0) return;
    // The store has no room: the next measurement tries again.
    drop(series);
    admit.refuse('no_room');
  }

  function drop(series: Series): void {
    direct?.drop(series);
    dropSeries(attached, series);
  }

  function showAll(all: readonly Record<string, string>[] = []): void {
    for (const labels of all) {
      const admitted = admit.admit(labels);
      if (admitted !== undefined) expose(admitted.series);
    }
  }

  function put(series: Series, value: number): void {
    if (!series.live) return;
    show(series, own === 'set' ? value : 0);
    write(series, value);
  }

  function judged(value: number, labels: unknown): void {
    if (takes(value)) record(value, labels);
    else admit.refuse('value');
  }

  function record(value: number, labels: unknown): void {
    const admitted = admit.admit(labels);
    if (admitted === undefined) return;
    const { series } = admitted;
    // An information has one set of labels at a time.
    if (metric.kind === 'info') for (const other of admit.matching({})) if (other !== series) drop(other);
    put(series, value);
    if (!admitted.merged) direct?.learn(series, labels);
  }

  function hold(labels: unknown, remarks: AdmitEvent[]): Series | undefined {
    remarks.length = 0;
    const admitted = admit.admit(labels, (event) => void remarks.push(event));
    return admitted === undefined ? undefined : admit.hold(admitted.series);
  }

  function bind(given: unknown): (value: number) => void {
    const labels = labelsIn(given);
    /** To be counted with each measurement, which therefore takes the slow way. */
    const remarks: AdmitEvent[] = [];
    let series = hold(labels, remarks);
    let boundAt = resets;
    const judgedBound = (value: number): void => {
      if (!takes(value)) {
        admit.refuse('value');
        return;
      }
      // Refused labels are tried at each call, so that every lost measurement is counted.
      if (series === undefined || boundAt !== resets) series = hold(labels, remarks);
      boundAt = resets;
      if (series === undefined) return;
      const { live } = series;
      put(series, value);
      // It had no room.
      if (live && !series.live) series = undefined;
      else if (live) for (const event of remarks) admit.tell(event);
    };
    const bound = direct?.bound(judgedBound, remarks.length === 0 ? series : undefined) ?? judgedBound;
    return exemplars?.bound(bound) ?? bound;
  }

  function fill(): void {
    if (metric.zeroFilled) showAll(combinations(metric));
  }
  fill();

  const plain = direct === undefined || metric.kind === 'info' ? judged : direct.measure(judged);
  const measure = exemplars?.measure(plain) ?? plain;
  const misuse = (): void => admit.refuse('kind');
  const distributes = metric.kind === 'histogram' || metric.kind === 'summary';
  const recorder: AnyRecorded = {
    add: own === 'add' ? measure : misuse,
    set: own !== 'set' ? misuse : metric.kind === 'info' ? (labels) => measure(1, labels) : (measure as AnyRecorded['set']),
    record: own === 'record' ? measure : misuse,
    bind(labels) {
      const bound = bind(labels);
      return Object.freeze({ add: misuse, set: misuse, record: misuse, [own]: bound });
    },
    startTimer(given) {
      const labels = labelsIn(given);
      const from = stopwatch();
      return () => {
        const elapsed = ((stopwatch() - from) / 1_000) * (perSecond[metric.unit] ?? 1);
        if (distributes) measure(elapsed, labels);
        else misuse();
        return elapsed;
      };
    },
    zero(labels) {
      if (metric.kind === 'info') return misuse();
      const series = admit.admit(labels)?.series;
      if (series !== undefined) show(series);
    },
    remove(labels) {
      for (const series of admit.matching(labels)) drop(series);
    },
  };

  return {
    recorder: Object.freeze(recorder),
    measure,
    reset() {
      resets += 1;
      for (const series of [...admit.all()]) drop(series);
      admit.clear();
      fill();
    },
    close() {
      admit.close();
      direct?.close();
      for (const series of admit.all()) {
        series.live = false;
        series.row = 0;
      }
    },
  };
}

const perSecond: Readonly<Record<string, number>> = { s: 1, ms: 1e3, us: 1e6, ns: 1e9, min: 1 / 60, h: 1 / 3_600, d: 1 / 86_400 };

function methodOf(kind: Kind): 'add' | 'set' | 'record' {
  if (kind === 'counter' || kind === 'updowncounter') return 'add';
  return kind === 'histogram' || kind === 'summary' ? 'record' : 'set';
}

/** Counters, histograms and summaries only ever grow; an up-down counter stays a number; an information is 1; a gauge may be any double. */
export function valueRule(kind: Kind): (value: unknown) => value is number {
  switch (kind) {
    case 'counter':
    case 'histogram':
    case 'summary':
      return (value): value is number => Number.isFinite(value) && (value as number) >= 0;
    case 'updowncounter':
      return (value): value is number => Number.isFinite(value);
    case 'info':
      return (value): value is number => value === 1;
    default:
      return (value): value is number => typeof value === 'number';
  }
}
