/** Writes snapshots: part after part, between batches, and only where enough has come since the last one. */
import { setImmediate } from 'node:timers/promises';
import type { Received } from '../received/index.ts';
import type { KeptTime } from './kept-time.ts';
import type { KeepLogs } from './open-keep.ts';
import { endRecord, partRecord } from './records.ts';

export interface Pace {
  /** How often it looks whether series have expired, and whether a snapshot is due. */
  readonly lookEveryMs: number;
  readonly snapshotEveryMs: number;
  /** Of a part at most; absent: as many as are written in some milliseconds. */
  readonly partPoints?: number;
}

export const usualPace: Pace = { lookEveryMs: 1_000, snapshotEveryMs: 30_000 };

export interface SnapshotsOptions {
  readonly received: Received;
  readonly logs: KeepLogs;
  readonly time: KeptTime;
  readonly names: string;
  readonly pace: Pace;
  /** When the last one was written, also by a former process. */
  readonly endedAt: number;
  /** What has been applied last: its own number, and that of its record. */
  readonly applied: () => { readonly number: number; readonly record: number };
}

export interface Snapshots {
  /** Whether enough has come for another one. @param took bytes that were taken since the last one */
  isDue(took: number): boolean;
  /**
   * Nothing expires until it resolves. Rejects where it cannot be written: the former one stays. @param calmly whether it lets
   * everything else go on
   */
  write(calmly: () => boolean): Promise<void>;
}

/**
 * What was taken since takes as long to load as a snapshot of so many times its size, about: below that the log itself is what is
 * added.
 */
const leastShare = 1 / 4;
/**
 * Beyond so many times the snapshot's size one is due at once, so that a start does not take long: so many bytes take about a
 * second.
 */
const mostShare = 4;
const leastBytes = 256 * 1024 * 1024;
/** Parts that are being written at a time. */
const inFlight = 8;

export function createSnapshots({ received, logs, time, names, pace, applied, ...options }: SnapshotsOptions): Snapshots {
  const { taken, snapshots } = logs;
  /** Of the last one. */
  let bytes = snapshots.log.bytes;
  let { endedAt } = options;
  /**
   * Bytes with which one does not get along. What one that failed has written stays until one is whole, so the next one has to
   * find more.
   */
  let tooFew = 0;
  let retryAt = Number.NEGATIVE_INFINITY;

  async function write(calmly: () => boolean): Promise<void> {
    const free = await logs.free();
    const before = snapshots.log.bytes;
    try {
      if (tooFew > 0 && free <= tooFew) throw new Error(`it takes more than ${tooFew} bytes, and ${free} are free`);
      await writeAll(calmly);
      tooFew = 0;
    } catch (error) {
      // Or others have filled the disk meanwhile.
      tooFew = Math.max(tooFew, Math.min(free, 2 * (snapshots.log.bytes - before)));
      retryAt = time.now() + pace.snapshotEveryMs;
      throw error;
    }
  }

  async function writeAll(calmly: () => boolean): Promise<void> {
    const begin = applied();
    const writing = new Set<Promise<unknown>>();
    let failure: unknown;
    let first: number | undefined;
    let parts = 0;
    let size = 0;
    for (const part of received.states(pace.partPoints)) {
      if (part !== undefined) {
        const record = partRecord(time.stamp(), begin.number, applied().number, part);
        size += record.length;
        parts++;
        const written = snapshots.log.append(record, Math.max(1, part.points)).then(
          ({ number }) => {
            first = Math.min(first ?? number, number);
          },
          (error: unknown) => {
            failure ??= error;
          },
        );
        writing.add(written);
        void written.then(() => writing.delete(written));
        if (writing.size >= inFlight) await Promise.race(writing);
      }
      if (failure !== undefined) break;
      if (calmly()) await setImmediate();
    }
    await Promise.all(writing);
    if (failure !== undefined) throw failure;
    const end = endRecord(time.stamp(), { since: begin.number, last: applied().number, parts, names });
    // Twice, because without it the parts would be none.
    const ends = await Promise.all([snapshots.log.append(end, 0), snapshots.log.append(end, 0)]);
    taken.log.forgetBefore(begin.record + 1);
    snapshots.log.forgetBefore(first ?? (ends[0]?.number as number));
    bytes = size;
    endedAt = time.now();
  }

  return Object.freeze({
    isDue(took: number) {
      if (took === 0 || time.now() < retryAt) return false;
      if (took > Math.max(leastBytes, mostShare * bytes)) return true;
      return time.now() - endedAt >= pace.snapshotEveryMs && took >= leastShare * bytes;
    },
    write,
  });
}
