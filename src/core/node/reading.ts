/** What is being read. Each who needs it waits for a time of its own; it goes on when they have gone. */
import { within } from './within.ts';

export interface Reading {
  /** Its caller no longer waits for it. */
  readonly missed: boolean;
  /** Waits for it, for at most `ms`. False: it has not ended, and counts as missed from now on. */
  wait(ms: number): Promise<boolean> | false;
}

/** Its caller no longer waits once it has taken `timeoutMs`, so that one that hangs delays no other. `ended` must not reject. */
export function createReading(ended: Promise<void>, timeoutMs: number): Reading {
  // Not a clock that was given: this is about timers.
  const untilMs = performance.now() + timeoutMs;
  const over = ended.then(() => true);
  let missed = false;
  const miss = (): false => {
    missed = true;
    return false;
  };
  return {
    get missed() {
      return missed;
    },
    wait(ms) {
      const left = Math.min(ms, untilMs - performance.now());
      return left > 0 ? within(over, { ms: left }, miss) : miss();
    },
  };
}
