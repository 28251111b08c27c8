import type { Batch } from '../../formats/otlp/batch/batch.ts';
import type { Component, ReceiverContext } from '../component.ts';

/**
 * A receiver that reads at an interval and hands on what it has read. Its first reading is part of its start, so that an error
 * then stops the service's start. A later reading that fails is a rejection of the kind `failed_read`: one line, and a count. Two
 * readings never overlap.
 * @param everyMs milliseconds between the end of a reading and the next one
 * @param read undefined: there is nothing this time
 */
export function polling(
  context: ReceiverContext,
  everyMs: number,
  read: () => Promise<Batch | undefined> | Batch | undefined,
): Component {
  let timer: NodeJS.Timeout | undefined;
  let reading: Promise<void> = Promise.resolve();
  let ended = false;

  async function once(): Promise<void> {
    const batch = await read();
    if (batch === undefined || batch.points + batch.rejected === 0) return;
    const { points, rejected, why } = batch;
    const verdict = points === 0 ? undefined : await context.next(batch);
    const refused = rejected + (verdict?.points ?? 0);
    context.accepted('other', points - (verdict?.points ?? 0));
    if (refused === 0) return;
    context.refused('other', refused);
    context.refusal('rejected_points', [why, verdict?.why].filter((one) => one !== undefined).join('; '), refused);
  }

  function plan(): void {
    if (ended) return;
    timer = setTimeout(() => {
      reading = once()
        .catch((error: unknown) => context.refusal('failed_read', `a reading has failed: ${String(error)}`))
        .then(plan);
    }, everyMs);
  }

  return Object.freeze({
    async start() {
      await once();
      plan();
    },
    async shutdown() {
      ended = true;
      clearTimeout(timer);
      await reading;
    },
  });
}
