/**
 * An exporter that sends requests one by one, behind a queue: what the Collector calls its exporterhelper. The client sends, and
 * knows nothing of the queue.
 */
import type { Batch } from '../../formats/otlp/batch/batch.ts';
import { BatchBuilder } from '../../formats/otlp/batch/rewrite/batch-builder.ts';
import { buildAgain } from '../../formats/otlp/batch/rewrite/build-again.ts';
import type { Exporter, ExporterContext, QueueState, Verdict } from '../component.ts';
import type { OpenLog } from '../storage/directory.ts';
import { batchingSettings, type QueueSettings, type RetrySettings } from './config.ts';
import { createDeliver, type Send } from './deliver.ts';
import { type Entry, type Loaded, ownBytes } from './entry.ts';
import { createMemory } from './memory.ts';
import { createLogs } from './on-disk/logs.ts';
import { createStore, type Store } from './on-disk/store.ts';
import type { Outage } from './outage.ts';
import { createQueue, type Left, type Queue } from './queue.ts';
import { repack } from './repack.ts';
import { fullOf, noMemory, queueFull, type Shortage, unwritten } from './shortage.ts';
import { storageOf } from './storage-of.ts';

/** How long what waits is sent for once the service ends: it has 5 s in all. */
const lastMs = 1_500;

export interface QueuedSettings {
  readonly sending_queue: QueueSettings;
  readonly retry_on_failure: RetrySettings;
}

export interface Client {
  readonly send: Send;
  /** From now on no attempt follows another one. */
  stopRetrying(): void;
  close(): void | Promise<void>;
}

/** With the logs in which the entries are. */
interface HandedOver extends Left {
  readonly logs: readonly OpenLog[];
}

function pointsIn(entries: readonly Entry[]): number {
  return entries.reduce((sum, { points }) => sum + points, 0);
}

