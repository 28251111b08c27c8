/**
 * The HTTP agent under the SDK's exporter. The exporter hides responses to attempts that it retries, and cannot be stopped; the
 * agent sees every attempt, and can end them all. It also consumes the responses: the exporter would read megabytes of one, and
 * write a partial success unfiltered to the application's diagnostics.
 */
import type { Agent, ClientRequest, IncomingMessage } from 'node:http';
import { keepAnswer } from '../../../net/otlp-client/answers/answer.ts';
import { type Attempt, retryable } from '../../../net/otlp-client/answers/failure.ts';
import { retryAfterMs } from '../../../net/otlp-client/answers/retry-after.ts';
import { retry } from '../settings/retry.ts';
import type { Tls } from '../settings/tls.ts';

export interface Connection {
  /** For the exporter's `httpAgentOptions`. */
  readonly agent: Agent;
  /** The result of the last attempt; undefined before the first, and after `forget`. */
  last(): Attempt | undefined;
  forget(): void;
  /** The time (`performance.now()`) until which the receiver asks for no further push. */
  heldUntil(): number;
  /** Breaks the attempts in progress. They fail. */
  abort(): void;
  /** Like `abort`, and prevents any further network traffic. */
  close(): void;
}

/** `http.request` passes a request over by `addRequest`; the type definitions lack it. */
type WithAddRequest = Agent & { addRequest(request: ClientRequest, ...rest: unknown[]): void };

export async function createConnection(protocol: string, tls: Tls): Promise<Connection> {
  const { Agent: AgentOf } = protocol === 'https:' ? await import('node:https') : await import('node:http');
  const agent = new AgentOf(protocol === 'https:' ? { keepAlive: true, ...tls } : { keepAlive: true }) as WithAddRequest;
  const active = new Set<ClientRequest>();
  let last: (() => Attempt) | undefined;
  let heldUntil = 0;
  let closed = false;

  const watch = (request: ClientRequest) => {
    let answered = false;
    active.add(request);
    request.once('close', () => active.delete(request));
    request.once('error', (error: NodeJS.ErrnoException) => {
      if (!answered) last = () => ({ error: error.code ?? error.message });
    });
    // Before the exporter's own listener, which is already attached.
    request.prependOnceListener('response', (response: IncomingMessage) => {
      answered = true;
      const answer = keepAnswer(response);
      last = () => ({ statusText: response.statusMessage, answer: answer() });
      const wait = retryable.has(response.statusCode ?? 0)
        ? retryAfterMs(response.headers['retry-after'], retry.maxRetryAfterMs)
        : undefined;
      if (wait !== undefined) heldUntil = performance.now() + wait;
      withoutBody(response, wait);
    });
  };
  const addRequest = agent.addRequest.bind(agent);
  agent.addRequest = (request, ...rest) => {
    watch(request);
    if (closed) refuse(request);
    else addRequest(request, ...rest);
  };
  const abort = () => {
    for (const request of active) request.destroy(new Error('push was cut off'));
  };
  return Object.freeze({
    agent,
    last: () => last?.(),
    forget() {
      last = undefined;
    },
    heldUntil: () => heldUntil,
    abort,
    close() {
      closed = true;
      abort();
      agent.destroy();
    },
  });
}

/** The exporter retries at once where `Retry-After` is 0 or has passed. */
function withoutBody(response: IncomingMessage, waitMs: number | undefined): void {
  if (waitMs === undefined) delete response.headers['retry-after'];
  else response.headers['retry-after'] = String(Math.ceil(waitMs / 1000));
  const on = response.on;
  response.on = function (this: IncomingMessage, event: string, listener: never) {
    return event === 'data' ? this : on.call(this, event, listener);
  } as typeof on;
}

/**
 * A request that never gets a socket emits no event when it is destroyed; so this emits the error, once listeners are attached.
 */
function refuse(request: ClientRequest): void {
  request.destroy();
  process.nextTick(() => {
    request.emit('error', new Error('push is closed'));
    request.emit('close');
  });
}
