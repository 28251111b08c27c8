/** The processor `batch`: puts batches together until they are large enough or have waited long enough. */
import type { Batch } from '../../../otlp/batch/batch.ts';
import { BatchBuilder } from '../../../otlp/batch/rewrite/batch-builder.ts';
import { buildAgain, createSlice } from '../../../otlp/batch/rewrite/build-again.ts';
import type { Exporter, ProcessorGiven, Verdict } from '../../component.ts';
import type { BatchSettings } from './config.ts';

/** These take a batch of any size at the same cost, and show at once what they took. */
const atOnce: ReadonlySet<string> = new Set(['prometheus', 'nop']);

export function createBatch(settings: BatchSettings, given: ProcessorGiven): Exporter {
  if (!given.apart && !given.exporters.every((type) => atOnce.has(type))) return createHolding(settings, given);
  return Object.freeze({ async start() {}, async shutdown() {}, consume: given.next });
}

function createHolding({ timeout, send_batch_size: size, send_batch_max_size: most }: BatchSettings, given: ProcessorGiven): Exporter {
  const { next } = given;
  const holds = timeout > 0 && size > 0;
  const held = new BatchBuilder();
  const slice = createSlice();
  let timer: NodeJS.Timeout | undefined;
  /** Resolves when what was handed on has its verdict. Until then senders wait, too. */
  let waiting: Promise<void> | undefined;

  /** As in the Collector, a sender does not learn what became of its points behind this processor. */
  function said(verdict: Verdict): void {
    if (verdict !== undefined) given.refusal('not_taken', `points behind the batch were not taken: ${verdict.why}`, verdict.points);
  }

  function handOn(batch: Batch): void {
    const verdict = next(batch);
    if (!(verdict instanceof Promise)) {
      said(verdict);
      return;
    }
    const all = Promise.all([waiting, verdict.then(said)]).then(() => {
      if (waiting === all) waiting = undefined;
    });
    waiting = all;
  }

  /** What cannot be handed on is lost: if it stayed, nothing behind it would be handed on either. */
  function flush(least: number): void {
    clearTimeout(timer);
    timer = undefined;
    try {
      handOnHeld(least);
    } catch (error) {
      given.refusal('failed_points', `points that were held could not be handed on and are lost: ${String(error)}`, held.size);
      held.clear();
    }
  }

  /** In pieces of at most `most`; what is then left of fewer than `least` points stays. */
  function handOnHeld(least: number): void {
    const batch = held.end();
    const { points } = batch;
    if (most === 0 || points <= most) {
      if (points > 0) handOn(batch);
      held.clear();
      return;
    }
    let from = 0;
    for (; points - from > 0 && points - from >= least; from += most) handOn(slice(batch, from, Math.min(points, from + most)));
    const left = from < points ? slice(batch, from, points) : undefined;
    held.clear();
    if (left !== undefined) hold(left);
  }

  function hold(batch: Batch): void {
    held.whole(() => buildAgain(held, batch));
    if (holds) timer ??= setTimeout(flush, timeout, 0);
  }

  return Object.freeze({
    async start() {},
    async shutdown() {
      // Its verdict may come only when the exporter ends, which is later.
      flush(0);
    },
    consume(batch: Batch) {
      // As in the Collector, what has no points goes no further.
      if (batch.points === 0) return undefined;
      hold(batch);
      if (!holds || held.size >= size) flush(holds ? size : 0);
      return waiting?.then(() => undefined);
    },
  });
}
