/** Hands a batch on. */
import type { Consume, Verdict } from '../component.ts';
import { type AttemptOptions, attempting } from './attempt.ts';

/** To each in turn, whatever becomes of it in the others. */
export function fanOut(branches: readonly Consume[]): Consume {
  const [only, ...others] = branches;
  if (only !== undefined && others.length === 0) return only;
  return (batch) => {
    const { points } = batch;
    const verdicts = branches.map((branch) => branch(batch));
    if (!verdicts.some((verdict) => verdict instanceof Promise)) return inAll(points, verdicts as Verdict[]);
    return Promise.all(verdicts).then((known) => inAll(points, known));
  };
}

/**
 * Combines several verdicts into one for the sender. If one of them is retryable, the sender sends the whole batch again. So it
 * does if each branch failed, or accepted nothing. If some have accepted it, they would receive it twice: what the others
 * rejected is not sent again. Of these the largest number counts.
 */
function inAll(points: number, verdicts: readonly Verdict[]): Verdict {
  const notTaken = verdicts.filter((verdict) => verdict !== undefined);
  const passing = notTaken.find(({ retryable }) => retryable === true);
  if (passing !== undefined) return passing;
  const errors = notTaken.filter(({ error }) => error !== undefined);
  const [first] = notTaken.toSorted((one, other) => other.points - one.points);
  if (first === undefined || errors.length === 0) return first;
  const isTaken =
    notTaken.length < verdicts.length || notTaken.some(({ error, partly, points: n }) => !error && (partly || n < points));
  if (!isTaken) return errors.find(({ error }) => error === 'retryable') ?? errors[0];
  return {
    points: first.points,
    why: `${errors.map(({ why }) => why).join('; ')}; other exporters have accepted the request`,
    partly: true,
  };
}

/** Counts what an exporter takes. */
export function counted(consume: Consume, tally: { sent: number; failed: number }, options: AttemptOptions): Consume {
  const attempt = attempting(consume, options);
  function count(points: number, verdict: Verdict): Verdict {
    const notTaken = verdict?.points ?? 0;
    tally.sent += points - notTaken;
    tally.failed += notTaken;
    return verdict;
  }
  return (batch) => {
    const { points } = batch;
    const verdict = attempt(batch);
    return verdict instanceof Promise ? verdict.then((known) => count(points, known)) : count(points, verdict);
  };
}