/** @param open makes the client, at the start; may throw */
export function createQueuedExporter(
  settings: QueuedSettings,
  context: ExporterContext,
  outage: Outage,
  open: () => Client | Promise<Client>,
): Exporter {
  const { sending_queue, retry_on_failure: retry } = settings;
  const queued = batchingSettings(sending_queue, context.batching);
  const { refusal, log } = context;
  const compacts = context.limits.noCompaction !== true;
  const cut = new AbortController();
  const logs = createLogs();
  let client: Client | undefined;
  /** What a former exporter has handed over may come ahead of the start. */
  const started = Promise.withResolvers<Client>();
  let store: Store | undefined;
  let forget = () => {};
  const counts = context.queues(() => stateOf(queue, queued, context.clock()));
  const deliver = createDeliver({
    send: (...request) => client?.send(...request) ?? started.promise.then(({ send }) => send(...request)),
    retry,
    counts,
    refusal,
    outage,
    keepsState: compacts && queued.enabled && retry.enabled,
    signal: cut.signal,
  });
  const { compact, batch, splitWhole } = repack(queued, refusal, () => store);
  const queue = createQueue({
    memory: createMemory(),
    capacity: queued.queue_size,
    sizer: queued.sizer,
    consumers: queued.num_consumers,
    batch,
    compact: compacts ? compact : undefined,
    store: () => store,
    send: deliver.send,
    cutOff: () => cut.abort(new Error('the service ends')),
  });

  /** What a sender still has need not be held. */
  function isBeyond(bytes: number): boolean {
    return queue.bytes > 0 && context.memory.room < bytes;
  }

  function refused(points: number, { kind, why, fix }: Shortage): Verdict {
    counts.enqueueFailed(points);
    refusal(kind, `${why}, so senders are asked to send again. Fix: ${fix}`, points);
    return { points, why, retryable: true };
  }

  async function waited(batch: Batch): Promise<Verdict> {
    const { promise, resolve } = Promise.withResolvers<Verdict>();
    const entry = entryOf(batch, resolve);
    const entered = queued.enabled ? queue.offer(entry, queued.block_on_overflow) : queue.now(entry);
    return (await entered) ? promise : refused(entry.points, queueFull);
  }

  return Object.freeze({
    consume(batch: Batch) {
      if (isBeyond(batch.bytes.length)) return refused(batch.points, noMemory);
      if (!queued.enabled || queued.wait_for_result) return waited(batch);
      const entry = entryOf(batch);
      const { points, bytes } = entry;
      const verdict = (room: boolean) => (room ? undefined : refused(points, fullOf(store?.hasRoom(bytes.length) !== false)));
      const entered = queue.offer(entry, queued.block_on_overflow);
      return typeof entered === 'boolean'
        ? verdict(entered)
        : entered.then(verdict, (error: unknown) => refused(points, unwritten(error)));
    },
    async start() {
      client = await open();
      started.resolve(client);
      await openStore();
      forget = context.memory.add(() => queue.bytes);
    },
    async shutdown() {
      forget();
      ends();
      if (store !== undefined) await queue.settled();
      const onDisk = queue.leaveStored();
      await queue.close(client === undefined ? 0 : lastMs);
      const left = await queue.rest();
      await closeClient();
      await leave([...onDisk, ...left]);
      await logs.close();
    },
    async handOver(): Promise<HandedOver> {
      forget();
      ends();
      if (store !== undefined) await queue.settled();
      const left = queue.handOver();
      void Promise.all(left.requests.map(({ again }) => again)).then(closeClient);
      return { ...left, logs: logs.leave() };
    },
    takeOver(given: unknown) {
      const left = given as HandedOver;
      logs.add(...left.logs);
      queue.takeOver(left);
    },
  });

  async function closeClient(): Promise<void> {
    try {
      await client?.close();
    } catch (error) {
      log.warn(`what ${context.id} has open cannot be closed: ${String(error)}`);
    }
  }

  /** What is on disk is sent first. */
  async function openStore(): Promise<void> {
    const opened = await storageOf(queued, context)?.open(context.id);
    if (opened === undefined) return;
    logs.add(opened);
    store = createStore(opened.log, splitWhole);
    const waiting = store.found(opened.found);
    if (waiting.length === 0) return;
    log.info(`${pointsIn(waiting)} points wait on disk since the last run, and are sent first`, { points: pointsIn(waiting) });
    queue.takeOver({ waiting, requests: [], blocked: [] });
  }

  /** What is in memory alone is lost, unless it can be written. */
  async function leave(left: readonly Entry[]): Promise<void> {
    const stay: Entry[] = left.filter(({ stored }) => stored !== undefined);
    const lost: Entry[] = [];
    for (const entry of left.filter(({ stored }) => stored === undefined)) {
      const written = entry.done === undefined ? await store?.write(entry as Loaded, false).catch(() => undefined) : undefined;
      if (written === undefined) lost.push(entry);
      else stay.push(...written);
    }
    const [points, onDisk] = [pointsIn(lost), pointsIn(stay)];
    counts.failed(points);
    for (const entry of lost) entry.done?.({ points: entry.points, why: 'the service ends', retryable: true });
    if (points > 0) log.warn(`${points} points were not sent before the exporter ended`, { points });
    if (onDisk > 0) log.info(`${onDisk} points stay on disk, and are sent once ${context.id} starts again`, { points: onDisk });
  }

  /** No attempt follows another one, and what fails comes back. */
  function ends(): void {
    deliver.ends();
    client?.stopRetrying();
  }
}

function stateOf(queue: Queue, { enabled, queue_size: capacity, sizer: unit }: QueueSettings, now: number): QueueState {
  const { oldest } = queue;
  if (!enabled || oldest === undefined) return { size: enabled ? queue.size : 0, capacity, unit };
  return { size: queue.size, capacity, unit, oldestAt: Math.round(now - performance.now() + oldest) };
}

/** The batch is its owner's again once `consume` has returned. Points that break a rule are left out. */
function entryOf(batch: Batch, done?: (verdict: Verdict) => void): Loaded {
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
