/**
 * The server behind the dedicated listener: one handler, the same 404 for every path that it does not serve, and a bound on all that
 * clients can hold.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { createRequestLog, type RequestLog } from '../access/request-log.ts';
import { watchRequests } from '../access/server-log.ts';
import { follow } from '../access/under-way.ts';
import { answerUnreadable } from '../access/unreadable.ts';
import { answer } from '../http/answer.ts';
import type { Handler, Reply } from '../http/exchange.ts';
import { incomingFacts } from '../http/incoming.ts';
import { sendReply, whenReady } from '../http/node-http.ts';
import { plainReply } from '../http/plain-reply.ts';
import type { WebConfigServer } from '../web-config/index.ts';
import type { Bindable } from './bind.ts';
import { boundHandshakes } from './handshakes.ts';
import { isLoopbackHost } from './listen-address.ts';
import { defaultBounds, type ListenerBounds } from './listener-bounds.ts';
import { createPlaces } from './places.ts';

export interface ListenerServerOptions {
  readonly handler: Handler;
  /** The host name from the listen address, when the listener answers requests for it and for loopback names only. */
  readonly onlyFor?: string | undefined;
  /** Answers where the handler returns 404. */
  readonly missing: Handler;
  readonly requestLog?: RequestLog | undefined;
  /** TLS and the other settings of a web configuration. */
  readonly webConfigServer?: WebConfigServer | undefined;
  readonly bounds?: ListenerBounds;
}

const busy = plainReply(503, 'too many requests at once', { 'retry-after': '1', connection: 'close' });
const foreign = plainReply(421, 'this listener answers to loopback names only');

export function createListenerServer(options: ListenerServerOptions): Bindable {
  const { handler, missing, onlyFor, requestLog, webConfigServer, bounds = defaultBounds } = options;
  const places = createPlaces(bounds);
  const isOwn = onlyFor === undefined ? () => true : ownNames(onlyFor);

  function respond(request: IncomingMessage, response: ServerResponse): void {
    const facts = incomingFacts(request);
    const send = (reply: Reply): void => {
      places.send(request.socket, reply.body.byteLength);
      sendReply(request, response, reply);
    };
    whenReady(response, answer(handler, facts), (reply) => {
      if (reply.status !== 404) send(reply);
      else {
        reply.sent?.();
        whenReady(response, answer(missing, facts), send);
      }
    });
  }

  function serve(request: IncomingMessage, response: ServerResponse): void {
    if (!places.take(request.socket)) sendReply(request, response, busy);
    else if (!isOwn(request.headers.host)) sendReply(request, response, foreign);
    else respond(request, response);
  }

  const settings = {
    requestTimeout: bounds.requestMs,
    headersTimeout: bounds.requestMs,
    keepAliveTimeout: bounds.keepAliveMs,
    connectionsCheckingInterval: bounds.checkingMs,
  };
  const server = webConfigServer === undefined ? createServer(settings, serve) : webConfigServer.createServer(settings, serve);
  server.setTimeout(bounds.idleMs);
  // A connection that cannot be accepted fails for its client only; an `error` event without a listener would end the process.
  server.on('error', () => {});
  server.on('clientError', answerUnreadable(requestLog));
  server.prependListener('request', places.begin);
  server.prependListener('request', follow);
  if (requestLog !== undefined) watchRequests(server, createRequestLog(requestLog));
  if (webConfigServer?.scheme === 'https') boundHandshakes(server, bounds.handshakes);
  server.on(webConfigServer?.scheme === 'https' ? 'secureConnection' : 'connection', (socket: Socket) => {
    if (!socket.destroyed) places.enter(socket);
  });

  return Object.freeze({
    server,
    async close(graceMs: number) {
      const closed = new Promise((resolve) => server.close(resolve));
      places.close();
      const timer = setTimeout(() => (webConfigServer ?? { cut: () => server.closeAllConnections() }).cut(), graceMs);
      await closed;
      clearTimeout(timer);
      webConfigServer?.close();
    },
  });
}

/** A scraper sends the same name each time. */
function ownNames(onlyFor: string): (header: string | undefined) => boolean {
  let last: string | undefined;
  let isOwn = true;
  return (header) => {
    if (header !== last) isOwn = isOwnName(header, onlyFor);
    last = header;
    return isOwn;
  };
}

/** HTTP/1.0 may leave Host out, and no browser sends HTTP/1.0. */
function isOwnName(header: string | undefined, onlyFor: string): boolean {
  if (header === undefined || header === '') return true;
  const name = header
    .replace(/:\d*$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .toLowerCase();
  return name === onlyFor.toLowerCase() || isLoopbackHost(name) || name.endsWith('.localhost');
}
