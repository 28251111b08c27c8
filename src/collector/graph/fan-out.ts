/** Hands a batch on. */
import type { Batch } from '../../otlp/batch.ts';
import type { Consume, NotTaken } from '../component.ts';

/** To each in turn. What was not taken is the largest that one of them says, as a sender can be told of one number only. */
export function fanOut(branches: readonly Consume[]): Consume {
  const [only, ...others] = branches;
  if (only !== undefined && others.length === 0) return only;
  return (batch) => {
    let largest: NotTaken | undefined;
    for (const branch of branches) {
      const notTaken = branch(batch);
      if (notTaken !== undefined && notTaken.points > (largest?.points ?? 0)) largest = notTaken;
    }
    return largest;
  };
}

/** Counts what an exporter takes. One that fails does not keep a batch from the others. */
export function counted(consume: Consume, tally: { sent: number; failed: number }, failed: (error: unknown) => void): Consume {
  return (batch) => {
    const notTaken = attempt(consume, batch, failed);
    const points = notTaken?.points ?? 0;
    tally.sent += batch.points - points;
    tally.failed += points;
    return notTaken;
  };
}

function attempt(consume: Consume, batch: Batch, failed: (error: unknown) => void): NotTaken | undefined {
  try {
    return consume(batch);
  } catch (error) {
    failed(error);
    return { points: batch.points, why: 'internal error' };
  }
}
