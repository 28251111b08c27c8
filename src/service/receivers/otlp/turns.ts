/**
 * The time that requests get of the event loop. A small one is read at once; a large one in slices, between which others have
 * their turn: those of each connection by bytes, whatever else that connection has under way.
 */
import { createInTurn, type InTurn } from '../../../net/listen/in-turn.ts';

/**
 * What has come of a slice. `turn`: the next one is for another turn. A promise: it goes on when that has resolved; it never
 * rejects.
 */
export type Went = 'done' | 'more' | 'turn' | Promise<unknown>;

/** Work that goes in slices. */
export interface Job {
  /** Goes on for about so many bytes. */
  step(bytes: number): Went;
  /** Bytes that it holds beside the request's. */
  readonly held: number;
}

export interface Turns {
  /** Whether so many bytes may still be read in this turn. If so, they count. */
  takes(bytes: number): boolean;
  /** Small ones go ahead of large ones, which have a slice in each turn none the less. */
  enter(connection: object, job: Job, isSmall: boolean): void;
  /** Bytes that all jobs hold. */
  readonly held: number;
}

/** Read in less than a millisecond, at most 5 ms. */
const sliceBytes = 32_768;
/** Requests that are read at once have so many bytes in a turn, all together. */
const atOnceBytes = 8 * sliceBytes;
/** The slices of a turn begin within this time, and those of one connection within half of it. */
const turnMs = 4;
/**
 * Of one connection, before others have theirs: a usual request of 10,000 points is read whole, and applied while its bytes are
 * at hand.
 */
const slicesInARow = 32;
/** Beyond what the jobs hold, only the oldest one goes on. */
const mostHeld = 64 * 1_048_576;

export function createTurns(): Turns {
  const small = createInTurn<Job>();
  const large = createInTurn<Job>();
  // In the order of arrival.
  const jobs = new Set<Job>();
  let spent = 0;
  let isNew = true;
  let isDue = false;

  function nextTurn(): void {
    spent = 0;
    isNew = true;
  }
  function held(): number {
    let total = 0;
    for (const job of jobs) total += job.held;
    return total;
  }
  function due(): void {
    if (isDue || (small.isEmpty && large.isEmpty)) return;
    isDue = true;
    setImmediate(turn);
  }
  function turn(): void {
    isDue = false;
    const end = performance.now() + turnMs;
    while (!small.isEmpty && performance.now() < end - turnMs / 2) goOnWith(small, small.take(), end);
    do {
      const [oldest] = jobs;
      const next = (held() > mostHeld ? large.take((job) => job === oldest) : undefined) ?? large.take();
      if (next === undefined || goOnWith(large, next, end) === 'turn') break;
    } while (performance.now() < end);
    due();
  }
  function goOnWith(waiting: InTurn<Job>, next: ReturnType<InTurn<Job>['take']>, end: number): Went {
    if (next === undefined) return 'turn';
    const { connection, thing: job } = next;
    const went = stepsOf(job, Math.min(end, performance.now() + turnMs / 2));
    if (went === 'done') jobs.delete(job);
    else if (typeof went === 'string') waiting.addFirst(connection, job);
    else
      void went.then(() => {
        waiting.addFirst(connection, job);
        due();
      });
    return went;
  }
  function stepsOf(job: Job, end: number): Went {
    for (let slices = 1; ; slices++) {
      const went = job.step(sliceBytes);
      if (went !== 'more' || slices >= slicesInARow || performance.now() >= end) return went;
    }
  }

  return Object.freeze<Turns>({
    takes(bytes) {
      if (isNew) {
        isNew = false;
        setImmediate(nextTurn);
      }
      if (spent > 0 && spent + bytes > atOnceBytes) return false;
      spent += bytes;
      return true;
    },
    enter(connection, job, isSmall) {
      jobs.add(job);
      (isSmall ? small : large).add(connection, job);
      due();
    },
    get held() {
      return held();
    },
  });
}
