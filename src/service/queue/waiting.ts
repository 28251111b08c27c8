/** What waits in a queue, in its order, and what of it goes into one request. */
import { type Entry, type Sizer, sizeOf } from './entry.ts';
import type { QueueMemory } from './memory.ts';

export interface BatchOptions {
  readonly flushTimeout: number;
  readonly minSize: number;
  /** 0: no limit. */
  readonly maxSize: number;
  readonly sizer: Sizer;
  /** An entry of more than `maxSize` in two, or as it is. */
  split(entry: Entry): readonly Entry[];
}

export interface Waiting {
  readonly entries: QueueMemory;
  /** In the unit of the queue. */
  readonly size: number;
  /** Grows with each change. */
  readonly changes: number;
  /** Entries that were put at the head so far. */
  readonly returned: number;
  push(entry: Entry): void;
  /** Replaces the oldest entries, which it returns. */
  replaceHead(count: number, entries: readonly Entry[]): readonly Entry[];
  /** Milliseconds until enough waits, or has waited for long enough: 0 or less is now. */
  dueMs(): number;
  /** Takes entries for one request: something waits. */
  take(): readonly Entry[];
}

/** @param batch undefined: each entry is sent alone */
export function createWaiting(entries: QueueMemory, sizer: Sizer, batch: BatchOptions | undefined): Waiting {
  let size = 0;
  /** In the unit of the batches. */
  let batchSize = 0;
  let changes = 0;
  let returned = 0;

  function count(entry: Entry, sign: 1 | -1): void {
    size += sign * sizeOf(sizer, entry);
    if (batch !== undefined) batchSize += sign * sizeOf(batch.sizer, entry);
    changes++;
  }

  function replaceHead(length: number, others: readonly Entry[]): readonly Entry[] {
    const replaced = entries.replace(length, others);
    for (const entry of others) count(entry, 1);
    for (const entry of replaced) count(entry, -1);
    returned += others.length;
    return replaced;
  }

  function next(): Entry {
    const entry = entries.shift() as Entry;
    count(entry, -1);
    return entry;
  }

  /** The first part of an entry that is too large for a request; what is too much goes back. */
  function headOf(whole: Entry, { maxSize, sizer: unit, split }: BatchOptions): Entry {
    let head = whole;
    while (sizeOf(unit, head) > maxSize) {
      const [first = head, ...rest] = split(head);
      replaceHead(0, rest);
      head = first;
      if (rest.length === 0) break;
    }
    return head;
  }

  return Object.freeze({
    entries,
    get size() {
      return size;
    },
    get changes() {
      return changes;
    },
    get returned() {
      return returned;
    },
    push(entry: Entry) {
      entries.push(entry);
      count(entry, 1);
    },
    replaceHead,
    dueMs() {
      const first = entries.at(0);
      if (first === undefined || batch === undefined || batchSize >= batch.minSize) return 0;
      return first.since + batch.flushTimeout - performance.now();
    },
    take() {
      const taken = [next()];
      if (batch === undefined) return taken;
      const { minSize, maxSize, sizer: unit } = batch;
      let sum = sizeOf(unit, taken[0] as Entry);
      while (entries.length > 0 && sum < minSize) {
        const entry = next();
        taken.push(entry);
        sum += sizeOf(unit, entry);
      }
      if (maxSize === 0 || sum <= maxSize) return taken;
      const last = taken.pop() as Entry;
      if (taken.length === 0) return [headOf(last, batch)];
      replaceHead(0, [last]);
      return taken;
    },
  });
}
