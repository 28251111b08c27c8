/** Sends a request, and retries it by OTLP's rules for HTTP, within the time that the caller gives. */
import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, isSuccess, rejectedOf, remarkOf } from './answers/answer.ts';
import { createCleaner } from './answers/clean.ts';
import { type Accepted, describeFailure, type Outcome, retryable } from './answers/failure.ts';
import { retryAfterMs } from './answers/retry-after.ts';
import { createBackOff } from './back-off.ts';
import type { ClientSettings } from './client-settings.ts';
import { type Limit, timedOut, within } from './limit.ts';
import type { Posted, Poster } from './poster.ts';
import { postFollowing } from './redirect.ts';

export interface Sender {
  /** @param endBy by `performance.now()` */
  send(request: Uint8Array, endBy: number, signal: AbortSignal): Promise<Outcome>;
  /** The time (`performance.now()`) until which the receiver asks for no further request. */
  heldUntil(): number;
  /** From now on no attempt follows another one. */
  stopRetrying(): void;
  close(): void;
}

/** OTLP/HTTP, "Binary Protobuf Encoding" and "JSON Protobuf Encoding". */
const contentTypes = { protobuf: 'application/x-protobuf', json: 'application/json' } as const;

export function createSender(settings: ClientSettings, poster: Poster): Sender {
  const { encoding, compression, retry, names, attemptMs, retrying } = settings;
  const url = new URL(settings.url);
  const clean = createCleaner(settings);
  const last = new AbortController();
  setMaxListeners(0, last.signal);
  let heldUntil = 0;
  /** What any origin may see. */
  const plain = { 'content-type': contentTypes[encoding], ...(compression && { 'content-encoding': compression.name }) };
  const headers = { ...settings.headers, ...plain };

  function accepted(answer: Answer): Accepted {
    const remark = remarkOf(answer, clean);
    const rejected = remark === undefined ? 0 : rejectedOf(answer);
    return { failure: undefined, remark, ...(rejected > 0 && { rejected }) };
  }

  /** Credentials that are not there now may be there for the next attempt. */
  async function post(body: Uint8Array, limit: Limit): Promise<Posted> {
    try {
      const now = settings.headersNow?.();
      const all = now === undefined ? headers : { ...headers, ...now };
      return await postFollowing(poster, { url, headers: all, plain }, body, limit);
    } catch (error) {
      return { error: error instanceof Error ? error.message : String(error) };
    }
  }

  async function attempts(body: Uint8Array, endBy: number, signal: AbortSignal): Promise<Outcome> {
    let answered: Posted | undefined;
    const nextWait = createBackOff(retry);
    for (let fresh = true; ; ) {
      // Where each attempt has its own time, the last one may end behind `endBy`.
      const ms = attemptMs ?? Math.max(1, endBy - performance.now());
      const posted = await within(ms, signal, (limit) => post(body, limit));
      const { answer } = posted;
      if (answer !== undefined && isSuccess(answer)) return accepted(answer);
      if (answer !== undefined) answered = posted;
      // At the end of the time, the receiver's earlier response is more useful than its silence.
      const shown = posted.error === timedOut ? (answered ?? posted) : posted;
      const failure = describeFailure(shown, clean, names);
      if (answer !== undefined && !retryable.has(answer.status)) return { failure };
      const failed: Outcome = { failure, retryable: true };
      if (signal.aborted || (posted.error === timedOut && attemptMs === undefined)) return failed;
      if (posted.stale === true && fresh) {
        fresh = false;
        continue;
      }
      const wanted = retryAfterMs(posted.retryAfter, retry.maxRetryAfterMs);
      if (wanted !== undefined) heldUntil = performance.now() + wanted;
      const wait = nextWait(wanted);
      if (last.signal.aborted) return failed;
      if (performance.now() + wait >= endBy) return { ...failed, againMs: wait };
      retrying?.(failure, wanted);
      await sleep(wait, undefined, { signal: AbortSignal.any([signal, last.signal]) }).catch(() => {});
      if (signal.aborted || last.signal.aborted) return failed;
    }
  }

  return Object.freeze({
    async send(request: Uint8Array, endBy: number, signal: AbortSignal) {
      return attempts(compression === undefined ? request : await compression.compress(request), endBy, signal);
    },
    heldUntil: () => heldUntil,
    stopRetrying: () => last.abort(),
    close: () => poster.close(),
  });
}
