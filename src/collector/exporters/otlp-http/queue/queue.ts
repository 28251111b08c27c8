/**
 * What waits to be sent, and who sends it. As in the Collector, what is being sent still takes room. A full queue is compacted before it has no room.
 */
import { type Entry, type Sizer, sizeOf } from './entry.ts';

export interface QueueOptions {
  readonly capacity: number;
  readonly sizer: Sizer;
  /** Groups that are sent at a time. */
  readonly consumers: number;
  /** Undefined: each entry is sent alone. */
  readonly batch: BatchOptions | undefined;
  /** Sends entries as one request. Never rejects; answers what is to wait again, at the head. */
  send(entries: readonly Entry[]): Promise<readonly Entry[]>;
  /** The same points, but for those that newer ones supersede. Undefined: the queue is not compacted. */
  compact: ((entries: readonly Entry[]) => readonly Entry[]) | undefined;
}

export interface BatchOptions {
  readonly flushTimeout: number;
  readonly minSize: number;
  /** 0: no limit. */
  readonly maxSize: number;
  readonly sizer: Sizer;
  /** An entry in pieces of at most `maxSize`. */
  split(entry: Entry): readonly Entry[];
}

export interface Queue {
  /** False: there is no room. */
  offer(entry: Entry): boolean;
  /** The same, once there is room. Resolves with false where the queue is closed before. */
  wait(entry: Entry): Promise<boolean>;
  readonly size: number;
  /** Sends what waits; after `ms`, answers the entries that still do. */
  close(ms: number): Promise<readonly Entry[]>;
}

/** A queue is compacted again once this share of its older half is new. */
const worthIt = 1 / 8;
/** Or so many of its entries. */
const most = 16;
/** Points that are compacted at a time, besides those that were before: some 0.3 s. */
const freshPoints = 200_000;

export function createQueue({ capacity, sizer, consumers, batch, send, compact }: QueueOptions): Queue {
  let waiting: Entry[] = [];
  /** The place of the oldest entry. */
  let head = 0;
  /** Of `waiting` in the unit of the batches. */
  let batchSize = 0;
  let size = 0;
  let active = 0;
  let closing = false;
  let idle: (() => void) | undefined;
  let timer: NodeJS.Timeout | undefined;
  const blocked: { readonly entry: Entry; readonly entered: (room: boolean) => void }[] = [];

  const own = (entry: Entry) => sizeOf(sizer, entry);
  const total = (entries: readonly Entry[]) => entries.reduce((sum, entry) => sum + own(entry), 0);
  const batchTotal = (entries: readonly Entry[]) =>
    batch === undefined ? 0 : entries.reduce((sum, entry) => sum + sizeOf(batch.sizer, entry), 0);

  /** Puts entries in the place of the oldest ones. */
  function replaceHead(count: number, entries: readonly Entry[]): void {
    batchSize += batchTotal(entries) - batchTotal(waiting.slice(head, head + count));
    waiting = [...entries, ...waiting.slice(head + count)];
    head = 0;
  }

  /** The older half, as far as it can be compacted without holding up the service for long. */
  function oldest(): Entry[] {
    const half = Math.max(Math.ceil((waiting.length - head) / 2), Math.min(2, waiting.length - head));
    const taken: Entry[] = [];
    let points = 0;
    for (let at = head; at < head + half && (points < freshPoints || taken.length < 2); at++) {
      const entry = waiting[at] as Entry;
      if (entry.compact !== true) points += entry.points;
      taken.push(entry);
    }
    return taken;
  }

  function makeRoom(needed: number): boolean {
    if (size + needed <= capacity) return true;
    if (compact === undefined) return false;
    const half = oldest();
    const older = half.length;
    const fresh = half.filter((entry) => entry.compact !== true).length;
    if (fresh < Math.max(1, Math.min(most, older * worthIt))) return false;
    const merged = compact(half);
    const fewer = total(merged) < total(half) ? merged : half.map((entry) => ({ ...entry, compact: true }));
    size += total(fewer) - total(half);
    replaceHead(older, fewer);
    return size + needed <= capacity;
  }

  function enter(entry: Entry): void {
    size += own(entry);
    waiting.push(entry);
    if (batch !== undefined) batchSize += sizeOf(batch.sizer, entry);
    pump();
  }

  function next(): Entry {
    const entry = waiting[head] as Entry;
    head++;
    if (batch !== undefined) batchSize -= sizeOf(batch.sizer, entry);
    // Entries that have gone are let go in bulk.
    if (head > 1_000 && head * 2 > waiting.length) {
      waiting = waiting.slice(head);
      head = 0;
    }
    return entry;
  }

  function isDue(): boolean {
    const first = waiting[head];
    if (first === undefined) return false;
    if (batch === undefined || closing || batchSize >= batch.minSize) return true;
    const left = first.since + batch.flushTimeout - performance.now();
    if (left <= 0) return true;
    timer ??= setTimeout(() => {
      timer = undefined;
      pump();
    }, left + 1);
    return false;
  }

  /** Entries for one request. */
  function take(): Entry[] {
    const taken: Entry[] = [next()];
    if (batch === undefined) return taken;
    const { minSize, maxSize, sizer: unit, split } = batch;
    let sum = sizeOf(unit, taken[0] as Entry);
    while (head < waiting.length && sum < minSize) {
      const entry = next();
      taken.push(entry);
      sum += sizeOf(unit, entry);
    }
    if (maxSize === 0 || sum <= maxSize) return taken;
    // What is too much goes back, as pieces of the last entry.
    const last = taken.pop() as Entry;
    const before = sum - sizeOf(unit, last);
    if (before > 0) {
      replaceHead(0, [last]);
      return taken;
    }
    const [piece = last, ...rest] = split(last);
    size += total([piece, ...rest]) - own(last);
    replaceHead(0, rest);
    return [piece];
  }

  async function run(entries: readonly Entry[]): Promise<void> {
    const again = await send(entries);
    size += total(again) - total(entries);
    if (again.length > 0) replaceHead(0, again);
    active--;
    pump();
    while (blocked.length > 0 && makeRoom(own((blocked[0] as (typeof blocked)[number]).entry))) {
      const { entry, entered } = blocked.shift() as (typeof blocked)[number];
      enter(entry);
      entered(true);
    }
    if (active === 0 && head === waiting.length) idle?.();
  }

  function pump(): void {
    while (active < consumers && isDue()) {
      active++;
      void run(take());
    }
  }

  return Object.freeze({
    offer(entry: Entry) {
      if (closing || !makeRoom(own(entry))) return false;
      enter(entry);
      return true;
    },
    wait(entry: Entry) {
      if (closing) return Promise.resolve(false);
      if (blocked.length === 0 && makeRoom(own(entry))) {
        enter(entry);
        return Promise.resolve(true);
      }
      return new Promise<boolean>((entered) => void blocked.push({ entry, entered }));
    },
    get size() {
      return size;
    },
    async close(ms: number) {
      closing = true;
      clearTimeout(timer);
      for (const { entered } of blocked.splice(0)) entered(false);
      const { promise, resolve } = Promise.withResolvers<void>();
      idle = resolve;
      pump();
      if (active === 0 && head === waiting.length) resolve();
      const limit = setTimeout(resolve, ms);
      await promise;
      clearTimeout(limit);
      const left = waiting.slice(head);
      waiting = [];
      head = 0;
      return left;
    },
  });
}
