/**
 * Received series that outlive their process. A batch is in the log before it changes a series, and before its sender is told:
 * whoever has seen a value, or was told that one is safe, finds it again behind a restart.
 */
import type { Batch } from '../../formats/otlp/batch/batch.ts';
import type { Verdict } from '../component.ts';
import type { Received } from '../received/index.ts';
import { fixOf } from '../storage/log/errors.ts';
import type { StoredRecord } from '../storage/log/record-log.ts';
import type { Logger } from '../telemetry/logger.ts';
import { findKept } from './find-kept.ts';
import { createHeldBatches } from './held-batches.ts';
import type { KeptTime, Stamp } from './kept-time.ts';
import { type LoadParts, loadSnapshot, repeat } from './load.ts';
import type { KeepLogs } from './open-keep.ts';
import { newBatchHead, requestAt, sweepRecord, writeBatchHead } from './records.ts';
import { createSnapshots, type Pace, usualPace } from './snapshots.ts';

export interface KeptOptions {
  readonly received: Received;
  readonly logs: KeepLogs;
  readonly time: KeptTime;
  readonly log: Logger;
  /** What decides how series are called. */
  readonly names: string;
  readonly expireAfterMs: number;
  /** Default: as `usualPace` says. */
  readonly pace?: Pace;
  /** What is applied next was taken then. */
  at(stamp: Stamp): void;
  /** Counts a kind of refusal. */
  refusal(kind: string, message: string): void;
  /** What was kept cannot be loaded. */
  fail(error: Error): void;
}

export interface KeptSeries {
  take(batch: Batch): Verdict | Promise<Verdict>;
  /** Resolves once all that was kept is shown; at once where it is. */
  readonly loaded: Promise<void>;
  readonly isLoaded: boolean;
  /** Bytes of what waits to be written, or applied. */
  readonly bytes: number;
  /** Loads no more: what is not loaded yet stays where it is. */
  stop(): void;
  /** Behind the last `take`. */
  close(): Promise<void>;
}

/** What is taken while series are loaded is loaded behind them; beyond so many bytes, senders send again: 256 MiB. */
const mostMeanwhile = 268_435_456;
/** Of these, while so many are left others are loaded behind them. */
const fewRecords = 64;
/**
 * Of `metric_expiration`: what the time without a service counts at most where only the time of day tells it, which someone may
 * have set.
 */
const mostPassed = 1 / 2;

