/** `meterbridge/fastify`: metrics, gates and the access log on a Fastify app that exists already. Only Fastify's types are loaded from here. */
import type { IncomingMessage } from 'node:http';
import type { FastifyPluginAsync, onRequestHookHandler } from 'fastify';
import { type Access, type AccessEvents, createGuard, guarded } from './access/guarded.ts';
import { open } from './access/open.ts';
import { replyFrom } from './access/refusal.ts';
import { createRequestLog, type RequestLog } from './access/request-log.ts';
import { watchRequests } from './access/server-log.ts';
import { answerUnreadable } from './access/unreadable.ts';
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
 * A Fastify plugin that gives every response of the app an `X-Request-Id`, and every request a line in the access log: errors, paths that do
 * not exist, and what Node or Fastify answers ahead of any hook included (400, 408, 417, 431). Register it first. What is no request is answered
 * by Meterbridge, and has no line where the app has a `clientErrorHandler` of its own.
 */
export function fastifyRequestLog(log: RequestLog = {}): FastifyPluginAsync {
  const watch = createRequestLog(log);
  return forWholeApp(async (app) => {
    watchRequests(app.server, watch);
    for (const listener of app.server.listeners('clientError')) {
      if (listener.name !== 'bound defaultClientErrorHandler') continue;
      app.server.off('clientError', listener as () => void).on('clientError', answerUnreadable(log));
    }
    // For `inject`, which has no server, and for upgrades.
    app.addHook('onRequest', (request, reply, done) => {
      watch(request.raw, reply.raw);
      done();
    });
  });
}

/**
 * A hook for routes of the app's own that stand behind the same gate: `app.addHook('onRequest', fastifyGuard(access))`. A refused request is
 * answered as `access.refusal` says, and where that is 404 by the app's own.
 */
export function fastifyGuard(access: Access, events: AccessEvents = {}): onRequestHookHandler {
  const guard = createGuard(access, events);
  return guardHook(access, (request) => guard(incomingFacts(request)).allowed);
}

/**
 * A Fastify plugin that puts a gate before everything that the app answers, also what Fastify answers ahead of any hook: targets that it cannot
 * decode (400) or that are too long (414). The app's hooks see a refused request as one to `/`.
 */
export function fastifyGuardAll(access: Access, events: AccessEvents = {}): FastifyPluginAsync {
  const guard = createGuard(access, events);
  const decided = new WeakMap<IncomingMessage, boolean>();
  function allows(request: IncomingMessage): boolean {
    const allowed = decided.get(request) ?? guard(incomingFacts(request)).allowed;
    decided.set(request, allowed);
    return allowed;
  }
  return forWholeApp(async (app) => {
    app.server.prependListener('request', (request) => {
      if (!allows(request)) request.url = '/';
    });
    app.addHook('onRequest', guardHook(access, allows));
  });
}

function guardHook(access: Access, allows: (request: IncomingMessage) => boolean): onRequestHookHandler {
  const refusal = replyFrom(access.refusal);
  // With `done` and not a promise: what is never called can never let the request go on, however late the answer is sent.
  return function meterbridgeGuard(request, reply, done) {
    if (allows(request.raw)) return done();
    if (refusal.status === 404) reply.callNotFound();
    else {
      reply.code(refusal.status).headers(headersOf(refusal, request.method));
      reply.send(payloadOf(refusal, request.method));
    }
  };
}
