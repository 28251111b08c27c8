/**
 * What waits to be sent, and who sends it. As in the Collector, what is being sent still takes room. A full queue is compacted before it has no room.
 */
import { maxDelayMs } from '../../node/within.ts';
import { type Entry, type Sizer, sizeOf } from './entry.ts';
import type { QueueMemory } from './memory.ts';

export interface QueueOptions {
  readonly memory: QueueMemory;
  readonly capacity: number;
  readonly sizer: Sizer;
  /** Groups that are sent at a time. */
  readonly consumers: number;
  /** Undefined: each entry is sent alone. */
  readonly batch: BatchOptions | undefined;
  /** Sends entries as one request. Never rejects; answers what is to wait again, at the head. */
  send(entries: readonly Entry[]): Promise<readonly Entry[]>;
  /** Ends all that `send` has under way. */
  cutOff(): void;
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

/** Entries on their way as one request. */
interface Request {
  readonly entries: readonly Entry[];
  readonly again: Promise<readonly Entry[]>;
  readonly cutOff: () => void;
}

/** An entry whose sender waits for room. */
interface Blocked {
  readonly entry: Entry;
  readonly entered: (room: boolean) => void;
}

/** All that a queue has. */
export interface Left {
  readonly waiting: readonly Entry[];
  readonly requests: readonly Request[];
  readonly blocked: readonly Blocked[];
}

export interface Queue {
  /** False: there is no room. */
  offer(entry: Entry): boolean;
  /** The same, once there is room. Resolves with false where the queue is closed before. */
  wait(entry: Entry): Promise<boolean>;
  /** Sends at once, whatever waits. False: the queue is closed. */
  now(entry: Entry): boolean;
  readonly size: number;
  /** Sends what waits, each entry once, for at most `ms`. */
  close(ms: number): Promise<void>;
  /** Of a closed queue, whose requests it ends: what was not sent, once. */
  rest(): Promise<readonly Entry[]>;
  /** In place of `close`: all that the queue has is another's. */
  handOver(): Left;
  /** Goes ahead of what waits here. More than the capacity stays, too: then what comes is refused until there is room. */
  takeOver(left: Left): void;
}

/** A queue is compacted again once this share of its older half is new. */
const worthIt = 1 / 8;
/** Or so many of its entries. */
const most = 16;
/** Points that are compacted at a time, besides those that were before: some 0.3 s. */
const freshPoints = 200_000;

export function createQueue({ memory: waiting, capacity, sizer, consumers, batch, send, cutOff, compact }: QueueOptions): Queue {
  /** Of what waits, in the unit of the batches. */
  let batchSize = 0;
  let size = 0;
  /** Requests that a consumer is at: none of those that are another queue's, or that do not wait here. */
  let active = 0;
  const requests = new Set<Request>();
  let closing = false;
  /** What comes back to a closed queue. */
  const unsent: Entry[] = [];
  let idle: (() => void) | undefined;
  let timer: NodeJS.Timeout | undefined;
  const blocked: Blocked[] = [];

  const own = (entry: Entry) => sizeOf(sizer, entry);
  const total = (entries: readonly Entry[]) => entries.reduce((sum, entry) => sum + own(entry), 0);
  const batchTotal = (entries: readonly Entry[]) =>
    batch === undefined ? 0 : entries.reduce((sum, entry) => sum + sizeOf(batch.sizer, entry), 0);

  /** Puts entries in the place of the oldest ones. */
  function replaceHead(count: number, entries: readonly Entry[]): void {
    batchSize += batchTotal(entries) - batchTotal(waiting.replace(count, entries));
  }

  /** The older half, as far as it can be compacted without holding up the service for long. */
  function oldest(): Entry[] {
    const half = Math.max(Math.ceil(waiting.length / 2), Math.min(2, waiting.length));
    const taken: Entry[] = [];
    let points = 0;
    for (let at = 0; at < half && (points < freshPoints || taken.length < 2); at++) {
      const entry = waiting.at(at) as Entry;
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
    const entry = waiting.shift() as Entry;
    if (batch !== undefined) batchSize -= sizeOf(batch.sizer, entry);
    return entry;
  }

  function isDue(): boolean {
    const first = waiting.at(0);
    if (first === undefined) return false;
    if (batch === undefined || closing || batchSize >= batch.minSize) return true;
    const left = first.since + batch.flushTimeout - performance.now();
    if (left <= 0) return true;
    timer ??= setTimeout(
      () => {
        timer = undefined;
        pump();
      },
      Math.min(left + 1, maxDelayMs),
    );
    return false;
  }

  /** Entries for one request. */
  function take(): Entry[] {
    const taken: Entry[] = [next()];
    if (batch === undefined) return taken;
    const { minSize, maxSize, sizer: unit, split } = batch;
    let sum = sizeOf(unit, taken[0] as Entry);
    while (waiting.length > 0 && sum < minSize) {
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

  async function follow(request: Request, slots: number): Promise<void> {
    requests.add(request);
    active += slots;
    const again = await request.again;
    // Otherwise it is another queue's, or counted.
    if (!requests.delete(request)) return;
    active -= slots;
    size += total(again) - total(request.entries);
    if (closing) unsent.push(...again);
    else if (again.length > 0) replaceHead(0, again);
    pump();
    admit();
    if (isIdle()) idle?.();
  }

  const isIdle = () => requests.size === 0 && waiting.length === 0;

  function begin(entries: readonly Entry[], slots: number): void {
    void follow({ entries, again: send(entries), cutOff }, slots);
  }

  function pump(): void {
    while (active < consumers && isDue()) begin(take(), 1);
  }

  /** Lets senders in that wait, as far as there is room. */
  function admit(): void {
    for (let [first] = blocked; first !== undefined && makeRoom(own(first.entry)); [first] = blocked) {
      blocked.shift();
      enter(first.entry);
      first.entered(true);
    }
  }

  function leave(): Left {
    const left = { waiting: waiting.replace(waiting.length, []), requests: [...requests], blocked: blocked.splice(0) };
    requests.clear();
    return left;
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
    now(entry: Entry) {
      if (closing) return false;
      size += own(entry);
      begin([entry], 0);
      return true;
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
      if (isIdle()) resolve();
      const limit = setTimeout(resolve, ms);
      await promise;
      clearTimeout(limit);
    },
    async rest() {
      for (const { cutOff } of requests) cutOff();
      // They come back as soon as they know.
      await new Promise((resolve) => setImmediate(resolve));
      const left = leave();
      return [...unsent.splice(0), ...left.waiting, ...left.requests.flatMap(({ entries }) => entries)];
    },
    handOver() {
      closing = true;
      clearTimeout(timer);
      return leave();
    },
    takeOver(left: Left) {
      size += total(left.waiting) + left.requests.reduce((sum, { entries }) => sum + total(entries), 0);
      replaceHead(0, left.waiting);
      blocked.unshift(...left.blocked);
      for (const request of left.requests) void follow(request, 0);
      pump();
      admit();
    },
  });
}
