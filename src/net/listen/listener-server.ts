/**
 * The server behind the dedicated listener: one handler, the same 404 for every path that it does not serve, and a bound on all
 * that clients can hold.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { createRequestLog, type RequestLog } from '../access/log/request-log.ts';
import { watchRequests } from '../access/log/server-log.ts';
import { follow } from '../access/log/under-way.ts';
import { answerUnreadable } from '../access/log/unreadable.ts';
import { answer } from '../http/answer.ts';
import type { Handler, Reply } from '../http/exchange.ts';
import { incomingFacts } from '../http/incoming.ts';
import { sendReply, whenReady } from '../http/node-http.ts';
import { plainReply } from '../http/plain-reply.ts';
import type { WebConfigServer } from '../web-config/index.ts';
import type { Bindable } from './bind.ts';
import { createConnectionSlots } from './connection-slots.ts';
import { type ConnectionsOptions, createConnections } from './connections.ts';
import { boundHandshakes } from './handshakes.ts';
import { type HostCheck, hostOfRequest, severalHosts } from './hosts.ts';
import { defaultBounds, type ListenerBounds } from './listener-bounds.ts';
import { inItsShare, readInShares } from './shares.ts';

export interface ListenerServerOptions {
  readonly handler: Handler;
  /** Default: it serves requests for every host. */
  readonly hosts?: HostCheck | undefined;
  /** Responds where the handler returns 404. */
  readonly missing: Handler;
  readonly requestLog?: RequestLog | undefined;
  /** TLS and the other settings of a web configuration. */
  readonly webConfigServer?: WebConfigServer | undefined;
  readonly bounds?: ListenerBounds;
  readonly crowded?: ConnectionsOptions['crowded'];
}

const busy = plainReply(503, 'too many requests at once', { 'retry-after': '1', connection: 'close' });

export function createListenerServer(options: ListenerServerOptions): Bindable {
  const { handler, missing, hosts, requestLog, webConfigServer, bounds = defaultBounds } = options;
  const slots = createConnectionSlots(bounds);
  // Slots have a limit of their own.
  const isSecure = webConfigServer?.scheme === 'https';
  const connections = createConnections({ limit: Number.POSITIVE_INFINITY, crowded: options.crowded, isSecure });

  function respond(request: IncomingMessage, response: ServerResponse): void {
    const facts = incomingFacts(request);
    const send = (reply: Reply): void => {
      slots.send(request.socket, reply.body.byteLength);
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
    inItsShare(request.socket, request, () => serveNow(request, response));
  }

  function serveNow(request: IncomingMessage, response: ServerResponse): void {
    if (request.socket.destroyed) return;
    const host = hostOfRequest(request.rawHeaders, request.url ?? '/');
    const refusal = host === null ? severalHosts : hosts?.(host);
    if (!slots.take(request.socket)) sendReply(request, response, busy);
    else if (host === null) sendReply(request, response, plainReply(400, severalHosts));
    else if (refusal !== undefined) sendReply(request, response, plainReply(421, refusal));
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
  server.prependListener('request', slots.begin);
  server.prependListener('request', ({ socket }, response) => {
    connections.begin(socket);
    response.once('close', () => connections.end(socket));
  });
  server.prependListener('request', follow);
  if (requestLog !== undefined) watchRequests(server, createRequestLog(requestLog));
  server.on('connection', connections.enter);
  if (isSecure) boundHandshakes(server, bounds.handshakes, connections.known);
  server.on(isSecure ? 'secureConnection' : 'connection', (socket: Socket) => {
    if (socket.destroyed) return;
    slots.enter(socket);
    readInShares(socket);
  });

  return Object.freeze({
    server,
    async close(graceMs: number) {
      const closed = new Promise((resolve) => server.close(resolve));
      slots.close();
      const timer = setTimeout(() => (webConfigServer ?? { cut: () => server.closeAllConnections() }).cut(), graceMs);
      await closed;
      clearTimeout(timer);
      webConfigServer?.close();
    },
  });
}
