/** What waits as other requests: compacted, or split where one would be too large. What can be neither is sent as it is. */
import type { Context } from '../component.ts';
import { compacting } from './compact.ts';
import { batchSizer, type QueueSettings } from './config.ts';
import type { Entry } from './entry.ts';
import { inSlices } from './in-slices.ts';
import type { QueueOptions } from './queue.ts';
import { splitEntry } from './split.ts';

export function repack({ batch, sizer: ofQueue }: QueueSettings, refusal: Context['refusal']): Pick<QueueOptions, 'compact' | 'batch'> {
  /** What waits would fail at each further batch, too. */
  function asTheyAre(error: unknown, entries: readonly Entry[]): readonly Entry[] {
    refusal('failed_points', `requests that wait can be neither compacted nor split, and are sent as they are: ${String(error)}`);
    return entries;
  }

  async function compact(entries: readonly Entry[], isOver: () => boolean): Promise<readonly Entry[] | undefined> {
    try {
      return (await inSlices(compacting(entries), isOver))?.entries;
    } catch (error) {
      return asTheyAre(error, entries);
    }
  }

  if (batch === undefined) return { compact, batch };
  const { flush_timeout: flushTimeout, min_size: minSize, max_size: maxSize } = batch;
  const sizer = batchSizer(batch.sizer, ofQueue);
  function split(entry: Entry): readonly Entry[] {
    try {
      return splitEntry(entry, maxSize, sizer);
    } catch (error) {
      return asTheyAre(error, [entry]);
    }
  }
  return { compact, batch: { flushTimeout, minSize, maxSize, sizer, split } };
}
