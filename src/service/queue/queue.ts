/**
 * What waits to be sent, and what sends it. As in the Collector, what is being sent still counts against the capacity. A full
 * queue is compacted before it rejects anything.
 */
import { type Blocked, createBlockedSenders } from './blocked.ts';
import { createClosing } from './closing.ts';
import { type Compact, createCompaction } from './compaction.ts';
import { createConsumers } from './consumers.ts';
import { createDispatch, type DispatchOptions, type Request } from './dispatch.ts';
import { createEntering } from './entering.ts';
import { type Entry, lengthOf, oldestSince, sizeOf } from './entry.ts';
import type { QueueMemory } from './memory.ts';
import type { Store } from './on-disk/store.ts';
import { type BatchOptions, createWaiting } from './waiting.ts';

export interface QueueOptions extends DispatchOptions {
  readonly memory: QueueMemory;
  readonly capacity: number;
  /** Groups that are sent at a time. */
  readonly consumers: number;
  /** Undefined: each entry is sent alone. */
  readonly batch: BatchOptions | undefined;
  /** Undefined: the queue is not compacted. */
  readonly compact: Compact | undefined;
  /** Where what enters is written. Undefined: it waits in memory. */
  store?(): Store | undefined;
}

/** All that a queue has. */
export interface Left {
  readonly waiting: readonly Entry[];
  readonly requests: readonly Request[];
  readonly blocked: readonly Blocked[];
}

export interface Queue {
  /**
   * False: the queue is full or closed. A promise where compaction may free capacity, or where it is written; rejects where it
   * cannot be.
   * @param patient the sender waits for as long as the queue is full
   */
  offer(entry: Entry, patient: boolean): boolean | Promise<boolean>;
  /** Sends at once, whatever waits. False: the queue is closed. */
  now(entry: Entry): boolean;
  readonly size: number;
  /**
   * `performance.now()` when the oldest entry came, of what waits and what is being sent. Undefined: there is none, or it is not
   * known.
   */
  readonly oldest: number | undefined;
  /** Of all that it holds: what waits, what is being sent, and what has no capacity yet. */
  readonly bytes: number;
  /** Nothing is being written or compacted, so that what is on disk is what waits. */
  settled(): Promise<void>;
  /** What waits on disk is the queue's no longer, and stays there. */
  leaveStored(): readonly Entry[];
  /** Sends what waits, each entry once, for at most `ms`. */
  close(ms: number): Promise<void>;
  /** Of a closed queue, whose requests it ends: what was not sent, once. */
  rest(): Promise<readonly Entry[]>;
  /** Instead of `close`: hands over all that the queue has. */
  handOver(): Left;
  /**
   * Goes ahead of what waits here. More than the capacity stays, too: then what comes is rejected until there is free capacity.
   */
  takeOver(left: Left): void;
}

export function createQueue(options: QueueOptions): Queue {
  const { capacity, sizer, compact, store = () => undefined } = options;
  const waiting = createWaiting(options.memory, sizer, options.batch);
  const dispatch = createDispatch(options, ended);
  const compaction = createCompaction(waiting, { compact, store, isOver: () => consumers.closed, done: compacted });
  const consumers = createConsumers(waiting, dispatch, options.consumers, () => compaction.runs);
  const blocked = createBlockedSenders();

  const entering = createEntering(waiting, sizer, store, () => {
    consumers.pump();
    admit(true);
  });

  const size = () => waiting.size + dispatch.size + entering.size;
  const fits = (entry: Entry) => size() + sizeOf(sizer, entry) <= capacity && store()?.hasRoom(lengthOf(entry)) !== false;
  const closing = createClosing(consumers, blocked, () => dispatch.isIdle && waiting.entries.length === 0);

  function enter(entry: Entry): boolean | Promise<boolean> {
    const entered = entering.enter(entry);
    consumers.pump();
    return entered;
  }

  /**
   * Lets waiting senders in, in their order and as far as there is free capacity. @param compacts whether compaction may free
   * capacity for the next one
   */
  function admit(compacts: boolean): void {
    if (compaction.runs) return;
    blocked.admit(fits, enter);
    const half = blocked.length > 0 && compacts ? compaction.half() : undefined;
    if (half === undefined) blocked.refuseImpatient();
    else void compaction.start(half);
  }

  function compacted(): void {
    admit(false);
    consumers.pump();
  }

  function ended(sent: readonly Entry[]): void {
    const again = sent.map((entry) => ({ ...entry, tried: true }));
    if (consumers.closed) closing.add(again);
    else if (again.length > 0) waiting.replaceHead(0, again);
    consumers.pump();
    admit(true);
    closing.look();
  }

  function leave(): Left {
    return { waiting: waiting.replaceHead(waiting.entries.length, []), requests: dispatch.leave(), blocked: blocked.leave() };
  }

  return Object.freeze({
    offer(entry: Entry, patient: boolean) {
      if (consumers.closed) return false;
      if (blocked.length === 0 && fits(entry)) return enter(entry);
      if (!patient && !compaction.runs && compaction.half() === undefined) return false;
      const entered = blocked.add(entry, patient);
      admit(true);
      return entered;
    },
    now(entry: Entry) {
      if (consumers.closed) return false;
      dispatch.begin([entry], 0);
      return true;
    },
    get size() {
      return size();
    },
    get oldest() {
      const first = waiting.entries.at(0);
      return oldestSince(first === undefined ? dispatch.entries : [...dispatch.entries, first]);
    },
    get bytes() {
      return waiting.entries.bytes + dispatch.bytes + blocked.bytes + entering.bytes;
    },
    async settled() {
      do {
        await compaction.idle();
        await entering.idle();
      } while (compaction.runs);
    },
    leaveStored() {
      const all = waiting.replaceHead(waiting.entries.length, []);
      waiting.replaceHead(
        0,
        all.filter(({ stored }) => stored === undefined),
      );
      return all.filter(({ stored }) => stored !== undefined);
    },
    close: closing.close,
    async rest() {
      dispatch.cutOff();
      // They come back as soon as they know.
      await new Promise((resolve) => setImmediate(resolve));
      const left = leave();
      return [...closing.take(), ...left.waiting, ...left.requests.flatMap(({ entries }) => entries)];
    },
    handOver() {
      consumers.close();
      return leave();
    },
    takeOver(left: Left) {
      waiting.replaceHead(0, left.waiting);
      blocked.takeOver(left.blocked);
      for (const request of left.requests) dispatch.takeOver(request);
      consumers.pump();
      admit(true);
    },
  });
}
