/** A request's work as a generator, so that it can pause anywhere. */
import type { Job, Went } from './turns.ts';

/** Yields to pause. */
export type Work<Result> = Generator<Exclude<Went, 'done'>, Result, number>;

/** What the work holds now, in bytes; the work itself changes it. */
export interface Holds {
  bytes(): number;
}

/** @param done called once, with what the work returns */
export function createJob<Result>(work: Work<Result>, holds: Holds, done: (result: Result) => void): Job {
  let isOver = false;
  return {
    step(bytes) {
      const went = work.next(bytes);
      if (went.done !== true) return went.value;
      isOver = true;
      done(went.value);
      return 'done';
    },
    get held() {
      return isOver ? 0 : holds.bytes();
    },
  };
}
