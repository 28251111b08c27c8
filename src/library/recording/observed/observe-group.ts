/**
 * Runs the callbacks behind one or several observed metrics: one run at a time, each callback all or nothing. A collection waits
 * for a run as long as it can; a run that ends later is used all the same.
 */
import { createReading, type Reading } from '../../../core/node/reading.ts';
import { maxDelayMs, within } from '../../../core/node/within.ts';
import type { Family, Source } from '../../../core/store/store.ts';
import { type Callback, type CallbackRun, isRunning, startRun } from './callback-run.ts';
import { keepGood, lastGood } from './last-good.ts';
import { type Observed, writeObserved } from './observed.ts';
import type { Observation } from './observed-value.ts';

export interface ObserveGroup {
  readonly members: Set<Observed>;
  /** One that fails costs what it observes, and nothing of the others. Empty: the group is detached, possibly during a run. */
  readonly callbacks: Set<Callback>;
  /** Absent: the callbacks run at each collection. */
  readonly pace?: Pace;
}

export interface Pace {
  readonly atMostEveryMs: number;
  /** When the last run started, by the stopwatch; undefined before the first one. */
  beganMs: number | undefined;
}

/** Of the callbacks of a group that observe the same metrics. */
export interface CollectEvent {
  /** How a run ended. `failed`: one of the callbacks. `late`: a collection has gone on without one. */
  readonly outcome: 'success' | 'failed' | 'late';
  /** Series names of the families behind the callbacks. */
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

/** The run of each group that has not ended. */
const underWay = new WeakMap<ObserveGroup, Reading>();

/** The last run's, if it ended before the signal was read: making a signal takes longer than most callbacks. */
let spare: AbortController | undefined;

/** Starts a run where one is due, and waits for the one under way. Returns nothing where there is nothing to wait for. */
export function runGroup(group: ObserveGroup, options: RunOptions): Promise<void> | undefined {
  const from = options.stopwatch();
  const isLate = (): void => emitLate(group, from, options);
  if (!underWay.has(group)) {
    if (group.callbacks.size === 0 || !isDue(group.pace, from)) return undefined;
    const idle = [...group.callbacks].filter((callback) => !isRunning(callback));
    if (idle.length < group.callbacks.size) isLate();
    if (idle.length === 0) return undefined;
    start(group, idle, options);
  }
  const waiting = underWay.get(group)?.wait(options.budgetMs);
  if (waiting === undefined) return undefined;
  return waiting === false ? void isLate() : waiting.then((inTime) => (inTime ? undefined : isLate()));
}

function start(group: ObserveGroup, callbacks: readonly Callback[], options: RunOptions): void {
  const controller = spare ?? new AbortController();
  spare = undefined;
  const runs = callbacks.map((callback) => startRun(callback, group.members, controller.signal, options.stopwatch));
  const waiting = runs.flatMap((one) => one.waiting ?? []);
  if (waiting.length === 0) {
    spare = controller;
    return void endRun(group, runs, options);
  }
  const timer = setTimeout(() => controller.abort(), Math.min(options.timeoutMs, maxDelayMs));
  // It does not keep the process alive, which may end while a callback hangs.
  timer.unref();
  const all = Promise.all(waiting).then(() => clearTimeout(timer));
  // One that hangs alone is waited for; one beside others does not hold up what these observe.
  const ended = group.callbacks.size === 1 ? all : within(all, { ms: options.timeoutMs, ref: false }, () => undefined);
  underWay.set(
    group,
    createReading(
      ended.then(() => endRun(group, runs, options)),
      options.timeoutMs,
    ),
  );
}

/** The run is over, or has taken its time. */
function endRun(group: ObserveGroup, runs: readonly CallbackRun[], options: RunOptions): void {
  const missed = underWay.get(group)?.missed === true;
  underWay.delete(group);
  end(group, runs, missed, options);
}

/**
 * Shows what callbacks have reported, whether a scrape still waits for it or not. Of those that have not ended, it is shown when
 * they have.
 */
function end(group: ObserveGroup, runs: readonly CallbackRun[], missed: boolean, options: RunOptions): void {
  const ended = runs.filter(({ hasEnded }) => hasEnded);
  for (const one of runs) if (!one.hasEnded) one.waiting?.then(() => end(group, [one], true, options));
  try {
    flip(group, ended, options);
  } catch (error) {
    for (const one of ended) one.failed ??= { error };
  } finally {
    for (const { reports } of ended) for (const report of reports.values()) report.end();
  }
  // A group that was detached meanwhile reports nothing, unless it failed.
  emitEnds(group.callbacks.size === 0 ? ended.filter(({ failed }) => failed !== undefined) : ended, missed, options.onCollect);
  if (!missed && ended.length < runs.length) emitLate(group, options.stopwatch() - options.timeoutMs, options);
}

function emitLate({ callbacks }: ObserveGroup, from: number, { stopwatch, onCollect }: RunOptions): void {
  const seconds = (stopwatch() - from) / 1_000;
  const late = [...callbacks].filter(isRunning);
  for (const { families } of byFamilies(late.map((callback) => ({ callback }))))
    onCollect({ outcome: 'late', families, seconds });
}

function emitEnds(runs: readonly CallbackRun[], missed: boolean, onCollect: RunOptions['onCollect']): void {
  for (const { families, all } of byFamilies(runs)) {
    const failed = all.find((one) => one.failed !== undefined)?.failed;
    const seconds = Math.max(...all.map(({ tookMs }) => tookMs)) / 1_000;
    const error = failed?.error;
    const outcome = failed === undefined ? 'success' : 'failed';
    onCollect({ outcome, families, seconds, ...(missed && { missed }), ...(error !== undefined && { error }) });
  }
}

/** One event for all callbacks of the same metrics: a log line names these, and says when they are collected again. */
function byFamilies<One extends { readonly callback: Callback }>(
  runs: readonly One[],
): readonly { families: string[]; all: One[] }[] {
  const groups = new Map<string, { families: string[]; all: One[] }>();
  for (const one of runs) {
    const families = one.callback.of.map(({ metric }) => metric.series);
    const key = families.join(' ');
    const group = groups.get(key) ?? { families, all: [] };
    group.all.push(one);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** A failed run counts too, so that a failing source is not queried more often than a healthy one. */
function isDue(pace: Pace | undefined, now: number): boolean {
  if (pace === undefined) return true;
  if (pace.beganMs !== undefined && now - pace.beganMs < pace.atMostEveryMs) return false;
  pace.beganMs = now;
  return true;
}

/** Replaces the values of each metric of which a callback has succeeded. The values of all others stay in the store, and age. */
function flip(group: ObserveGroup, runs: readonly CallbackRun[], options: RunOptions): void {
  const bySource = new Map<Source, { families: Family[]; writes: (() => void)[] }>();
  const now = options.clock();
  for (const [member, observations] of observationsOf(group, runs, options.stopwatch())) {
    const { source, family } = member;
    const one = bySource.get(source) ?? { families: [], writes: [] };
    one.families.push(family);
    one.writes.push(() => writeObserved(member, observations, now));
    bySource.set(source, one);
  }
  for (const [source, { families, writes }] of bySource) {
    source.replace(families, () => {
      for (const write of writes) write();
    });
  }
}

/** A metric that has ended meanwhile is no member any more, and a callback that was removed observes nothing. */
function observationsOf(
  { members, callbacks }: ObserveGroup,
  runs: readonly CallbackRun[],
  nowMs: number,
): ReadonlyMap<Observed, readonly Observation[]> {
  const fresh = new Map<Observed, Observation[]>();
  const left = runs.filter(({ callback }) => callbacks.has(callback));
  for (const { callback, reports, failed } of left) {
    if (failed !== undefined) continue;
    for (const [member, report] of reports) {
      if (!members.has(member)) continue;
      const observations = report.end();
      if (callbacks.size > 1) keepGood(member, callback, observations, nowMs);
      fresh.set(member, [...(fresh.get(member) ?? []), ...observations]);
    }
  }
  const good = new Set(left.filter(({ failed }) => failed === undefined).map(({ callback }) => callback));
  for (const callback of callbacks) {
    if (good.has(callback)) continue;
    for (const member of callback.of) {
      const others = fresh.get(member);
      // First: of a series that another callback observes, the new value is the last one.
      if (others !== undefined) fresh.set(member, [...lastGood(member, callback, nowMs, member.family.spec.maxAgeMs), ...others]);
    }
  }
  return fresh;
}
