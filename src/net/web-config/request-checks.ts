/** The checks of a web configuration, before every other handler: those of the Exporter Toolkit's handler, in its order. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Refused } from '../access/guarded.ts';
import type { RequestFacts } from '../http/exchange.ts';
import { incomingFacts } from '../http/incoming.ts';
import { createBasicAuth } from './basic-auth.ts';
import { createBcryptQueue } from './bcrypt-queue.ts';
import type { Rate, WebConfig } from './config.ts';
import { createTokenBucket } from './token-bucket.ts';

export type Listener = (request: IncomingMessage, response: ServerResponse) => void;

export interface RequestCheckOptions {
  readonly current: () => WebConfig | undefined;
  /** The client of a request: for reports of rejections, and for limits. */
  readonly clientOf: (request: RequestFacts) => string | undefined;
  readonly onRefused?: ((event: Refused) => void) | undefined;
  /** The code of the thread that checks passwords. Default: beside Meterbridge's own. */
  readonly threadFile?: string | URL | undefined;
}

export interface RequestChecks {
  /** Calls `next` for the requests that pass. */
  before(next: Listener): Listener;
  /** Stops background work. */
  close(): void;
}

const answers = {
  unavailable: [500, 'Internal Server Error', {}],
  rate: [429, 'Too Many Requests', {}],
  missing: [401, 'Unauthorized', { 'WWW-Authenticate': 'Basic' }],
  wrong: [401, 'Unauthorized', { 'WWW-Authenticate': 'Basic' }],
} as const;

export function createRequestChecks({ current, clientOf, onRefused, threadFile }: RequestCheckOptions): RequestChecks {
  const queue = createBcryptQueue(threadFile);
  const basicAuth = createBasicAuth(queue);
  let limited: { readonly rate: Rate; readonly allow: () => boolean } | undefined;

  /** The same bucket for as long as the numbers are the same. */
  function isWithin(rate: Rate | undefined): boolean {
    if (rate === undefined) {
      limited = undefined;
      return true;
    }
    if (limited?.rate.intervalMs !== rate.intervalMs || limited.rate.burst !== rate.burst) {
      limited = { rate, allow: createTokenBucket(rate, () => performance.now()) };
    }
    return limited.allow();
  }

  function refuse(request: IncomingMessage, response: ServerResponse, reason: keyof typeof answers): void {
    const facts = incomingFacts(request);
    try {
      onRefused?.({ reason, count: 1, client: clientOf(facts), method: facts.method, path: facts.path });
    } catch {
      // A callback that throws must neither admit the request nor prevent the response.
    }
    if (response.destroyed) return;
    const [status, text, headers] = answers[reason];
    const plain = { 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff' };
    response.writeHead(status, { ...plain, ...headers, 'Content-Length': text.length + 1 }).end(`${text}\n`);
  }

  return Object.freeze({
    before(next: Listener): Listener {
      return function checkRequest(request, response) {
        const config = current();
        if (config === undefined) return refuse(request, response, 'unavailable');
        if (!isWithin(config.rate)) return refuse(request, response, 'rate');
        for (const [name, value] of Object.entries(config.headers)) response.setHeader(name, value);
        if (config.users.size === 0) return next(request, response);

        const facts = incomingFacts(request);
        const verdict = basicAuth.check(
          config.users,
          facts.header('authorization'),
          clientOf(facts) ?? '',
          () => response.destroyed,
        );
        const answered = (result: Awaited<typeof verdict>): void => {
          if (result === 'right') next(request, response);
          else refuse(request, response, result === 'busy' ? 'rate' : result);
        };
        if (typeof verdict === 'string') answered(verdict);
        else void verdict.then(answered).catch(() => response.destroy());
      };
    },
    close: queue.close,
  });
}
