/** A request's id and its line in the access log, whichever handler responds: one line for each response, before its body. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { callback, checkOptions, flag, type OptionRules } from '../../../core/errors/option-rules.ts';
import { parseTarget } from '../../http/target.ts';
import { tenantOf } from '../guarded.ts';
import { answeredLine, receivedLine } from './log-line.ts';
import { newRequestId, requestIdHeader } from './request-id.ts';
import { follow } from './under-way.ts';

export interface RequestLog {
  /** Receives each line, without its line end. An error that it throws is ignored. Default: writes to standard error. */
  readonly write?: (line: string) => void;
  /** Also logs a line when a request arrives, `→ METHOD url (id=…)`. Default: false. */
  readonly verbose?: boolean;
  /** Milliseconds since the epoch. Default: `Date.now`. */
  readonly clock?: () => number;
}

export const requestLogRules: OptionRules<RequestLog> = { write: callback, verbose: flag, clock: callback };

/** @throws OPTION_INVALID */
export function checkRequestLog(given: unknown, at: string): void {
  checkOptions('OPTION_INVALID', given, at, requestLogRules);
}

/** `target` is what the client sent. Default: `request.url`. */
export type WatchRequest = (request: IncomingMessage, response: ServerResponse, target?: string) => void;

/** Requests that have an id and a line. */
const watched = new WeakSet<object>();

/** Whether a server already logs a request, by its facts' `source`. */
export function isWatched(source: object | undefined): boolean {
  return source !== undefined && watched.has(source);
}

/**
 * Gives a request its id and logs its line. Call it before every other handler; a second call for the same request does nothing.
 */
export function createRequestLog(log: RequestLog = {}): WatchRequest {
  const { write, clock } = writer(log);
  const seen = new WeakSet<IncomingMessage>();
  return (request, response, url = request.url ?? '-') => {
    if (seen.has(request)) return;
    seen.add(request);
    watched.add(request);
    follow(request, response);
    const id = newRequestId();
    const method = request.method ?? '-';
    const startedAt = performance.now();
    let written = false;
    const answered = (status: number | undefined): void => {
      if (written) return;
      written = true;
      const durationMs = performance.now() - startedAt;
      write(answeredLine(clock(), { id, method, path: parseTarget(url).path, status, durationMs, tenant: tenantOf(request) }));
    };

    response.setHeader(requestIdHeader, id);
    // The head of every response passes through `writeHead`, called or implied, so the line is written before each body.
    const writeHead = response.writeHead;
    response.writeHead = function (this: ServerResponse, status: number, ...rest: never[]) {
      answered(status);
      return writeHead.call(this, status, ...rest);
    } as typeof writeHead;
    response.once('close', () => answered(undefined));
    if (log.verbose === true) write(receivedLine(id, method, url));
  };
}

/** The settings of a log that have defaults. */
export function writer(log: RequestLog): Required<Pick<RequestLog, 'write' | 'clock'>> {
  const write = log.write ?? ((line: string) => void process.stderr.write(`${line}\n`));
  return {
    clock: log.clock ?? Date.now,
    write(line) {
      try {
        write(line);
      } catch {
        // A log that throws must not prevent the response.
      }
    },
  };
}
