/**
 * The HTTP agent under the exporter. The exporter keeps to itself what a server answers to a push that it tries again, and it cannot be
 * stopped; the agent sees every attempt, and can end them all. What a server answers ends here: the exporter would read megabytes of it, and write
 * a partial success into the host's diagnostics as it came.
 */
import type { Agent, ClientRequest, IncomingMessage } from 'node:http';
import { keepAnswer } from '../answers/answer.ts';
import type { Attempt } from '../answers/failure.ts';
import { retryAfterMs } from '../answers/retry-after.ts';
import { retryable } from '../answers/retryable.ts';
import { retry } from '../settings/retry.ts';
import type { Tls } from '../settings/tls.ts';

export interface Connection {
  /** For the exporter's `httpAgentOptions`. */
  readonly agent: Agent;
  /** What the last attempt came to; undefined before the first, and after `forget`. */
  last(): Attempt | undefined;
  forget(): void;
  /** Until when (`performance.now()`) the receiver wants no further push. */
  heldUntil(): number;
  /** Breaks attempts under way. They fail. */
  abort(): void;
  /** `abort`, and no attempt reaches the network any more. */
  close(): void;
}

/** `addRequest` is how `http.request` hands a request over; the types do not know it. */
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
    // Ahead of the exporter's own listener, which is there already.
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

/** The exporter asks at once where `Retry-After` is 0 or has passed. */
function withoutBody(response: IncomingMessage, waitMs: number | undefined): void {
  if (waitMs === undefined) delete response.headers['retry-after'];
  else response.headers['retry-after'] = String(Math.ceil(waitMs / 1000));
  const on = response.on;
  response.on = function (this: IncomingMessage, event: string, listener: never) {
    return event === 'data' ? this : on.call(this, event, listener);
  } as typeof on;
}

/** A request that never gets a socket tells nobody that it was destroyed; so its listeners are told here, once they are attached. */
function refuse(request: ClientRequest): void {
  request.destroy();
  process.nextTick(() => {
    request.emit('error', new Error('push is closed'));
    request.emit('close');
  });
}
