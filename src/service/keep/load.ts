/** Loads what another process has kept: the parts of its last whole snapshot, and behind them what it took since. */
import { setImmediate } from 'node:timers/promises';
import { readBatch } from '../../formats/otlp/batch/batch.ts';
import { noLimits } from '../../formats/otlp/batch/batch-limits.ts';
import type { Received } from '../received/index.ts';
import type { StoredRecord } from '../storage/log/record-log.ts';
import type { Logger } from '../telemetry/logger.ts';
import { type Kept, readOr } from './find-kept.ts';
import type { Stamp } from './kept-time.ts';
import type { KeepLog } from './open-keep.ts';
import type { KeptRecord } from './records.ts';

export interface LoadParts {
  readonly received: Received;
  readonly log: Logger;
  /** For messages. */
  readonly where: string;
  /** What decides how series are called. */
  readonly names: string;
  /** Applies what is repeated, as of then. */
  applied<T>(number: number, record: StoredRecord, stamp: Stamp, change: () => T): T;
  isStopped(): boolean;
}

type Part = Extract<KeptRecord, { kind: 'part' }>;

/** Records that are read ahead. */
const ahead = 8;
/** Work between two turns of the event loop, in milliseconds. */
const sliceMs = 5;

export interface Loaded {
  readonly points: number;
  /** Points of parts that did not fit. */
  readonly left: number;
  /** Records that could not be read, or of which nothing could be taken. */
  readonly damaged: number;
}

export async function loadSnapshot(
  { end, parts }: Kept,
  { log }: KeepLog,
  load: LoadParts,
): Promise<Loaded & { readonly since: number }> {
  const { received, names, where } = load;
  const sum = { points: 0, left: 0, parts: 0 };
  let since = end?.since ?? 0;
  if (end !== undefined) received.restoring.expects(parts.reduce((all, { points }) => all + points, 0));
  await each(parts, log, load, (record) => {
    if (record?.kind !== 'part' || (end !== undefined && record.since !== end.since)) return;
    if (end === undefined) since = Math.max(since, record.since);
    const left = restore(received, record, end === undefined || end.names === names);
    if (left === undefined) return;
    sum.parts++;
    sum.points += record.part.points;
    sum.left += left;
  });
  const fit = `${sum.points - sum.left} of ${sum.points} series that were kept in ${where} fit`;
  if (end !== undefined && end.names !== names) load.log.warn(`settings have changed that decide what series are called: ${fit}`);
  else if (sum.left > 0) load.log.warn(`${fit}; the others begin again when they are sent`);
  return { ...sum, since, damaged: (end?.parts ?? parts.length) - sum.parts };
}

/** Undefined: it is no part that was written here. */
function restore({ restoring }: Received, { part, upTo }: Part, hasNames: boolean): number | undefined {
  try {
    return restoring.restore(part, hasNames, upTo);
  } catch {
    return undefined;
  }
}

/** @param since what has this number, or one before, is in the snapshot */
export async function repeat(
  records: readonly StoredRecord[],
  { log }: KeepLog,
  since: number,
  load: LoadParts,
): Promise<{ readonly points: number; readonly damaged: number }> {
  const { received } = load;
  const sum = { points: 0, damaged: 0 };
  await each(records, log, load, (record, stored) => {
    if (record?.kind !== 'batch' && record?.kind !== 'sweep') {
      sum.damaged++;
      return;
    }
    if (record.number <= since) return;
    const change = (apply: () => unknown) => void load.applied(record.number, stored, record.stamp, apply);
    received.restoring.repeats(record.number);
    if (record.kind === 'sweep') {
      change(received.expire);
      return;
    }
    const batch = batchOf(record.request);
    if (batch === undefined) {
      sum.damaged++;
      return;
    }
    change(() => received.take(batch));
    sum.points += batch.points;
  });
  return sum;
}

function batchOf(request: Uint8Array) {
  try {
    return readBatch(request, noLimits);
  } catch {
    return undefined;
  }
}

/** In turn, with some read ahead, and in slices, so that senders and scrapers get their answers. */
async function each(
  records: readonly StoredRecord[],
  log: KeepLog['log'],
  { where, isStopped }: LoadParts,
  take: (record: KeptRecord | undefined, stored: StoredRecord) => void,
): Promise<void> {
  const reading: Promise<KeptRecord | undefined>[] = [];
  let next = 0;
  let from = performance.now();
  for (let index = 0; index < records.length; index++) {
    while (next < records.length && reading.length < ahead) {
      const one = readOr(log.read(records[next++] as StoredRecord), where);
      one.catch(() => {});
      reading.push(one);
    }
    take(await (reading.shift() as Promise<KeptRecord | undefined>), records[index] as StoredRecord);
    if (performance.now() - from < sliceMs) continue;
    await setImmediate();
    from = performance.now();
    if (isStopped()) return;
  }
}
