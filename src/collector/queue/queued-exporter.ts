/**
 * An exporter that sends requests one by one, behind a queue: what the Collector calls its exporterhelper. The client sends, and knows nothing of the queue.
 */
import type { Batch } from '../../otlp/batch/batch.ts';
import { BatchBuilder } from '../../otlp/batch/rewrite/batch-builder.ts';
import { buildAgain } from '../../otlp/batch/rewrite/build-again.ts';
import type { Exporter, ExporterContext, Verdict } from '../component.ts';
import type { QueueSettings, RetrySettings } from './config.ts';
import { createDeliver, type Send } from './deliver.ts';
import { type Entry, ownBytes } from './entry.ts';
import { createMemory } from './memory.ts';
import type { Outage } from './outage.ts';
import { createQueue, type Left } from './queue.ts';
import { repack } from './repack.ts';

/** How long what waits is sent for once the service ends: it has 5 s in all. */
const lastMs = 1_500;

/** Why a batch does not enter. */
interface Shortage {
  readonly kind: string;
  readonly why: string;
  /** The setting to raise. */
  readonly raise: string;
}

const full: Shortage = { kind: 'queue_full', why: 'sending queue is full', raise: 'sending_queue.queue_size' };
const noMemory: Shortage = { kind: 'no_memory', why: 'there is no memory for more in the sending queue', raise: '--max-memory' };

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
export function createQueuedExporter(settings: QueuedSettings, context: ExporterContext, outage: Outage, open: () => Client): Exporter {
  const { sending_queue: queued, retry_on_failure: retry } = settings;
  const { refusal, log } = context;
  const compacts = context.limits.noCompaction !== true;
  const cut = new AbortController();
  let client: Client | undefined;
  let forget = () => {};
  const counts = context.queues(() => ({ size: queued.enabled ? queue.size : 0, capacity: queued.queue_size }));
  const deliver = createDeliver({
    send: (...request) => (client as Client).send(...request),
    retry,
    counts,
    refusal,
    outage,
    keepsState: compacts && queued.enabled && retry.enabled,
    signal: cut.signal,
  });
  const { compact, batch } = repack(queued, refusal);
  const queue = createQueue({
    memory: createMemory(),
    capacity: queued.queue_size,
    sizer: queued.sizer,
    consumers: queued.num_consumers,
    batch,
    compact: compacts ? compact : undefined,
    send: deliver.send,
    cutOff: () => cut.abort(new Error('the service ends')),
  });

  /** What a sender still has need not be held. */
  function isBeyond(bytes: number): boolean {
    return queue.bytes > 0 && context.memory.room < bytes;
  }

  function refused(points: number, { kind, why, raise }: Shortage): Verdict {
    counts.enqueueFailed(points);
    refusal(kind, `${why}, so senders are asked to send again. Fix: see why it is not sent, or raise ${raise}`, points);
    return { points, why, retryable: true };
  }

  async function waited(batch: Batch): Promise<Verdict> {
    const { promise, resolve } = Promise.withResolvers<Verdict>();
    const entry = entryOf(batch, resolve);
    const entered = queued.enabled ? queue.offer(entry, queued.block_on_overflow) : queue.now(entry);
    return (await entered) ? promise : refused(entry.points, full);
  }

  return Object.freeze({
    consume(batch: Batch) {
      if (isBeyond(batch.bytes.length)) return refused(batch.points, noMemory);
      if (!queued.enabled || queued.wait_for_result) return waited(batch);
      const entry = entryOf(batch);
      const verdict = (room: boolean) => (room ? undefined : refused(entry.points, full));
      const entered = queue.offer(entry, queued.block_on_overflow);
      return typeof entered === 'boolean' ? verdict(entered) : entered.then(verdict);
    },
    async start() {
      client = open();
      forget = context.memory.add(() => queue.bytes);
    },
    async shutdown() {
      forget();
      ends();
      await queue.close(client === undefined ? 0 : lastMs);
      const left = await queue.rest();
      client?.close();
      const points = left.reduce((sum, entry) => sum + entry.points, 0);
      counts.failed(points);
      for (const entry of left) entry.done?.({ points: entry.points, why: 'the service ends', retryable: true });
      if (points > 0) log.warn(`${points} points were not sent before the exporter ended`, { points });
    },
    async handOver() {
      forget();
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
