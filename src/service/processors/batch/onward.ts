import type { Batch } from '../../../formats/otlp/batch/batch.ts';
import type { ProcessorContext, Verdict } from '../../component.ts';

/** What was handed on, and has no verdict yet. */
export interface Onward {
  handOn(batch: Batch): void;
  /** Resolves when all that was handed on has its verdict: until then senders wait, too. Undefined: it has. */
  readonly waiting: Promise<void> | undefined;
}

export function createOnward({ next, refusal }: Pick<ProcessorContext, 'next' | 'refusal'>): Onward {
  let waiting: Promise<void> | undefined;

  /** As in the Collector, a sender does not learn what became of its points behind this processor. */
  function said(verdict: Verdict): void {
    if (verdict !== undefined) refusal('not_taken', `points after the batch were rejected: ${verdict.why}`, verdict.points);
  }

  return Object.freeze({
    get waiting() {
      return waiting;
    },
    handOn(batch: Batch) {
      const verdict = next(batch);
      if (!(verdict instanceof Promise)) {
        said(verdict);
        return;
      }
      const all = Promise.all([waiting, verdict.then(said)]).then(() => {
        if (waiting === all) waiting = undefined;
      });
      waiting = all;
    },
  });
}
