/** Hands a batch on. */
import type { Batch } from '../../otlp/batch.ts';
import type { Consume, Given, Verdict } from '../component.ts';

/** To each in turn. What was not taken is the largest that one of them says, as a sender can be told of one number only. */
export function fanOut(branches: readonly Consume[]): Consume {
  const [only, ...others] = branches;
  if (only !== undefined && others.length === 0) return only;
  return (batch) => {
    let largest: Verdict;
    let later: Promise<Verdict>[] | undefined;
    for (const branch of branches) {
      const verdict = branch(batch);
      if (verdict instanceof Promise) later = [...(later ?? []), verdict];
      else largest = larger(largest, verdict);
    }
    return later === undefined ? largest : Promise.all(later).then((verdicts) => verdicts.reduce(larger, largest));
  };
}

/** A sender that sends a batch again repeats its points that are wrong, too, and learns of them then. */
function larger(one: Verdict, other: Verdict): Verdict {
  if (one?.passes !== other?.passes) return one?.passes === true ? one : other?.passes === true ? other : (one ?? other);
  return (other?.points ?? 0) > (one?.points ?? 0) ? other : one;
}

/** Counts what an exporter takes. One that fails does not keep a batch from the others. */
export function counted(consume: Consume, tally: { sent: number; failed: number }, failed: (error: unknown) => void): Consume {
  function count(points: number, verdict: Verdict): Verdict {
    const notTaken = verdict?.points ?? 0;
    tally.sent += points - notTaken;
    tally.failed += notTaken;
    return verdict;
  }
  return (batch) => {
    const { points } = batch;
    const verdict = attempt(consume, batch, failed);
    return verdict instanceof Promise ? verdict.then((known) => count(points, known)) : count(points, verdict);
  };
}

/** A processor that fails at a batch costs that batch; the first failure is a line, and the others are counted. */
export function guarded(consume: Consume, { refusal }: Pick<Given, 'refusal'>): Consume {
  return (batch) =>
    attempt(consume, batch, (error) => refusal('failed_points', `a processor has failed at a batch: ${String(error)}`, batch.points));
}

function attempt(consume: Consume, batch: Batch, failed: (error: unknown) => void): ReturnType<Consume> {
  const { points } = batch;
  function lost(error: unknown): Verdict {
    failed(error);
    return { points, why: 'internal error' };
  }
  try {
    const verdict = consume(batch);
    return verdict instanceof Promise ? verdict.catch(lost) : verdict;
  } catch (error) {
    return lost(error);
  }
}
