/** What another process has left in its logs: its last snapshot, and when it was last there. */
import { DamagedRecord } from '../storage/log/errors.ts';
import type { StoredRecord } from '../storage/log/record-log.ts';
import type { Stamp } from './kept-time.ts';
import type { KeepLog, KeepLogs } from './open-keep.ts';
import { type KeptRecord, readRecord, type SnapshotEnd } from './records.ts';

export interface Kept {
  /** Of the last snapshot that was finished. Undefined: there is none. */
  readonly end: SnapshotEnd | undefined;
  readonly parts: readonly StoredRecord[];
  /** Undefined: nothing was kept. */
  readonly last: Stamp | undefined;
  /**
   * When the last snapshot was written, or else what there is was begun, by the clock by which series expire. Undefined: another
   * one was begun since.
   */
  readonly since: number | undefined;
  /** The last one that something has, or 0. */
  readonly number: number;
}

/** Of so many records at an end of a log one is readable, but in a log that is mostly damaged. */
const looked = 64;

/** @throws UnknownVersion */
export async function findKept({ taken, snapshots, where }: KeepLogs): Promise<Kept> {
  const end = await found(snapshots, 'end', snapshots.found.toReversed(), where);
  const part = await found(snapshots, 'part', snapshots.found.toReversed(), where);
  const first = await found(taken, undefined, taken.found, where);
  const last = await found(taken, undefined, taken.found.toReversed(), where);
  const stamps = [end, part, last].flatMap((one) => one?.record.stamp ?? []);
  return {
    ...(end?.record.kind === 'end'
      ? snapshotOf(snapshots, end.record.end, end.index)
      : await withoutEnd(snapshots, first?.record, where)),
    last: stamps.toSorted((one, other) => other.at - one.at)[0],
    since: part === undefined || (end !== undefined && end.index < part.index) ? (end ?? first)?.record.stamp.at : undefined,
    number: Math.max(numberOf(last?.record), numberOf(end?.record), numberOf(part?.record)),
  };
}

interface Found {
  readonly record: KeptRecord;
  readonly index: number;
}

/** @param index from the end of the records */
function snapshotOf({ found: records }: KeepLog, end: SnapshotEnd, index: number): Pick<Kept, 'end' | 'parts'> {
  const before = records.slice(0, records.length - 1 - index).filter(({ points }) => points > 0);
  return { end, parts: end.parts === 0 ? [] : before.slice(-end.parts) };
}

/** Its end is damaged if what is in it was forgotten; else it was not finished. */
async function withoutEnd(
  { log, found: records }: KeepLog,
  first: KeptRecord | undefined,
  where: string,
): Promise<Pick<Kept, 'end' | 'parts'>> {
  const forgotten = first === undefined ? Number.POSITIVE_INFINITY : numberOf(first);
  let since = -1;
  let parts: StoredRecord[] = [];
  for (const stored of records) {
    const record = await readOr(log.read(stored), where);
    if (record?.kind !== 'part' || record.since >= forgotten || record.since < since) continue;
    if (record.since > since) parts = [];
    since = record.since;
    parts.push(stored);
  }
  return { end: undefined, parts };
}

function numberOf(record: KeptRecord | undefined): number {
  switch (record?.kind) {
    case 'batch':
    case 'sweep':
      return record.number;
    case 'end':
      return record.end.last;
    case 'part':
      return record.upTo;
    default:
      return 0;
  }
}

/** The first of some records that can be read. Ends have no points, and parts have some. */
async function found(
  { log }: KeepLog,
  kind: 'end' | 'part' | undefined,
  records: readonly StoredRecord[],
  where: string,
): Promise<Found | undefined> {
  let count = 0;
  for (const [index, stored] of records.entries()) {
    if (kind !== undefined && (kind === 'end') !== (stored.points === 0)) continue;
    const record = await readOr(log.read(stored), where);
    if (record !== undefined) return { record, index };
    if (++count === looked) return undefined;
  }
  return undefined;
}

/** Undefined where it is damaged. @throws UnknownVersion */
export async function readOr(read: Promise<Uint8Array>, where: string): Promise<KeptRecord | undefined> {
  try {
    return readRecord(await read, where);
  } catch (error) {
    if (error instanceof DamagedRecord || error instanceof SyntaxError || error instanceof RangeError) return undefined;
    throw error;
  }
}
