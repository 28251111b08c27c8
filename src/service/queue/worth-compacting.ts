import { recordHeadBytes } from '../storage/log/format.ts';
import { type Entry, lengthOf } from './entry.ts';
import type { QueueMemory } from './memory.ts';

/** A queue is compacted again once this share of its older half is new. */
const worthIt = 1 / 8;
/** Or so many of its entries. */
const most = 16;
/** Points that are compacted at a time, besides those that were before: some 0.3 s, in which nothing else is sent. */
const freshPoints = 200_000;
/** Entries that are looked at. */
const mostEntries = 20_000;
/** Read from disk at a time. */
const mostBytes = 128 * 1024 * 1024;

/**
 * The older half of what waits, as far as it can be compacted in a short time. Undefined: too little of it is new.
 * @param spare bytes of requests that can be written. Default: it stays in memory
 */
export function worthCompacting(waiting: QueueMemory, spare = Number.POSITIVE_INFINITY): readonly Entry[] | undefined {
  const half = Math.min(mostEntries, Math.max(Math.ceil(waiting.length / 2), Math.min(2, waiting.length)));
  const taken: Entry[] = [];
  const limit = Math.min(spare, mostBytes);
  let [fresh, points, bytes] = [0, 0, 0];
  for (let at = 0; at < half && (points < freshPoints || taken.length < 2); at++) {
    const entry = waiting.at(at) as Entry;
    if (entry.stored !== undefined) bytes += lengthOf(entry) + recordHeadBytes;
    if (bytes > limit) break;
    taken.push(entry);
    if (entry.compact === true) continue;
    fresh++;
    points += entry.points;
  }
  return fresh < Math.max(1, Math.min(most, taken.length * worthIt)) ? undefined : taken;
}
