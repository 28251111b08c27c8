/**
 * The HTTP agent under the exporter. The exporter keeps to itself what a server answers to a push that it tries again, and it cannot be
 * stopped; the agent sees every attempt, and can end them all.
 */
import type { Agent, ClientRequest, IncomingMessage } from 'node:http';
import type { Attempt } from './failure.ts';
import type { Tls } from './tls.ts';

export interface Connection {
  /** For the exporter's `httpAgentOptions`. */
  readonly agent: Agent;
  /** What the last attempt came to; undefined before the first, and after `forget`. */
  last(): Attempt | undefined;
  forget(): void;
  /** Breaks attempts under way. They fail. */
  abort(): void;
  /** `abort`, and no attempt reaches the network any more. */
  close(): void;
}

/** How much of an answer is kept, in characters: enough for a message, and for a partial success. */
const maxBody = 4096;

/** `addRequest` is how `http.request` hands a request over; the types do not know it. */
type WithAddRequest = Agent & { addRequest(request: ClientRequest, ...rest: unknown[]): void };

export async function createConnection(protocol: string, tls: Tls): Promise<Connection> {
  const { Agent: AgentOf } = protocol === 'https:' ? await import('node:https') : await import('node:http');
  const agent = new AgentOf(protocol === 'https:' ? { keepAlive: true, ...tls } : { keepAlive: true }) as WithAddRequest;
  const active = new Set<ClientRequest>();
  let last: Attempt | undefined;
  let closed = false;

  const watch = (request: ClientRequest) => {
    active.add(request);
    request.once('close', () => active.delete(request));
    request.once('error', (error: NodeJS.ErrnoException) => {
      last = { error: error.code ?? error.message };
    });
    request.once('response', (response: IncomingMessage) => {
      let body = '';
      const attempt = { status: response.statusCode, statusText: response.statusMessage };
      last = attempt;
      response.on('data', (chunk: Buffer) => {
        if (body.length >= maxBody) return;
        body = (body + chunk.toString('utf8')).slice(0, maxBody);
        last = { ...attempt, body };
      });
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
    last: () => last,
    forget() {
      last = undefined;
    },
    abort,
    close() {
      closed = true;
      abort();
      agent.destroy();
    },
  });
}

/** A request that never gets a socket tells nobody that it was destroyed; so its listeners are told here, once they are attached. */
function refuse(request: ClientRequest): void {
  request.destroy();
  process.nextTick(() => {
    request.emit('error', new Error('push is closed'));
    request.emit('close');
  });
}
