/** Asking the host to run its callbacks, from the listener's thread. A host that is busy does not hold the scrape. */
import { untilAborted } from './flights.ts';
import type { RefreshAnswer } from './worker-messages.ts';

/** How long a host may take to say that it has heard. A loop that turns needs far less, and a scrape can spare it. */
const acknowledgeMs = 50;

export interface WorkerRefresh {
  /**
   * Resolves when the host has run its callbacks, or when it has not even acknowledged within 50 ms: then its last values are served.
   * Rejects when the host's collection failed, or with the signal's reason.
   */
  refresh(signal: AbortSignal, budgetMs: number): Promise<void>;
  /** What the host answers. */
  hear(answer: RefreshAnswer): void;
  /** Age of the values that are served now, in milliseconds; undefined when the host has never answered. */
  ageMs(): number | undefined;
}

interface Question {
  readonly id: number;
  readonly acknowledged: PromiseWithResolvers<true>;
  readonly done: PromiseWithResolvers<void>;
}

export function createWorkerRefresh(ask: (id: number, budgetMs: number) => void): WorkerRefresh {
  let question: Question | undefined;
  let lastId = 0;
  let goodAt: number | undefined;
  let stale = false;

  function start(budgetMs: number): Question {
    lastId += 1;
    question = { id: lastId, acknowledged: Promise.withResolvers(), done: Promise.withResolvers() };
    question.done.promise.catch(() => {});
    ask(question.id, budgetMs);
    return question;
  }

  return {
    async refresh(signal, budgetMs) {
      // One question at a time: a host that has been away for long finds one and not hundreds.
      const { acknowledged, done } = question ?? start(budgetMs);
      const heard = await within(acknowledged.promise, acknowledgeMs);
      stale = !heard;
      if (heard) await untilAborted(done.promise, signal);
    },
    hear(answer) {
      if (question?.id !== answer.id) return;
      const { acknowledged, done } = question;
      if (answer.type === 'acknowledged') return acknowledged.resolve(true);
      question = undefined;
      if (answer.type === 'failed') return done.reject(new Error('the collection failed'));
      goodAt = performance.now();
      done.resolve();
    },
    ageMs: () => (goodAt === undefined ? undefined : stale ? performance.now() - goodAt : 0),
  };
}

async function within(promise: Promise<true>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, ms, false);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
