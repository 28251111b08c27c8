/** The processor `batch`: puts batches together until they are large enough or have waited long enough. */
import type { Batch } from '../../../formats/otlp/batch/batch.ts';
import { BatchBuilder } from '../../../formats/otlp/batch/rewrite/batch-builder.ts';
import { buildAgain, inPieces } from '../../../formats/otlp/batch/rewrite/build-again.ts';
import type { Exporter, ProcessorContext } from '../../component.ts';
import type { BatchSettings } from './config.ts';
import { createOnward } from './onward.ts';

export function createBatch(
  { timeout, send_batch_size: size, send_batch_max_size: most }: BatchSettings,
  context: ProcessorContext,
): Exporter {
  const holds = timeout > 0 && size > 0;
  const held = new BatchBuilder();
  const onward = createOnward(context);
  let timer: NodeJS.Timeout | undefined;
  let forget = () => {};

  /** What cannot be handed on is lost: if it stayed, nothing behind it would be handed on either. */
  function flush(least: number): void {
    clearTimeout(timer);
    timer = undefined;
    try {
      handOnHeld(least);
    } catch (error) {
      context.refusal('failed_points', `points that were held could not be handed on and are lost: ${String(error)}`, held.size);
      held.clear();
    }
  }

  /** In pieces of at most `most`; what is then left of fewer than `least` points stays. */
  function handOnHeld(least: number): void {
    const batch = held.end();
    const { points } = batch;
    if (most === 0 || points <= most) {
      if (points > 0) onward.handOn(batch);
      held.clear();
      return;
    }
    let left: Batch | undefined;
    for (const piece of inPieces(batch, most)) {
      if (piece.points === most || piece.points >= least) onward.handOn(piece);
      else left = piece;
    }
    held.clear();
    if (left !== undefined) hold(left);
  }

  function hold(batch: Batch): void {
    held.whole(() => buildAgain(held, batch));
    if (holds) timer ??= setTimeout(flush, timeout, 0);
  }

  return Object.freeze({
    async start() {
      forget = context.memory.add(() => held.bytes);
    },
    async shutdown() {
      forget();
      // Its verdict may come only when the exporter ends, which is later.
      flush(0);
    },
    consume(batch: Batch) {
      // As in the Collector, what has no points goes no further.
      if (batch.points === 0) return undefined;
      hold(batch);
      // Without memory for more it holds nothing.
      if (!holds || context.memory.room === 0) flush(0);
      else if (held.size >= size) flush(size);
      return onward.waiting?.then(() => undefined);
    },
  });
}
