/** Sends one request of a push, and tries again for as long as it may: OTLP's rules for HTTP, within the time of the push. */
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { PushSettings } from '../settings/settings.ts';
import { isSuccess, remarkOf } from './answer.ts';
import { createCleaner } from './clean.ts';
import { describeFailure, type Outcome } from './failure.ts';
import { packageVersion } from './package-version.ts';
import { createPoster, type Posted } from './post.ts';
import { retryAfterMs } from './retry-after.ts';
import { retryable } from './retryable.ts';

export interface Sender {
  /** @param endBy by `performance.now()` */
  send(request: Uint8Array, endBy: number, signal: AbortSignal): Promise<Outcome>;
  /** Until when (`performance.now()`) the receiver wants no further push. */
  heldUntil(): number;
  close(): void;
}

/** Milliseconds; each pause is longer than the last by the factor, up to the longest, give or take the jitter. */
const firstPause = 1_000;
const pauseFactor = 1.5;
const longestPause = 5_000;
const jitter = 0.2;

const contentTypes = { 'http/protobuf': 'application/x-protobuf', 'http/json': 'application/json' } as const;
const timedOut = 'timed out';

export async function createSender(settings: PushSettings): Promise<Sender> {
  const target = settings.target();
  const poster = await createPoster(new URL(target.url), target.tls);
  const clean = createCleaner(target);
  let heldUntil = 0;
  const headers = {
    // OTLP, "User Agent": exporter, language, version.
    'user-agent': `Meterbridge-OTLP-Exporter-JavaScript/${packageVersion()}`,
    ...target.headers,
    'content-type': contentTypes[settings.protocol],
    ...(settings.compression === 'gzip' && { 'content-encoding': 'gzip' }),
  };

  async function attempts(body: Uint8Array, endBy: number, signal: AbortSignal): Promise<Outcome> {
    let answered: Posted | undefined;
    for (let pause = firstPause, fresh = true; ; ) {
      const posted = await poster.post(headers, body, signal);
      const { answer } = posted;
      if (answer !== undefined && isSuccess(answer)) return { failure: undefined, remark: remarkOf(answer, clean) };
      if (answer !== undefined) answered = posted;
      // At the end of the time, what the receiver said before says more than that it said nothing.
      const shown = posted.error === timedOut ? (answered ?? posted) : posted;
      const failed: Outcome = { failure: describeFailure(shown, clean) };
      if (signal.aborted || (answer !== undefined && !retryable.has(answer.status))) return failed;
      if (posted.stale === true && fresh) {
        fresh = false;
        continue;
      }
      const wanted = retryAfterMs(posted.retryAfter);
      if (wanted !== undefined) heldUntil = performance.now() + wanted;
      const wait = wanted ?? pause * (1 - jitter + 2 * jitter * Math.random());
      if (performance.now() + wait >= endBy) return failed;
      await sleep(wait, undefined, { signal }).catch(() => {});
      if (signal.aborted) return failed;
      pause = Math.min(pause * pauseFactor, longestPause);
    }
  }

  return Object.freeze({
    async send(request: Uint8Array, endBy: number, signal: AbortSignal) {
      const body = settings.compression === 'gzip' ? await promisify(gzip)(request) : request;
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
