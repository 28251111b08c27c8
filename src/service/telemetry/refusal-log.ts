/** Rejections by kind: a line when a kind begins, and one with its count when it has ended, however many there are between. */
import type { Logger } from './logger.ts';

/** A kind has ended when none came for so long, in milliseconds. */
const quietMs = 60_000;

export interface RefusalLog {
  readonly add: (kind: string, message: string, times?: number) => void;
  /** Logs how many there were of those that have not ended. */
  close(): void;
}

interface RefusalRun {
  times: number;
  timer: NodeJS.Timeout;
}

export function createRefusalLog(log: Logger): RefusalLog {
  const kinds = new Map<string, RefusalRun>();

  function end(kind: string): void {
    const times = kinds.get(kind)?.times ?? 0;
    clearTimeout(kinds.get(kind)?.timer);
    kinds.delete(kind);
    if (times > 1) log.warn(`rejected ${times} times in all: ${kind}`, { times });
  }

  function quiet(kind: string): NodeJS.Timeout {
    return setTimeout(() => end(kind), quietMs).unref();
  }

  return Object.freeze({
    add(kind: string, message: string, times = 1) {
      const known = kinds.get(kind);
      if (known === undefined) {
        log.warn(message, { refused: kind });
        kinds.set(kind, { times, timer: quiet(kind) });
        return;
      }
      known.times += times;
      clearTimeout(known.timer);
      known.timer = quiet(kind);
    },
    close() {
      for (const kind of [...kinds.keys()]) end(kind);
    },
  });
}
