/** Sends a request of a plugin again and again, by `retry_on_failure`, until its outcome is final. */
import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Batch, readBatch } from '../../formats/otlp/batch/batch.ts';
import { noLimits } from '../../formats/otlp/batch/batch-limits.ts';
import type { Failed, Outcome } from '../../net/otlp-client/answers/failure.ts';
import { createBackOff } from '../../net/otlp-client/back-off.ts';
import type { Verdict } from '../component.ts';
import { backOffOf } from '../queue/back-off-of.ts';
import type { RetrySettings } from '../queue/config.ts';
import type { Client } from '../queue/queued-exporter.ts';

const fix = 'see what the exporter sends to';

/** @param retrying called ahead of each further attempt */
export function createAttempts(
  send: (batch: Batch, signal: AbortSignal) => Verdict | Promise<Verdict>,
  retry: RetrySettings,
  retrying: (failure: Failed['failure']) => void,
): Pick<Client, 'send' | 'stopRetrying'> {
  const last = new AbortController();
  setMaxListeners(0, last.signal);

  async function attempt(request: Uint8Array, signal: AbortSignal): Promise<Outcome> {
    try {
      const batch = readBatch(request, noLimits);
      const verdict = await send(batch, signal);
      if (verdict === undefined) return { failure: undefined, remark: undefined };
      const { points, why, retryable = false } = verdict;
      if (retryable || points >= batch.points) return { failure: { cause: 'verdict', text: why, fix }, retryable };
      return { failure: undefined, remark: `was accepted but for ${points} of its points: ${why}`, rejected: points };
    } catch (error) {
      const { code, permanent } = Object(error) as { readonly code?: unknown; readonly permanent?: unknown };
      return { failure: { cause: `error ${String(code)}`, text: String(error), fix }, retryable: permanent !== true };
    }
  }

  return Object.freeze({
    async send(request: Uint8Array, endBy: number, signal: AbortSignal) {
      const either = AbortSignal.any([signal, last.signal]);
      const nextWait = createBackOff(backOffOf(retry));
      for (;;) {
        const outcome = await attempt(request, signal);
        if (outcome.failure === undefined || outcome.retryable !== true || either.aborted) return outcome;
        const wait = nextWait();
        if (performance.now() + wait >= endBy) return { ...outcome, againMs: wait };
        retrying(outcome.failure);
        await sleep(wait, undefined, { signal: either }).catch(() => {});
        if (either.aborted) return outcome;
      }
    },
    stopRetrying: () => last.abort(),
  });
}
