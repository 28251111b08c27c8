/**
 * Sends what waits as one request, and settles its outcome. A request that was tried for too long stays among those that are sent
 * until it may be tried again: so requests stay in their order, and a receiver that asks for none gets no more of them than there
 * are consumers.
 */
import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { maxDelayMs } from '../../core/node/within.ts';
import type { Failed, Outcome } from '../../net/otlp-client/answers/failure.ts';
import type { Context, ExporterCounts, Verdict } from '../component.ts';
import { inSlices } from '../in-slices.ts';
import { type Compacted, compacting } from './compact.ts';
import type { RetrySettings } from './config.ts';
import { type Entry, joined, type Loaded, letGo } from './entry.ts';
import { areLoaded, finish, load } from './on-disk/load.ts';
import type { Outage } from './outage.ts';

/**
 * Sends one request of OTLP's protobuf, again and again until its outcome is final.
 * @param endBy of `performance.now()`: no attempt begins later than that, but for the first one
 */
export type Send = (request: Uint8Array, endBy: number, signal: AbortSignal) => Promise<Outcome>;

export interface DeliverOptions {
  readonly send: Send;
  readonly retry: RetrySettings;
  readonly counts: ExporterCounts;
  readonly refusal: Context['refusal'];
  readonly outage: Outage;
  /** What was tried for too long goes back to the queue, but for its changes. */
  readonly keepsState: boolean;
  readonly signal: AbortSignal;
}

export interface Deliver {
  /** Never rejects; resolves with what is to be sent again. */
  send(entries: readonly Entry[]): Promise<readonly Entry[]>;
  /** From now on, all that could be sent again is returned, and at once. */
  ends(): void;
}

export function createDeliver({ send, retry, counts, refusal, outage, keepsState, signal }: DeliverOptions): Deliver {
  const ending = new AbortController();
  setMaxListeners(0, ending.signal);
  const settle = (entries: readonly Entry[], verdictOf: (entry: Entry) => Verdict) => {
    for (const entry of entries) entry.done?.(verdictOf(entry));
  };

  function lost(points: number, kind: string, message: string): void {
    if (points === 0) return;
    counts.failed(points);
    refusal(kind, message, points);
  }

  /** What is damaged is lost. */
  async function readFromDisk(entries: readonly Entry[]): Promise<readonly Loaded[] | Failed> {
    try {
      const { loaded, damaged } = await load(entries);
      for (const { entry, why } of damaged) {
        lost(entry.points, 'damaged', `a request that waited on disk is damaged, and its points are lost: ${why}`);
        finish(entry);
      }
      return loaded;
    } catch (error) {
      const failure = {
        cause: 'storage',
        text: `what waits on disk cannot be read (${String(error)})`,
        fix: 'see what the disk has',
      };
      return { failure, retryable: true };
    }
  }

  /** The same request is never accepted, or it is too late. What is on disk is tried again, for as long as it is to be. */
  async function failed(
    entries: readonly Loaded[],
    { failure: { text, fix }, retryable = false }: Failed,
  ): Promise<readonly Entry[]> {
    if (retryable && ending.signal.aborted) return entries;
    const kept = entries.filter(({ stored }) => stored !== undefined && retryable && retry.enabled);
    const given = entries.filter((entry) => !kept.includes(entry));
    const waited = given.filter(({ done }) => done !== undefined);
    const others = given.filter(({ done }) => done === undefined);
    settle(waited, ({ points }) => ({
      points,
      why: `the next receiver rejects it: ${text}`,
      ...(retryable && { retryable }),
    }));
    counts.failed(pointsOf(waited));
    if (!retryable || !keepsState) {
      const why = retryable
        ? 'points could not be sent in time and are dropped'
        : 'the receiver rejected points, which are dropped';
      lost(pointsOf(others), 'not_sent', `${why}: ${text}. Fix: ${fix}`);
      others.forEach(finish);
      return kept;
    }
    const { entries: left, changes } = (await inSlices(compacting(others, false))) as Compacted;
    lost(
      changes,
      'deltas_not_sent',
      `points of delta temporality could not be sent in time and are dropped: ${text}. Fix: ${fix}`,
    );
    return [...kept, ...left];
  }

  /** Undefined: it was accepted. */
  async function attempt(entries: readonly Loaded[]): Promise<Failed | undefined> {
    const points = pointsOf(entries);
    const { enabled, max_elapsed_time: longest } = retry;
    const endBy = !enabled ? 0 : longest === 0 ? Number.POSITIVE_INFINITY : performance.now() + longest;
    try {
      const all = joined(entries);
      const outcome = await send(all.bytes, endBy, signal);
      if (outcome.failure !== undefined) return outcome;
      outage.sent();
      const rejected = Math.min(points, outcome.rejected ?? 0);
      counts.sent(points - rejected);
      counts.failed(rejected);
      if (outcome.remark !== undefined)
        refusal(rejected > 0 ? 'rejected_points' : 'warned', `a request ${outcome.remark}`, Math.max(1, rejected));
      letGo(all);
      entries.forEach(finish);
      settle(entries, () => (rejected > 0 ? { points: rejected, why: outcome.remark ?? '' } : undefined));
      return undefined;
    } catch (error) {
      return { failure: { cause: 'internal', text: String(error), fix: 'report it, this is a bug of Meterbridge' } };
    }
  }

  /** Before the next attempt. */
  async function pause({ failure, againMs = retry.initial_interval }: Failed): Promise<void> {
    outage.retrying(failure, againMs);
    await sleep(Math.min(againMs, maxDelayMs), undefined, { signal: ending.signal }).catch(() => {});
  }

  return Object.freeze({
    async send(entries: readonly Entry[]) {
      const read = areLoaded(entries) ? entries : await readFromDisk(entries);
      if ('failure' in read) {
        await pause(read);
        return entries;
      }
      const outcome = read.length === 0 ? undefined : await attempt(read);
      if (outcome === undefined) return [];
      const left = await failed(read, outcome);
      if (left.length > 0 && !ending.signal.aborted) await pause(outcome);
      return left.map(onlyStored);
    },
    ends() {
      ending.abort();
    },
  });
}

/** What is on disk is read again when it is sent again. */
function onlyStored({ bytes, memory, ...entry }: Entry): Entry {
  if (entry.stored !== undefined) return entry;
  return { ...entry, ...(bytes && { bytes }), ...(memory && { memory }) };
}

function pointsOf(entries: readonly Entry[]): number {
  return entries.reduce((sum, { points }) => sum + points, 0);
}
