/** Runs the callbacks behind one or several observed metrics: with a deadline, one run at a time, all or nothing. */
import type { MeterbridgeError } from '../../errors/error.ts';
import { within } from '../../node/within.ts';
import type { Family, Source } from '../../store/store.ts';
import { type Observed, openReport, type Report } from './observed.ts';

export type Put = (target: Observed, value: unknown, labels: unknown) => void;
export type GroupRun = (put: Put, signal: AbortSignal) => void | PromiseLike<void>;

export interface ObserveGroup {
  readonly members: Set<Observed>;
  /** All must succeed. Empty: the group is detached, possibly during a run. */
  readonly callbacks: Set<GroupRun>;
  /** Absent: the callbacks run at each collection. */
  readonly pace?: Pace;
}

export interface Pace {
  readonly atMostEveryMs: number;
  /** When the last run started, by the stopwatch; undefined before the first one. */
  beganMs: number | undefined;
}

export interface CollectEvent {
  readonly outcome: 'success' | 'failed' | 'late';
  /** Series names of the families behind the callback. */
  readonly families: readonly string[];
  readonly seconds: number;
  readonly error?: unknown;
}

export interface RunOptions {
  readonly timeoutMs: number;
  readonly clock: () => number;
  readonly stopwatch: () => number;
  readonly onCollect: (event: CollectEvent) => void;
}

const late: unique symbol = Symbol('late');
/** A late callback does not start again before it has ended, even when it moved to another group. */
const running = new WeakSet<GroupRun>();

/** The last run's, if it ended before the signal was read: making a signal takes longer than most callbacks. */
let spare: AbortController | undefined;

/** Returns nothing where the run has ended by then, because no callback returned a promise. */
export function runGroup(group: ObserveGroup, options: RunOptions): Promise<void> | undefined {
  const from = options.stopwatch();
  if (group.callbacks.size === 0 || !isDue(group.pace, from)) return undefined;
  const emit = (outcome: CollectEvent['outcome'], error?: unknown): void =>
    options.onCollect({
      outcome,
      families: [...group.members].map((member) => member.metric.series),
      seconds: (options.stopwatch() - from) / 1_000,
      ...(error === undefined ? {} : { error }),
    });
  if ([...group.callbacks].some((run) => running.has(run))) return void emit('late');

  const reports = new Map([...group.members].map((member) => [member, openReport(member)]));
  const controller = spare ?? new AbortController();
  spare = undefined;
  const put: Put = (target, value, labels) => {
    const report = reports.get(target);
    if (report === undefined) target.series.refuse('kind');
    else report.put(value, labels);
  };

  function end(outcome: CollectEvent['outcome'], error?: unknown): void {
    try {
      // A group that was detached meanwhile reports nothing, unless it failed.
      if (group.callbacks.size === 0 && outcome !== 'failed') return;
      if (outcome === 'late') controller.abort();
      const wrong = outcome === 'success' ? wrongOf(reports) : undefined;
      if (wrong !== undefined) {
        emit('failed', wrong);
        return;
      }
      if (outcome === 'success') flip(group.members, reports, options.clock());
      emit(outcome, error);
    } catch (thrown) {
      emit('failed', thrown);
    } finally {
      for (const report of reports.values()) report.discard();
    }
  }

  const work = runAll(group.callbacks, put, controller.signal);
  if (work === undefined) {
    spare = controller;
    return void end('success');
  }
  return within(work, { ms: options.timeoutMs }, () => late).then(
    (ended) => end(ended === late ? 'late' : 'success'),
    (error: unknown) => end('failed', error),
  );
}

/** Of any library, or of another realm. */
export function isPromise(value: unknown): value is PromiseLike<void> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}

/** A failed run counts too, so that a failing source is not queried more often than a healthy one. */
function isDue(pace: Pace | undefined, now: number): boolean {
  if (pace === undefined) return true;
  if (pace.beganMs !== undefined && now - pace.beganMs < pace.atMostEveryMs) return false;
  pace.beganMs = now;
  return true;
}

/** Starts all; undefined: all have succeeded. */
function runAll(callbacks: ReadonlySet<GroupRun>, put: Put, signal: AbortSignal): Promise<unknown> | undefined {
  const runs = [...callbacks].map((run) => runOnce(run, put, signal));
  return runs.every((run) => run === undefined) ? undefined : Promise.all(runs);
}

function runOnce(run: GroupRun, put: Put, signal: AbortSignal): Promise<void> | undefined {
  running.add(run);
  const end = () => running.delete(run);
  try {
    const result = run(put, signal);
    if (isPromise(result)) return Promise.resolve(result).finally(end);
  } catch (error) {
    end();
    return Promise.reject(error);
  }
  end();
  return undefined;
}

function wrongOf(reports: ReadonlyMap<Observed, Report>): MeterbridgeError | undefined {
  for (const { wrong } of reports.values()) if (wrong !== undefined) return wrong;
  return undefined;
}

/** A metric that has ended meanwhile is no member any more. */
function flip(members: ReadonlySet<Observed>, reports: ReadonlyMap<Observed, Report>, now: number): void {
  const bySource = new Map<Source, { families: Family[]; reports: Report[] }>();
  for (const [member, report] of reports) {
    if (!members.has(member)) continue;
    const { source, family } = member;
    const one = bySource.get(source) ?? { families: [], reports: [] };
    one.families.push(family);
    one.reports.push(report);
    bySource.set(source, one);
  }
  for (const [source, one] of bySource) {
    source.replace(one.families, () => {
      for (const report of one.reports) report.write(now);
    });
  }
}
