/** What waits as other requests: compacted, or split where one would be too large. What can be neither is sent as it is. */
import type { Context } from '../component.ts';
import { inSlices } from '../in-slices.ts';
import { compacting } from './compact.ts';
import type { Compact } from './compaction.ts';
import { batchSizer, type QueueSettings } from './config.ts';
import { type Entry, type Loaded, type Sizer, sizeIn } from './entry.ts';
import { areLoaded, load } from './on-disk/load.ts';
import { lengthIn, type Store } from './on-disk/store.ts';
import { splitEntry, splitWhole } from './split.ts';
import type { BatchOptions } from './waiting.ts';

export interface Repack {
  readonly compact: Compact;
  readonly batch: BatchOptions | undefined;
  /** All parts of what is too large for one request. */
  splitWhole(entry: Loaded): readonly Loaded[];
}

export function repack(
  { batch, sizer: ofQueue }: QueueSettings,
  refusal: Context['refusal'],
  store: () => Store | undefined,
): Repack {
  /** What waits would fail at each further batch, too. */
  function asTheyAre<E>(error: unknown, entries: readonly E[]): readonly E[] {
    refusal('failed_points', `requests that wait can be neither compacted nor split, and are sent as they are: ${String(error)}`);
    return entries;
  }

  async function compact(entries: readonly Entry[], isOver: () => boolean): Promise<readonly Entry[] | undefined> {
    try {
      if (entries.some(({ stored }) => stored !== undefined)) return await compactOnDisk(entries);
      const compacted = await inSlices(compacting(entries as readonly Loaded[]), isOver);
      return compacted && (sizeIn(ofQueue, compacted.entries) < sizeIn(ofQueue, entries) ? compacted.entries : entries);
    } catch (error) {
      return asTheyAre(error, entries);
    }
  }

  /** It ends, whatever happens: what waits and what is on disk are the same. */
  async function compactOnDisk(entries: readonly Entry[]): Promise<readonly Entry[]> {
    const to = store();
    if (to?.owns(entries) !== true) return entries;
    const { loaded, damaged } = await load(entries);
    // It is counted when it is its turn to be sent.
    const whole = loaded.filter(({ stored }) => damaged.every(({ entry }) => entry.stored !== stored));
    const compacted = await inSlices(compacting(whole));
    if (compacted === undefined || damaged.length > 0) return entries;
    const parts = compacted.entries.flatMap(wholeSplit);
    return gains(ofQueue, parts, entries) ? to.replace(entries, parts) : entries;
  }

  const most = batch === undefined || batch.max_size === 0 ? Number.POSITIVE_INFINITY : batch.max_size;
  const sizer = batchSizer(batch?.sizer, ofQueue);

  function guarded(split: typeof splitEntry) {
    return (entry: Loaded): readonly Loaded[] => {
      try {
        return split(entry, most, sizer);
      } catch (error) {
        return asTheyAre(error, [entry]);
      }
    };
  }

  const wholeSplit = guarded(splitWhole);
  const half = guarded(splitEntry);
  if (batch === undefined) return { compact, batch, splitWhole: wholeSplit };
  const { flush_timeout: flushTimeout, min_size: minSize, max_size: maxSize } = batch;
  const split = (entry: Entry) => (areLoaded([entry]) ? half(entry as Loaded) : [entry]);
  return { compact, batch: { flushTimeout, minSize, maxSize, sizer, split }, splitWhole: wholeSplit };
}

/** Fewer of what the queue has room for, or fewer bytes on disk. */
function gains(sizer: Sizer, parts: readonly Entry[], entries: readonly Entry[]): boolean {
  return sizeIn(sizer, parts) < sizeIn(sizer, entries) || lengthIn(parts) < lengthIn(entries);
}
