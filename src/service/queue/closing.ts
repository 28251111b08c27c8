/** The end of a queue: what waits is sent, each entry once and for a limited time, and the rest is given back. */
import type { BlockedSenders } from './blocked.ts';
import type { Consumers } from './consumers.ts';
import type { Entry } from './entry.ts';

export interface Closing {
  /** What comes back to the closed queue. */
  add(entries: readonly Entry[]): void;
  /** The queue may have become idle. */
  look(): void;
  /** As `Queue` says. */
  close(ms: number): Promise<void>;
  /** What was added, once. */
  take(): readonly Entry[];
}

/** @param isIdle nothing waits, and nothing is on its way */
export function createClosing(consumers: Consumers, blocked: BlockedSenders, isIdle: () => boolean): Closing {
  const unsent: Entry[] = [];
  let idle: (() => void) | undefined;

  function look(): void {
    if (idle !== undefined && isIdle()) idle();
  }

  return Object.freeze({
    add(entries: readonly Entry[]) {
      unsent.push(...entries);
    },
    look,
    async close(ms: number) {
      consumers.close();
      for (const { entered } of blocked.leave()) entered(false);
      const { promise, resolve } = Promise.withResolvers<void>();
      idle = resolve;
      consumers.pump();
      look();
      const limit = setTimeout(resolve, ms);
      await promise;
      clearTimeout(limit);
    },
    take: () => unsent.splice(0),
  });
}
