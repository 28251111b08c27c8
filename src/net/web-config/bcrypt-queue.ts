/** Checks passwords one at a time, in a separate thread: a hash of usual cost takes 100 ms of CPU time, by design. */
import { createBcryptThread } from './bcrypt-thread.ts';
import type { Check } from './bcrypt-worker.ts';

export interface BcryptQueue {
  /**
   * Whether a password has this hash; undefined: too many checks are waiting, in total or from this client. `isGone`: the client
   * has disconnected by the time its check is due.
   */
  check(check: Check, client: string, isGone: () => boolean): Promise<boolean> | undefined;
  /** Ends the thread; waiting checks do not match. */
  close(): void;
}

/** Scrapers are few, and each is checked once: more checks than this mean that a client guesses passwords. */
const mostWaiting = 16;
/** Prevents one client from blocking all others. */
const mostOfClient = 4;
/** An idle thread costs memory; verified credentials are remembered, so another check is rare. */
const idleMs = 10_000;

interface Waiting {
  readonly check: Check;
  readonly client: string;
  readonly isGone: () => boolean;
  readonly done: (matches: boolean) => void;
}

/** `threadFile`: the code of the thread. Default: beside Meterbridge's own. */
export function createBcryptQueue(threadFile?: string | URL): BcryptQueue {
  let queue: readonly Waiting[] = [];
  let busy: Waiting | undefined;
  let idle: NodeJS.Timeout | undefined;
  const thread = createBcryptThread(threadFile, finish);

  function next(): void {
    clearTimeout(idle);
    const [first, ...rest] = queue;
    if (busy !== undefined) return;
    if (first === undefined) {
      idle = setTimeout(thread.end, idleMs).unref();
      return;
    }
    queue = rest;
    busy = first;
    if (first.isGone() || !thread.begin(first.check)) finish(false);
  }

  function finish(matches: boolean): void {
    const done = busy?.done;
    busy = undefined;
    done?.(matches);
    next();
  }

  return Object.freeze({
    check(check: Check, client: string, isGone: () => boolean) {
      const waiting = busy === undefined ? queue : [busy, ...queue];
      if (waiting.length >= mostWaiting || waiting.filter((one) => one.client === client).length >= mostOfClient)
        return undefined;
      const { promise, resolve } = Promise.withResolvers<boolean>();
      queue = [...queue, { check, client, isGone, done: resolve }];
      next();
      return promise;
    },
    close() {
      clearTimeout(idle);
      thread.end();
      for (const one of busy === undefined ? queue : [busy, ...queue]) one.done(false);
      queue = [];
      busy = undefined;
    },
  });
}
