/** An exporter that sends requests one by one, behind a queue: what the Collector calls its exporterhelper. The client knows the way, and nothing of the queue. */
import type { Batch } from '../../otlp/batch/batch.ts';
import { BatchBuilder } from '../../otlp/batch/rewrite/batch-builder.ts';
import { buildAgain } from '../../otlp/batch/rewrite/build-again.ts';
import type { Exporter, ExporterGiven, Verdict } from '../component.ts';
import { compacted } from './compact.ts';
import { batchSizer, type QueueSettings, type RetrySettings } from './config.ts';
import { createDeliver, type Send } from './deliver.ts';
import { type Entry, ownBytes } from './entry.ts';
import { createMemory } from './memory.ts';
import type { Outage } from './outage.ts';
import { type BatchOptions, createQueue, type Left } from './queue.ts';
import { splitEntry } from './split.ts';

/** How long what waits is sent for once the service ends: it has 5 s in all. */
const lastMs = 1_500;
const full = 'sending queue is full';

type BatchSettings = NonNullable<QueueSettings['batch']>;

export interface QueuedSettings {
  readonly sending_queue: QueueSettings;
  readonly retry_on_failure: RetrySettings;
}

export interface Client {
  readonly send: Send;
  /** From now on no attempt follows another one. */
  stopRetrying(): void;
  close(): void;
}

/** @param open makes the client, at the start; may throw */
export function createQueuedExporter(settings: QueuedSettings, given: ExporterGiven, outage: Outage, open: () => Client): Exporter {
  const { sending_queue: queued, retry_on_failure: retry } = settings;
  const { refusal, log } = given;
  const compacts = given.limits.noCompaction !== true;
  const cut = new AbortController();
  let client: Client | undefined;
  const counts = given.queues(() => ({ size: queued.enabled ? queue.size : 0, capacity: queued.queue_size }));
  const deliver = createDeliver({
    send: (...request) => (client as Client).send(...request),
    retry,
    counts,
    refusal,
    outage,
    keepsState: compacts && queued.enabled && retry.enabled,
    signal: cut.signal,
  });
  const queue = createQueue({
    memory: createMemory(),
    capacity: queued.queue_size,
    sizer: queued.sizer,
    consumers: queued.num_consumers,
    batch: queued.batch && batchOf(queued.batch),
    compact: compacts ? (entries) => orAsTheyAre(() => compacted(entries).entries, entries) : undefined,
    send: deliver.send,
    cutOff: () => cut.abort(new Error('the service ends')),
  });

  /** What waits would fail at each further batch, too. */
  function orAsTheyAre(change: () => readonly Entry[], entries: readonly Entry[]): readonly Entry[] {
    try {
      return change();
    } catch (error) {
      refusal('failed_points', `requests that wait can be neither compacted nor split, and are sent as they are: ${String(error)}`);
      return entries;
    }
  }

  function batchOf({ flush_timeout: flushTimeout, min_size: minSize, max_size: maxSize, sizer: own }: BatchSettings): BatchOptions {
    const sizer = batchSizer(own, queued.sizer);
    return { flushTimeout, minSize, maxSize, sizer, split: (entry) => orAsTheyAre(() => splitEntry(entry, maxSize, sizer), [entry]) };
  }

  function refused(points: number): Verdict {
    counts.enqueueFailed(points);
    refusal(
      'queue_full',
      `${full}, so senders are asked to send again. Fix: see why it is not sent, or raise sending_queue.queue_size`,
      points,
    );
    return { points, why: full, passes: true };
  }

  async function waited(batch: Batch): Promise<Verdict> {
    const { promise, resolve } = Promise.withResolvers<Verdict>();
    const entry = entryOf(batch, resolve);
    const enter = queued.enabled ? (queued.block_on_overflow ? queue.wait : queue.offer) : queue.now;
    return (await enter(entry)) ? promise : refused(entry.points);
  }

  return Object.freeze({
    consume(batch: Batch) {
      if (!queued.enabled || queued.wait_for_result) return waited(batch);
      const entry = entryOf(batch);
      if (queue.offer(entry)) return undefined;
      if (!queued.block_on_overflow) return refused(entry.points);
      return queue.wait(entry).then((room) => (room ? undefined : refused(entry.points)));
    },
    async start() {
      client = open();
    },
    async shutdown() {
      ends();
      await queue.close(client === undefined ? 0 : lastMs);
      const left = await queue.rest();
      client?.close();
      const points = left.reduce((sum, entry) => sum + entry.points, 0);
      counts.failed(points);
      for (const entry of left) entry.done?.({ points: entry.points, why: 'the service ends', passes: true });
      if (points > 0) log.warn(`${points} points were not sent before the exporter ended`, { points });
    },
    async handOver() {
      ends();
      const left = queue.handOver();
      void Promise.all(left.requests.map(({ again }) => again)).then(() => client?.close());
      return left;
    },
    takeOver(left: unknown) {
      queue.takeOver(left as Left);
    },
  });

  /** No attempt follows another one, and what fails comes back. */
  function ends(): void {
    deliver.ends();
    client?.stopRetrying();
  }
}

/** The batch is its owner's again once `consume` has returned. Points that break a rule are left out. */
function entryOf(batch: Batch, done?: (verdict: Verdict) => void): Entry {
  return {
    ...ownBytes(batch.rejected === 0 ? batch : withoutRejected(batch)),
    points: batch.points,
    since: performance.now(),
    ...(done && { done }),
  };
}

function withoutRejected(batch: Batch): Batch {
  const builder = new BatchBuilder();
  buildAgain(builder, batch);
  return builder.end();
}
