/** A request's id and its line in the access log, whatever answers it: one line for each response, before its body. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { parseTarget } from '../http/target.ts';
import { tenantOf } from './guarded.ts';
import { answeredLine, receivedLine } from './log-line.ts';
import { newRequestId, requestIdHeader } from './request-id.ts';
import { follow } from './under-way.ts';

export interface RequestLog {
  /** Takes a line without its end. What it throws is dropped. Default: standard error. */
  readonly write?: (line: string) => void;
  /** Also a line when a request comes in. Default: false. */
  readonly verbose?: boolean;
  /** Milliseconds since the epoch. Default: `Date.now`. */
  readonly clock?: () => number;
}

export type WatchRequest = (request: IncomingMessage, response: ServerResponse) => void;

/** What has an id and a line. */
const watched = new WeakSet<object>();

/** Whether a server sees to a request's id and line, by its facts' `source`. */
export function isWatched(source: object | undefined): boolean {
  return source !== undefined && watched.has(source);
}

/** Gives a request its id and sees to its line. Call it ahead of everything; a second call for one request does nothing. */
export function createRequestLog(log: RequestLog = {}): WatchRequest {
  const { write, clock } = writer(log);
  const seen = new WeakSet<IncomingMessage>();
  return (request, response) => {
    if (seen.has(request)) return;
    seen.add(request);
    watched.add(request);
    follow(request, response);
    const id = newRequestId();
    const method = request.method ?? '-';
    const { url = '-' } = request;
    const startedAt = performance.now();
    let written = false;
    const answered = (status: number | undefined): void => {
      if (written) return;
      written = true;
      const durationMs = performance.now() - startedAt;
      write(answeredLine(clock(), { id, method, path: parseTarget(url).path, status, durationMs, tenant: tenantOf(request) }));
    };

    response.setHeader(requestIdHeader, id);
    // The head of every response goes through `writeHead`, called or implied, so this is ahead of each body.
    const writeHead = response.writeHead;
    response.writeHead = function (this: ServerResponse, status: number, ...rest: never[]) {
      answered(status);
      return writeHead.call(this, status, ...rest);
    } as typeof writeHead;
    response.once('close', () => answered(undefined));
    if (log.verbose === true) write(receivedLine(id, method, url));
  };
}

/** The parts of a log that have defaults. */
export function writer(log: RequestLog): Required<Pick<RequestLog, 'write' | 'clock'>> {
  const write = log.write ?? ((line: string) => void process.stderr.write(`${line}\n`));
  return {
    clock: log.clock ?? Date.now,
    write(line) {
      try {
        write(line);
      } catch {
        // A log that throws must not cost the answer.
      }
    },
  };
}