/** @throws UnknownVersion */
export async function createKeptSeries(options: KeptOptions): Promise<KeptSeries> {
  const { received, logs, time, log, expireAfterMs, pace = usualPace } = options;
  const { taken, where } = logs;
  const kept = await findKept(logs);
  if (kept.last !== undefined) time.goOn(kept.last, expireAfterMs * mostPassed);
  let { number } = kept;
  const applied = { number, record: 0 };
  // What a former process had no time for is due, unless it ended in the midst of it: what it wrote stays until one is whole.
  const snapshots = createSnapshots({ ...options, pace, endedAt: kept.since ?? time.now(), applied: () => ({ ...applied }) });
  /** What is taken while others are loaded is loaded behind them; in the end it waits for the last of these. */
  let state: 'loading' | 'joining' | 'open' | 'stopped' = 'loading';
  const meanwhile: StoredRecord[] = [];
  const writingMeanwhile = new Set<Promise<unknown>>();
  const batches = createHeldBatches();
  const head = newBatchHead();
  /** What is written, or was, and is not applied yet: nothing goes ahead of it. */
  let ahead = 0;
  const opened = Promise.withResolvers<void>();
  let waiting = 0;
  let meanwhileBytes = 0;
  /** Bytes that a start would have to load behind the last snapshot. */
  let took = taken.found.reduce((sum, { length }) => sum + length, 0);
  let isClosing = false;

  // Behind an await it may be another one, which the compiler does not see.
  const isStopped = () => state === 'stopped';

  async function append(payload: Uint8Array, points: number): Promise<StoredRecord> {
    waiting += payload.length;
    try {
      const record = await taken.log.append(payload, points);
      took += payload.length;
      return record;
    } finally {
      waiting -= payload.length;
    }
  }

  function refused(points: number, error: unknown): Verdict {
    options.refusal(
      'not_kept',
      `requests are not taken, because they cannot be kept in ${where}: ${String(error)}. Fix: ${fixOf(error)}`,
    );
    return { points, why: 'what is accepted cannot be kept now', retryable: true };
  }

  /** Its verdict comes too late: what does not fit is counted. */
  async function takeMeanwhile(points: number, payload: Uint8Array): Promise<Verdict> {
    if (meanwhileBytes + payload.length > mostMeanwhile)
      return { points, why: 'the service loads what it has kept', retryable: true };
    meanwhileBytes += payload.length;
    const written = append(payload, points).then((record) => void meanwhile.push(record));
    writingMeanwhile.add(written);
    try {
      await written;
      return undefined;
    } catch (error) {
      return refused(points, error);
    } finally {
      writingMeanwhile.delete(written);
    }
  }

  /** Most are written and applied at once. */
  function take(batch: Batch): Verdict | Promise<Verdict> {
    const own = ++number;
    const stamp = time.stamp();
    if (state === 'open' && ahead === 0) {
      writeBatchHead(head, stamp, own);
      const record = taken.log.appendNow([head, batch.bytes], batch.points);
      if (record !== undefined) {
        took += record.length;
        return applyAs(own, record, stamp, () => received.take(batch));
      }
    }
    return takeLater(batch, own, stamp);
  }

  async function takeLater(batch: Batch, own: number, stamp: Stamp): Promise<Verdict> {
    const { points } = batch;
    const held = batches.hold(batch, requestAt);
    writeBatchHead(held.payload, stamp, own);
    ahead++;
    try {
      if (state === 'loading' || state === 'stopped') return await takeMeanwhile(points, held.payload);
      let record: StoredRecord;
      try {
        record = await append(held.payload, points);
      } catch (error) {
        return refused(points, error);
      }
      if (state === 'joining') await opened.promise;
      return isStopped() ? undefined : applyAs(own, record, stamp, () => received.take(held.batch));
    } finally {
      ahead--;
      held.release();
    }
  }

  function applyAs<T>(own: number, record: StoredRecord, stamp: Stamp, change: () => T): T {
    applied.number = own;
    applied.record = record.number;
    options.at(stamp);
    return change();
  }

  /** What has expired leaves as all else changes: behind its record. */
  async function sweep(): Promise<void> {
    options.at(time.stamp());
    if (!received.mayExpire()) return;
    const own = ++number;
    const stamp = time.stamp();
    ahead++;
    try {
      const record = await append(sweepRecord(stamp, own), 0);
      applyAs(own, record, stamp, () => received.expire());
    } catch (error) {
      options.refusal(
        'not_kept',
        `series do not expire, because that cannot be kept in ${where}: ${String(error)}. Fix: ${fixOf(error)}`,
      );
    } finally {
      ahead--;
    }
  }

  async function writeSnapshot(): Promise<void> {
    const before = took;
    try {
      await snapshots.write(() => !isClosing);
      took -= before;
    } catch (error) {
      log.warn(`no snapshot could be written to ${where}: ${String(error)}. The former one stays, and what came since`);
    }
  }

  /** One behind the other: nothing expires while a snapshot is written. */
  async function look(): Promise<void> {
    await sweep();
    if (!isClosing && snapshots.isDue(took)) await writeSnapshot();
  }

  async function load(): Promise<void> {
    const from = performance.now();
    const parts: LoadParts = { ...options, where, isStopped: () => isClosing, applied: applyAs };
    const snapshot = await loadSnapshot(kept, logs.snapshots, parts);
    const since = await repeat(taken.found, taken, snapshot.since, parts);
    while (meanwhile.length > fewRecords && !isClosing) await repeatMeanwhile(parts);
    if (!isClosing) state = 'joining';
    await Promise.allSettled(writingMeanwhile);
    await repeatMeanwhile(parts);
    if (isClosing) return;
    received.restoring.end();
    state = 'open';
    const damaged = snapshot.damaged + since.damaged;
    if (damaged > 0) log.warn(`${damaged} records of ${where} are damaged: what only they had begins again`);
    if (snapshot.points + since.points > 0)
      log.info(
        `Loaded ${received.series} series from ${where} in ${Math.round(performance.now() - from)} ms, with ${since.points} points that came behind the last snapshot.`,
      );
  }

  async function repeatMeanwhile(parts: LoadParts): Promise<void> {
    const some = meanwhile.splice(0);
    await repeat(some, taken, 0, parts);
    meanwhileBytes -= some.reduce((sum, { length }) => sum + length, 0);
  }

  const loading = load()
    .catch((error: unknown) => options.fail(error instanceof Error ? error : new Error(String(error))))
    .finally(() => {
      if (state !== 'open') state = 'stopped';
      opened.resolve();
    });
  let looking: Promise<void> | undefined;
  const timer = setInterval(() => {
    if (state === 'open' && !isClosing)
      looking ??= look().finally(() => {
        looking = undefined;
      });
  }, pace.lookEveryMs).unref();

  return Object.freeze<KeptSeries>({
    take,
    loaded: opened.promise,
    get isLoaded() {
      return state === 'open';
    },
    get bytes() {
      return waiting;
    },
    stop() {
      if (state !== 'open') isClosing = true;
    },
    async close() {
      isClosing = true;
      clearInterval(timer);
      await loading;
      await looking;
      if (state === 'open' && took > 0) await writeSnapshot();
      await logs.close();
    },
  });
}
