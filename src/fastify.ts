/** `meterbridge/fastify`: metrics, gates and the access log on a Fastify app that exists already. Only Fastify's types are loaded from here. */
import type { FastifyPluginAsync, onRequestHookHandler } from 'fastify';
import { type Access, type AccessEvents, createGuard, guarded } from './access/guarded.ts';
import { open } from './access/open.ts';
import { replyFrom } from './access/refusal.ts';
import { createRequestLog, type RequestLog } from './access/request-log.ts';
import { headersOf } from './http/answer.ts';
import type { Handler } from './http/exchange.ts';
import { addHandlerRoute, ignoreBody, payloadOf } from './http/fastify.ts';
import { incomingFacts } from './http/incoming.ts';

export interface FastifyMetricsOptions extends AccessEvents {
  /** Where the metrics stand, below the prefix of the surrounding plugin. Default: `/metrics`. */
  readonly path?: string;
  /** Who may read them. Default: who comes through the app's own hooks. */
  readonly access?: Access;
}

/** A bridge, or a bare handler. A bridge counts refusals. */
export type MetricsSource = Handler | ({ readonly scrape: Handler } & AccessEvents);

/**
 * A Fastify plugin that serves a bridge (or a bare handler): `app.register(fastifyMetrics(bridge))`. The app's own hooks run
 * ahead of it. Where `access` refuses with 404, the path does not exist for a refused request: it passes through the app as a request to
 * an unknown path does, and no sequence of bytes on a connection tells the two apart.
 */
export function fastifyMetrics(source: MetricsSource, options: FastifyMetricsOptions = {}): FastifyPluginAsync {
  const { scrape, onRefused } = typeof source === 'function' ? { scrape: source } : source;
  const { path = '/metrics', access } = options;
  const events: AccessEvents = {
    onRefused(event) {
      onRefused?.(event);
      options.onRefused?.(event);
    },
  };
  if (access?.refusal.status === 404) return hiddenMetrics(path, scrape, access, events);
  const handler = access === undefined ? scrape : guarded(scrape, access, events);
  return async function meterbridgeMetrics(app) {
    addHandlerRoute(app, path, handler);
  };
}

function hiddenMetrics(path: string, scrape: Handler, access: Access, events: AccessEvents): FastifyPluginAsync {
  const guard = createGuard(access, events);
  const handler = guarded(scrape, { ...access, gate: open() });
  return forWholeApp(async (app, { prefix }: { prefix?: string }) => {
    app.addHook('onRequest', (request, _reply, done) => {
      // An unknown path is 404 also for a QUERY without a type, which Fastify would answer with 400.
      if (request.is404 && request.method === 'QUERY' && request.headers['content-type'] === undefined) ignoreBody(request);
      done();
    });
    const metrics: FastifyPluginAsync = async (scope) => addHandlerRoute(scope, path, handler, (request) => guard(request).allowed);
    await app.register(metrics, prefix === undefined ? {} : { prefix });
  });
}

/** As in `fastify-plugin`: what it adds is the surrounding app's, not its own. */
function forWholeApp(plugin: FastifyPluginAsync): FastifyPluginAsync {
  return Object.assign(plugin, { [Symbol.for('skip-override')]: true });
}

/**
 * A Fastify plugin that gives every response of the app an `X-Request-Id`, and every request a line in the access log: errors and paths
 * that do not exist included. Register it first.
 */
export function fastifyRequestLog(log: RequestLog = {}): FastifyPluginAsync {
  const watch = createRequestLog(log);
  return forWholeApp(async (app) => {
    // The server's event is ahead of what Fastify answers without hooks; the hook is for `inject`, which has no server.
    app.server.prependListener('request', watch);
    app.addHook('onRequest', async (request, reply) => watch(request.raw, reply.raw));
  });
}

/**
 * A hook for routes of the app's own that stand behind the same gate: `app.addHook('onRequest', fastifyGuard(access))`. A refused request is
 * answered as `access.refusal` says, and where that is 404 by the app's own.
 */
export function fastifyGuard(access: Access, events: AccessEvents = {}): onRequestHookHandler {
  const guard = createGuard(access, events);
  const refusal = replyFrom(access.refusal);
  // With `done` and not a promise: what is never called can never let the request go on, however late the answer is sent.
  return function meterbridgeGuard(request, reply, done) {
    if (guard(incomingFacts(request.raw, request.url)).allowed) return done();
    if (refusal.status === 404) reply.callNotFound();
    else {
      reply.code(refusal.status).headers(headersOf(refusal, request.method));
      reply.send(payloadOf(refusal, request.method));
    }
  };
}
