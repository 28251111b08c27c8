/** One run of one callback, and what it has set on its metrics. */
import type { MeterbridgeError } from '../../../core/errors/error.ts';
import { type Observed, openReport, type Report } from './observed.ts';

export type Put = (target: Observed, value: unknown, labels: unknown) => void;

/** A callback, and the metrics that it observes. Moves from group to group as an object. */
export interface Callback {
  readonly of: readonly Observed[];
  run(put: Put, signal: AbortSignal): void | PromiseLike<void>;
}

export interface CallbackRun {
  readonly callback: Callback;
  readonly reports: ReadonlyMap<Observed, Report>;
  /** Undefined: it had ended when it was started. Never rejects. */
  readonly waiting: Promise<void> | undefined;
  readonly hasEnded: boolean;
  /** It threw, or reported a value or labels of a wrong shape. */
  failed: { readonly error: unknown } | undefined;
  /** What it took, once it has ended. */
  tookMs: number;
}

/** A callback does not start again before it has ended, even when it moved to another group. */
const running = new WeakSet<Callback>();

export function isRunning(callback: Callback): boolean {
  return running.has(callback);
}

/** @param members a metric of the callback that is no member any more has ended */
export function startRun(
  callback: Callback,
  members: ReadonlySet<Observed>,
  signal: AbortSignal,
  stopwatch: () => number,
): CallbackRun {
  const from = stopwatch();
  const reports = new Map(callback.of.filter((one) => members.has(one)).map((member) => [member, openReport(member)]));
  const put: Put = (target, value, labels) => {
    const report = reports.get(target);
    if (report === undefined) target.series.refuse('kind');
    else report.put(value, labels);
  };
  const one: { -readonly [Key in keyof CallbackRun]: CallbackRun[Key] } = {
    callback,
    reports,
    waiting: undefined,
    hasEnded: false,
    failed: undefined,
    tookMs: 0,
  };
  function end(failed?: CallbackRun['failed']): void {
    running.delete(callback);
    one.hasEnded = true;
    one.tookMs = stopwatch() - from;
    one.failed = failed ?? wrongOf(reports);
  }
  const endWith = (error: unknown): void => end({ error });
  running.add(callback);
  try {
    const result = callback.run(put, signal);
    if (isPromise(result)) one.waiting = Promise.resolve(result).then(() => end(), endWith);
    else end();
  } catch (error) {
    endWith(error);
  }
  return one;
}

/** Of any library, or of another realm. */
export function isPromise(value: unknown): value is PromiseLike<void> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}

function wrongOf(reports: ReadonlyMap<Observed, Report>): { readonly error: MeterbridgeError } | undefined {
  for (const { wrong } of reports.values()) if (wrong !== undefined) return { error: wrong };
  return undefined;
}
