/**
 * Requests, from the listener's thread, that the main thread runs its callbacks. A busy main thread does not delay the scrape.
 */
import { untilAborted, within } from '../../core/node/within.ts';
import type { Refresh } from './scrape.ts';
import type { RefreshAnswer } from './worker-messages.ts';

/** How long the main thread may take to acknowledge. An event loop that runs needs far less, and a scrape can spare the time. */
const defaultPatienceMs = 50;
/** After this time, rendering starts: the main thread is probably blocked, because an event loop that runs responds sooner. */
const silentMs = 5;

export interface WorkerRefresh {
  /**
   * Resolves when the main thread has run its callbacks, or as `late` when it has not acknowledged within 50 ms: then its last
   * values are served, and until it acknowledges, further scrapes do not wait. Rejects when the main thread's collection failed,
   * or with the signal's reason. Returns nothing where the main thread has no callbacks: then the store's memory has all values.
   */
  readonly refresh: Refresh;
  /** Takes a response of the main thread. */
  hear(answer: RefreshAnswer): void;
  /** Age of the values that are served now, in milliseconds; undefined when the main thread has never responded. */
  ageMs(): number | undefined;
}

interface Question {
  readonly id: number;
  /** By the clock. */
  readonly askedAt: number;
  readonly acknowledged: PromiseWithResolvers<true>;
  readonly done: PromiseWithResolvers<'late' | undefined>;
}

export interface WorkerRefreshOptions {
  /** Default: 50. */
  readonly patienceMs?: number | undefined;
  /** Milliseconds, only differences count. Default: `performance.now`. */
  readonly clock?: () => number;
  /** Whether the main thread has callbacks to run. Default: always. */
  readonly isNeeded?: () => boolean;
}

export function createWorkerRefresh(
  ask: (id: number, budgetMs: number) => void,
  { patienceMs = defaultPatienceMs, clock = () => performance.now(), isNeeded = () => true }: WorkerRefreshOptions = {},
): WorkerRefresh {
  let question: Question | undefined;
  let lastId = 0;
  let goodAt: number | undefined;
  let stale = false;

  function start(budgetMs: number): Question {
    lastId += 1;
    question = { id: lastId, askedAt: clock(), acknowledged: Promise.withResolvers(), done: Promise.withResolvers() };
    question.done.promise.catch(() => {});
    ask(question.id, budgetMs);
    return question;
  }

  async function askAndWait(...[call, budgetMs, last]: Parameters<Refresh>): Promise<'late' | undefined> {
    // One request at a time: a main thread that was blocked for long finds one and not hundreds.
    const { askedAt, acknowledged, done } = question ?? start(budgetMs);
    const left = (ms: number): number => Math.max(0, askedAt + ms - clock());
    let heard = await within(acknowledged.promise, { ms: left(silentMs), afterInput: true }, () => false);
    if (!heard) {
      stale = true;
      last.render();
      heard = await within(acknowledged.promise, { ms: left(patienceMs), afterInput: true }, () => false);
      if (!heard) return 'late';
      last.drop();
    }
    stale = false;
    return untilAborted(done.promise, call.signal);
  }

  return {
    refresh: (...asked) => (isNeeded() ? askAndWait(...asked) : undefined),
    hear(answer) {
      if (question?.id !== answer.id) return;
      const { acknowledged, done } = question;
      acknowledged.resolve(true);
      if (answer.type === 'acknowledged') return;
      question = undefined;
      if (answer.type === 'failed') return done.reject(new Error('the collection failed'));
      goodAt = clock();
      done.resolve(answer.late === true ? 'late' : undefined);
    },
    ageMs: () => (goodAt === undefined ? undefined : stale ? clock() - goodAt : 0),
  };
}
