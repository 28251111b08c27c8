/** Requests in files, one after the other: written as lines, or sent. */
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { jsonOf } from '../../../formats/otlp/json/from-protobuf.ts';
import type { FoundLog, FoundRecord } from './read-logs.ts';
import { requestOf } from './requests.ts';
import { createRequestsSender } from './send-requests.ts';

export interface Chosen {
  readonly log: FoundLog;
  readonly record: FoundRecord;
}

export interface Taken {
  readonly requests: number;
  readonly points: number;
  /** Records that are no requests, or whose file is gone. */
  readonly unread: number;
}

/** Each as one object of OTLP's JSON, and a line feed. */
export async function salvaged(chosen: readonly Chosen[], out: Writable): Promise<Taken> {
  const sum = { requests: 0, points: 0, unread: 0 };
  for (const { log, record } of chosen) {
    const request = await requestOf(log, record);
    if (request === 'none') continue;
    if (request === undefined) {
      sum.unread++;
      continue;
    }
    sum.requests++;
    sum.points += request.points;
    if (!out.write(Buffer.concat([jsonOf(request), lineFeed]))) await once(out, 'drain');
  }
  return sum;
}

const lineFeed = Buffer.from('\n');

/** Ends at the first request that the receiver does not accept in time: the others are left. */
export async function sent(
  chosen: readonly Chosen[],
  url: URL,
  headers: Readonly<Record<string, string>>,
  say: (line: string) => void,
): Promise<Taken & { readonly refused: number; readonly left: number }> {
  const sum = { requests: 0, points: 0, unread: 0, refused: 0, left: 0 };
  const sender = createRequestsSender(url, headers, say);
  try {
    for (const [at, { log, record }] of chosen.entries()) {
      const request = await requestOf(log, record);
      if (request === 'none') continue;
      if (request === undefined) {
        sum.unread++;
        continue;
      }
      const outcome = await sender.send(request.bytes);
      if (outcome.failure !== undefined) {
        say(`a request is not accepted: ${outcome.failure.text}. Fix: ${outcome.failure.fix}`);
        if (outcome.retryable === true) {
          sum.left = chosen.length - at;
          break;
        }
        sum.refused++;
        continue;
      }
      if (outcome.remark !== undefined) say(`a request ${outcome.remark}`);
      sum.requests++;
      sum.points += request.points - (outcome.rejected ?? 0);
    }
  } finally {
    sender.close();
  }
  return sum;
}
