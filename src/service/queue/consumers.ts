/** Consumers of a queue: each sends one request at a time, once enough waits or has waited for long enough. */
import { maxDelayMs } from '../../core/node/within.ts';
import type { Dispatch } from './dispatch.ts';
import type { Waiting } from './waiting.ts';

export interface Consumers {
  readonly closed: boolean;
  /** Sends what is due, as far as consumers are free. */
  pump(): void;
  /** From now on all that waits is due. */
  close(): void;
}

/** @param isPaused nothing is to be sent, unless the queue is closed */
export function createConsumers(waiting: Waiting, dispatch: Dispatch, consumers: number, isPaused: () => boolean): Consumers {
  let closed = false;
  let timer: NodeJS.Timeout | undefined;

  function isDue(): boolean {
    if (waiting.entries.length === 0) return false;
    const ms = closed ? 0 : waiting.dueMs();
    if (ms <= 0) return true;
    timer ??= setTimeout(
      () => {
        timer = undefined;
        pump();
      },
      Math.min(ms + 1, maxDelayMs),
    );
    return false;
  }

  function pump(): void {
    while ((closed || !isPaused()) && dispatch.active < consumers && isDue()) dispatch.begin(waiting.take(), 1);
  }

  return Object.freeze({
    get closed() {
      return closed;
    },
    pump,
    close() {
      closed = true;
      clearTimeout(timer);
    },
  });
}
