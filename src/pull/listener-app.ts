/** The Fastify app behind the dedicated listener: one path, the same 404 for everything else, and bounds on every wait. */
import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Handler } from '../http/exchange.ts';
import { addHandlerRoute } from '../http/fastify.ts';
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
const badRequest = 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';

/** `onlyFor`: the host name that was asked for, when only it and loopback names are answered. */
export async function createListenerApp(handler: Handler, path: string, onlyFor: string | undefined): Promise<FastifyInstance> {
  const { fastify } = await import('fastify');
  const app = fastify({
    logger: false,
    exposeHeadRoutes: false,
    forceCloseConnections: 'idle',
    connectionTimeout: idleMs,
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: keepAliveMs,
    http: { headersTimeout: requestTimeoutMs, connectionsCheckingInterval: checkingIntervalMs },
    // A target that Fastify cannot read is a path that does not exist, like any other.
    frameworkErrors: (_error, _request, reply) => sendNotFound(reply as unknown as FastifyReply),
    clientErrorHandler: refuse,
  });
  app.server.maxConnections = maxConnections;
  app.setNotFoundHandler((_request, reply) => sendNotFound(reply));
  const unsent = watchUnsent(app.server);
  app.addHook('onRequest', async (request, reply) => {
    unsent.watch(reply.raw);
    if (unsent.isFull()) return reply.code(503).header('retry-after', '1').type(plain).send('too many replies wait to be read\n');
    if (onlyFor === undefined || isOwnName(request.headers.host, onlyFor)) return;
    return reply.code(421).type(plain).send('this listener answers to loopback names only\n');
  });
  await app.register(async (scope) => addHandlerRoute(scope, path, handler));
  return app;
}

const plain = 'text/plain; charset=utf-8';

function sendNotFound(reply: FastifyReply): void {
  reply.code(404).type(plain).send('not found\n');
}

function refuse(_error: Error, socket: Socket): void {
  if (socket.writable) socket.end(badRequest);
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
