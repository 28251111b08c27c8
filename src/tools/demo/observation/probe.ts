/** A scraper: asks one address again and again, as Prometheus does, and keeps the responses and their times. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Scrapes } from '../board/board.ts';
import { type Samples, samplesOf } from './samples.ts';
import { createTimeline } from './timeline.ts';

export interface Probe {
  /** The last response; undefined: none so far. */
  samples(): Samples | undefined;
  scrapes(): Scrapes;
  stop(): Promise<void>;
}

/** Prometheus scrapes every 15 s or so; that is too long for a person who watches. */
const everyMs = 500;
/** Longer than the button blocks the shop: a late response is shown as late, not as lost. */
const giveUpMs = 30_000;
/** So many of the last responses have the median. */
const mostTimes = 1_000;

export interface ProbeOptions {
  readonly keep?: Parameters<typeof samplesOf>[2];
  /** Before the first scrape, in milliseconds: two probes that ask at one time wait for each other. Default: 0. */
  readonly afterMs?: number;
}

export function startProbe(name: string, url: string, { keep, afterMs = 0 }: ProbeOptions = {}): Probe {
  const ended = new AbortController();
  const timeline = createTimeline(everyMs);
  const times: number[] = [];
  let last: Samples | undefined;
  let [answered, failed] = [0, 0];
  let askedAt: number | undefined;

  async function ask(): Promise<void> {
    const at = performance.now();
    askedAt = at;
    try {
      const signal = AbortSignal.any([ended.signal, AbortSignal.timeout(giveUpMs)]);
      const answer = await fetch(url, { headers: { accept: 'text/plain' }, signal });
      const text = await answer.text();
      if (!answer.ok) throw new Error(`${url} responds with ${answer.status}`);
      last = samplesOf(text, url, keep);
      answered += 1;
      timeline.answered();
      times.push(performance.now() - at);
      if (times.length > mostTimes) times.shift();
    } catch {
      if (!ended.signal.aborted) failed += 1;
    }
    askedAt = undefined;
  }

  const done = (async () => {
    await sleep(afterMs, undefined, { signal: ended.signal }).catch(() => {});
    while (!ended.signal.aborted) {
      const next = performance.now() + everyMs;
      await ask();
      await sleep(Math.max(0, next - performance.now()), undefined, { signal: ended.signal }).catch(() => {});
    }
  })();
  return {
    samples: () => last,
    scrapes: () => ({
      name,
      dots: timeline.dots(),
      answered,
      failed,
      medianMs: times.toSorted((a, b) => a - b)[times.length >> 1],
      longestGapMs: timeline.longestGapMs(),
      waitingMs: askedAt === undefined ? 0 : performance.now() - askedAt,
    }),
    async stop() {
      ended.abort();
      await done;
    },
  };
}
