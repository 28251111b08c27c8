/**
 * Runs the callbacks behind one or several observed metrics: one run at a time, all or nothing. A collection waits for a run as long as it can; a
 * run that ends later is used all the same.
 */
import type { MeterbridgeError } from '../../errors/error.ts';
import { createReading, type Reading } from '../../node/reading.ts';
import { maxDelayMs } from '../../node/within.ts';
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
  /** How a run ended. `late`: a collection has gone on without one. */
  readonly outcome: 'success' | 'failed' | 'late';
  /** Series names of the families behind the callback. */
  readonly families: readonly string[];
  /** What the run took, or what a late one was waited for. */
  readonly seconds: number;
  readonly error?: unknown;
  /** The run has ended after a collection had gone on without it. */
  readonly missed?: boolean;
}

export interface RunOptions {
  /** How long a callback may take: then its signal aborts, and no collection waits for it any more. */
  readonly timeoutMs: number;
  /** How long this collection can wait. */
  readonly budgetMs: number;
  readonly clock: () => number;
  readonly stopwatch: () => number;
  readonly onCollect: (event: CollectEvent) => void;
}

/** A callback does not start again before it has ended, even when it moved to another group. */
const running = new WeakSet<GroupRun>();
/** The run of each group that has not ended. */
const underWay = new WeakMap<ObserveGroup, Reading>();

/** The last run's, if it ended before the signal was read: making a signal takes longer than most callbacks. */
let spare: AbortController | undefined;

/** Starts a run where one is due, and waits for the one under way. Returns nothing where there is nothing to wait for. */
export function runGroup(group: ObserveGroup, options: RunOptions): Promise<void> | undefined {
  const from = options.stopwatch();
  const isLate = (): void => emit(group, from, options, 'late');
  if (!underWay.has(group)) {
    if (group.callbacks.size === 0 || !isDue(group.pace, from)) return undefined;
    if ([...group.callbacks].some((run) => running.has(run))) return void isLate();
    start(group, from, options);
  }
  const waiting = underWay.get(group)?.wait(options.budgetMs);
  if (waiting === undefined) return undefined;
  return waiting === false ? void isLate() : waiting.then((inTime) => (inTime ? undefined : isLate()));
}

function start(group: ObserveGroup, from: number, options: RunOptions): void {
  const reports = new Map([...group.members].map((member) => [member, openReport(member)]));
  const controller = spare ?? new AbortController();
  spare = undefined;
  const put: Put = (target, value, labels) => {
    const report = reports.get(target);
    if (report === undefined) target.series.refuse('kind');
    else report.put(value, labels);
  };
  const work = runAll(group.callbacks, put, controller.signal);
  if (work === undefined) {
    spare = controller;
    return void end(group, reports, from, options);
  }
  const timer = setTimeout(() => controller.abort(), Math.min(options.timeoutMs, maxDelayMs));
  // It does not keep the process alive, which may end while a callback hangs.
  timer.unref();
  const ended = work.then(
    () => end(group, reports, from, options),
    (error: unknown) => end(group, reports, from, options, { error }),
  );
  underWay.set(
    group,
    createReading(
      ended.finally(() => clearTimeout(timer)),
      options.timeoutMs,
    ),
  );
}

/** Shows what a run has reported, whether a scrape still waits for it or not. */
function end(
  group: ObserveGroup,
  reports: ReadonlyMap<Observed, Report>,
  from: number,
  options: RunOptions,
  failed?: { readonly error: unknown },
): void {
  const missed = underWay.get(group)?.missed === true;
  underWay.delete(group);
  try {
    // A group that was detached meanwhile reports nothing, unless it failed.
    if (group.callbacks.size === 0 && failed === undefined) return;
    const wrong = failed ?? wrongOf(reports);
    if (wrong === undefined) flip(group.members, reports, options.clock());
    emit(group, from, options, wrong === undefined ? 'success' : 'failed', missed, wrong?.error);
  } catch (thrown) {
    emit(group, from, options, 'failed', missed, thrown);
  } finally {
    for (const report of reports.values()) report.discard();
  }
}

function emit(
  { members }: ObserveGroup,
  from: number,
  { stopwatch, onCollect }: RunOptions,
  outcome: CollectEvent['outcome'],
  missed = false,
  error?: unknown,
): void {
  const families = [...members].map((member) => member.metric.series);
  const seconds = (stopwatch() - from) / 1_000;
  onCollect({ outcome, families, seconds, ...(missed && { missed }), ...(error !== undefined && { error }) });
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

function wrongOf(reports: ReadonlyMap<Observed, Report>): { readonly error: MeterbridgeError } | undefined {
  for (const { wrong } of reports.values()) if (wrong !== undefined) return { error: wrong };
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
