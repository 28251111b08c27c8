/** Runs the callbacks behind one or several observed metrics: with a deadline, one run at a time, all or nothing. */
import { within } from '../../node/within.ts';
import type { Family, Source } from '../../store/store.ts';
import { type Observed, openReport, type Report } from './observed.ts';

export type Put = (target: Observed, value: unknown, labels: unknown) => void;
export type GroupRun = (put: Put, signal: AbortSignal) => void | Promise<void>;

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

export async function runGroup(group: ObserveGroup, options: RunOptions): Promise<void> {
  const families = [...group.members].map((member) => member.metric.series);
  const from = options.stopwatch();
  const emit = (outcome: CollectEvent['outcome'], error?: unknown): void =>
    options.onCollect({
      outcome,
      families,
      seconds: (options.stopwatch() - from) / 1_000,
      ...(error === undefined ? {} : { error }),
    });
  if (group.callbacks.size === 0 || !isDue(group.pace, from)) return;
  if ([...group.callbacks].some((run) => running.has(run))) return emit('late');

  const reports = new Map([...group.members].map((member) => [member, openReport(member)]));
  const controller = new AbortController();
  const put: Put = (target, value, labels) => {
    const report = reports.get(target);
    if (report === undefined) target.series.refuse('kind');
    else report.put(value, labels);
  };
  try {
    const work = Promise.all([...group.callbacks].map((run) => runOnce(run, put, controller.signal)));
    const ended = await within(work, { ms: options.timeoutMs }, () => late);
    if (group.callbacks.size === 0) return;
    if (ended === late) controller.abort();
    else flip(reports, options.clock());
    emit(ended === late ? 'late' : 'success');
  } catch (error) {
    emit('failed', error);
  } finally {
    for (const report of reports.values()) report.discard();
  }
}

/** A failed run counts too, so that a failing source is not queried more often than a healthy one. */
function isDue(pace: Pace | undefined, now: number): boolean {
  if (pace === undefined) return true;
  if (pace.beganMs !== undefined && now - pace.beganMs < pace.atMostEveryMs) return false;
  pace.beganMs = now;
  return true;
}

async function runOnce(run: GroupRun, put: Put, signal: AbortSignal): Promise<void> {
  running.add(run);
  try {
    await run(put, signal);
  } finally {
    running.delete(run);
  }
}

function flip(reports: ReadonlyMap<Observed, Report>, now: number): void {
  const bySource = new Map<Source, { families: Family[]; reports: Report[] }>();
  for (const [{ source, family }, report] of reports) {
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
