/** The requests in records of a log. */
import { type Batch, readBatch } from '../../../formats/otlp/batch/batch.ts';
import { noLimits } from '../../../formats/otlp/batch/batch-limits.ts';
import { resourcesOf } from '../../../formats/otlp/batch/walk.ts';
import { readRecord } from '../../keep/records.ts';
import { newestTimeOf } from '../../watch/newest-time.ts';
import { type FoundLog, type FoundRecord, readPayload } from './read-logs.ts';

/** Points that are looked at for their times. */
const mostLooked = 100_000;

/** A request of OTLP. `none`: the record has none, which is as it should be. Undefined: it has gone since, or is no request. */
export async function requestOf({ kind }: Pick<FoundLog, 'kind'>, record: FoundRecord): Promise<Batch | 'none' | undefined> {
  const payload = await readPayload(record);
  if (payload === undefined) return undefined;
  try {
    const request = kind === 'queue' ? payload : keptRequest(payload, record.path);
    return request === undefined ? 'none' : readBatch(request, noLimits);
  } catch {
    return undefined;
  }
}

/** A snapshot's parts have states, and no requests that were sent. */
function keptRequest(payload: Uint8Array, path: string): Uint8Array | undefined {
  const record = readRecord(payload, path);
  return record.kind === 'batch' ? record.request : undefined;
}

/**
 * Of the oldest request, the newest time of its points; of a snapshot, when it was written. Milliseconds since 1970. Undefined:
 * there is none, or it has no time.
 */
export async function sinceOf({ kind, live: [oldest] }: FoundLog): Promise<number | undefined> {
  if (oldest === undefined) return undefined;
  if (kind === 'snapshot') return dayOf(await readPayload(oldest), oldest.path);
  const request = await requestOf({ kind }, oldest);
  return request === undefined || request === 'none' ? undefined : timeOf(request);
}

function dayOf(payload: Uint8Array | undefined, path: string): number | undefined {
  try {
    return payload && readRecord(payload, path).stamp.day;
  } catch {
    return undefined;
  }
}

function timeOf(batch: Batch): number | undefined {
  let [time, left] = [0, mostLooked];
  for (const r of resourcesOf(batch)) {
    const newest = newestTimeOf(batch, r, left);
    time = Math.max(time, newest.time);
    left -= newest.looked;
    if (left <= 0) break;
  }
  return time === 0 ? undefined : time;
}
