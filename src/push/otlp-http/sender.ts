/** Sends a request, and retries it by OTLP's rules for HTTP, within the time that the caller gives. */
import { setTimeout as sleep } from 'node:timers/promises';
import { isSuccess, remarkOf } from '../answers/answer.ts';
import { createCleaner } from '../answers/clean.ts';
import { describeFailure, type Outcome } from '../answers/failure.ts';
import { retryAfterMs } from '../answers/retry-after.ts';
import { retryable } from '../answers/retryable.ts';
import type { ClientSettings } from './client-settings.ts';
import { createPoster, type Posted } from './post.ts';

export interface Sender {
  /** @param endBy by `performance.now()` */
  send(request: Uint8Array, endBy: number, signal: AbortSignal): Promise<Outcome>;
  /** The time (`performance.now()`) until which the receiver wants no further request. */
  heldUntil(): number;
  close(): void;
}

/** OTLP/HTTP, "Binary Protobuf Encoding" and "JSON Protobuf Encoding". */
const contentTypes = { protobuf: 'application/x-protobuf', json: 'application/json' } as const;
const timedOut = 'timed out';

export async function createSender(settings: ClientSettings): Promise<Sender> {
  const { encoding, compression, retry, names } = settings;
  const poster = await createPoster(new URL(settings.url), settings.tls);
  const clean = createCleaner(settings);
  let heldUntil = 0;
  const headers = {
    ...settings.headers,
    'content-type': contentTypes[encoding],
    ...(compression && { 'content-encoding': compression.name }),
  };

  async function attempts(body: Uint8Array, endBy: number, signal: AbortSignal): Promise<Outcome> {
    let answered: Posted | undefined;
    for (let pause = retry.initialIntervalMs, fresh = true; ; ) {
      const posted = await poster.post(headers, body, signal);
      const { answer } = posted;
      if (answer !== undefined && isSuccess(answer)) return { failure: undefined, remark: remarkOf(answer, clean) };
      if (answer !== undefined) answered = posted;
      // At the end of the time, the receiver's earlier answer is more useful than its silence.
      const shown = posted.error === timedOut ? (answered ?? posted) : posted;
      const failed: Outcome = { failure: describeFailure(shown, clean, names) };
      if (signal.aborted || (answer !== undefined && !retryable.has(answer.status))) return failed;
      if (posted.stale === true && fresh) {
        fresh = false;
        continue;
      }
      const wanted = retryAfterMs(posted.retryAfter, retry.maxRetryAfterMs);
      if (wanted !== undefined) heldUntil = performance.now() + wanted;
      const wait = wanted ?? pause * (1 + retry.randomizationFactor * (2 * Math.random() - 1));
      if (performance.now() + wait >= endBy) return failed;
      await sleep(wait, undefined, { signal }).catch(() => {});
      if (signal.aborted) return failed;
      pause = Math.min(pause * retry.multiplier, retry.maxIntervalMs);
    }
  }

  return Object.freeze({
    async send(request: Uint8Array, endBy: number, signal: AbortSignal) {
      const body = compression === undefined ? request : await compression.compress(request);
      const limit = new AbortController();
      const timer = setTimeout(() => limit.abort(new Error(timedOut)), Math.max(1, endBy - performance.now()));
      const cut = () => limit.abort(signal.reason);
      signal.addEventListener('abort', cut, { once: true });
      if (signal.aborted) cut();
      try {
        return await attempts(body, endBy, limit.signal);
      } finally {
        clearTimeout(timer);
        signal.removeEventListener('abort', cut);
      }
    },
    heldUntil: () => heldUntil,
    close: () => poster.close(),
  });
}
