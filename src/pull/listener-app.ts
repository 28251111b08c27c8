/** The Fastify app behind the dedicated listener: one handler, the same 404 for everything that it does not serve, and bounds on every wait. */
import { createServer } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { newRequestId, requestIdHeader } from '../access/request-id.ts';
import { createRequestLog, type RequestLog } from '../access/request-log.ts';
import type { Handler, Reply } from '../http/exchange.ts';
import { addHandlerRoute, ignoreBody } from '../http/fastify.ts';
import type { WebFront } from '../web-config/index.ts';
import { isLoopbackHost } from './listen-address.ts';
import { watchUnsent } from './unsent.ts';

/** Request line and headers must be here within this time; metrics requests have no body worth waiting for. */
const requestTimeoutMs = 10_000;
/** A connection on which nothing moves for so long is cut: longer than the longest scrape, and a bound for slow readers. */
const idleMs = 30_000;
/** Above the usual scrape interval of one minute, so that a scraper can keep its connection. */
const keepAliveMs = 65_000;
/** How often Node looks for requests that are overdue. */
const checkingIntervalMs = 5_000;
/** Each may hold a reply in memory; scrapers are few. */
const maxConnections = 100;

export interface ListenerAppOptions {
  readonly handler: Handler;
  /** The host name that was asked for, when only it and loopback names are answered. */
  readonly onlyFor: string | undefined;
  /** What a request gets that does not come as far as the handler, and whomever the handler answers 404. */
  readonly missing: Reply;
  readonly requestLog: RequestLog | undefined;
  /** TLS and what else a web configuration says. */
  readonly front: WebFront | undefined;
}

export interface ListenerApp {
  readonly app: FastifyInstance;
  /** Ends every connection at once. */
  cut(): void;
}

export async function createListenerApp(options: ListenerAppOptions): Promise<ListenerApp> {
  const { handler, missing, onlyFor, requestLog, front } = options;
  const sendNotFound = (reply: FastifyReply) => reply.code(missing.status).headers(missing.headers).send(missing.body);
  const { fastify } = await import('fastify');
  const settings = {
    requestTimeout: requestTimeoutMs,
    headersTimeout: requestTimeoutMs,
    keepAliveTimeout: keepAliveMs,
    connectionsCheckingInterval: checkingIntervalMs,
  };
  const app = fastify({
    logger: false,
    exposeHeadRoutes: false,
    forceCloseConnections: 'idle',
    serverFactory: (listener) => (front === undefined ? createServer(settings, listener) : front.createServer(settings, listener)),
    // A target that Fastify cannot read is a path that does not exist, like any other.
    frameworkErrors: (_error, _request, reply) => void sendNotFound(reply as unknown as FastifyReply),
    clientErrorHandler: (_error, socket) => refuse(socket, requestLog !== undefined),
  });
  if (requestLog !== undefined) app.server.prependListener('request', createRequestLog(requestLog));
  app.server.setTimeout(idleMs);
  app.server.maxConnections = maxConnections;
  app.setNotFoundHandler((_request, reply) => void sendNotFound(reply));
  const unsent = watchUnsent(app.server);
  app.addHook('onRequest', async (request, reply) => {
    ignoreBody(request);
    unsent.watch(reply.raw);
    if (unsent.isFull()) return reply.code(503).header('retry-after', '1').type(plain).send('too many replies wait to be read\n');
    if (onlyFor === undefined || isOwnName(request.headers.host, onlyFor)) return;
    return reply.code(421).type(plain).send('this listener answers to loopback names only\n');
  });
  await app.register(async (scope) => addHandlerRoute(scope, '*', handler));
  if (front !== undefined) app.addHook('onClose', async () => front.close());
  return Object.freeze({ app, cut: () => (front === undefined ? app.server.closeAllConnections() : front.cut()) });
}

const plain = 'text/plain; charset=utf-8';

/** A request that could not be read: there is nothing to log, but its answer has an id like every other. */
function refuse(socket: Socket, withId: boolean): void {
  const id = withId ? `${requestIdHeader}: ${newRequestId()}\r\n` : '';
  if (socket.writable) socket.end(`HTTP/1.1 400 Bad Request\r\n${id}Connection: close\r\nContent-Length: 0\r\n\r\n`);
  else socket.destroy();
}

/** HTTP/1.0 may leave Host out, and no browser speaks it. */
function isOwnName(header: string | undefined, onlyFor: string): boolean {
  if (header === undefined || header === '') return true;
  const name = header
    .replace(/:\d*$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .toLowerCase();
  return name === onlyFor.toLowerCase() || isLoopbackHost(name) || name.endsWith('.localhost');
}
