/**
 * Push: sends the store again and again. It sends state and keeps no queue: an outage of the receiver costs resolution, never
 * totals. The exporter loads when push starts: Meterbridge's own encoder, or the SDK's exporter.
 */

import { within } from '../../core/node/within.ts';
import type { Pusher, PushReport, PushStart } from './pusher.ts';
import { createReport } from './report.ts';

export interface Push {
  /**
   * Pushes now. False when that failed, took longer than `deadlineMs` (default: the push's `timeoutMs`), or when the receiver's
   * `Retry-After` has not passed yet.
   */
  flush(deadlineMs?: number): Promise<boolean>;
  /**
   * Pushes a last time, within `deadlineMs` (default 5,000); no push follows. Never rejects; a second call returns the same
   * promise.
   */
  close(deadlineMs?: number): Promise<void>;
}

/** Half of the time that a container runtime usually grants (10 s) between SIGTERM and SIGKILL. */
const lastPushMs = 5_000;

/** Returns at once. Push keeps the process alive only during `flush` and `close`, until their deadline. */
export function startPush(options: PushStart): Push {
  const { settings, log } = options;
  const pusher = start(options).catch((error: unknown) => {
    log(`push to ${settings.shown} cannot start: ${String(error)}`);
    return undefined;
  });
  let closing: Promise<void> | undefined;

  async function flush(deadlineMs: number = settings.timeoutMs): Promise<boolean> {
    if (closing !== undefined) return false;
    const flushed = pusher.then((running) => running?.flush() ?? false);
    return within(flushed, { ms: deadlineMs }, () => false);
  }

  async function shutdown(deadlineMs: number): Promise<void> {
    const endBy = performance.now() + deadlineMs;
    const last = pusher.then((running) => {
      running?.hurry(endBy);
      return running?.shutdown();
    });
    await within(last, { ms: deadlineMs }, () => undefined);
    pusher.then((running) => running?.end());
  }

  return Object.freeze({
    flush,
    close(deadlineMs: number = lastPushMs) {
      closing ??= shutdown(deadlineMs).catch((error: unknown) =>
        log(`push to ${settings.shown} failed to close cleanly: ${String(error)}`),
      );
      return closing;
    },
  });
}

async function start(options: PushStart): Promise<Pusher> {
  const { settings, onPush, log } = options;
  const lines = createReport(settings.shown, log);
  const report: PushReport = {
    pushed(outcome, seconds) {
      if (outcome.failure !== undefined) lines.failed(outcome.failure);
      else lines.succeeded(outcome.remark);
      onPush?.({ outcome: outcome.failure === undefined ? 'success' : 'failed', seconds });
    },
    unreadable(error) {
      const fix = 'report it, this is a bug of Meterbridge';
      lines.failed({ cause: 'collect', text: `the store could not be read: ${String(error)}`, fix });
    },
  };
  if (settings.exporter === 'sdk') return (await import('./sdk/sdk-pusher.ts')).createSdkPusher(options, report);
  return (await import('./own-pusher.ts')).createOwnPusher(options, report);
}
