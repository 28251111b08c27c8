/** `meterbridge/fastify`: metrics, access rules and the access log on your Fastify app. Imports only Fastify's types. */
import './node/supported.ts';
import type { IncomingMessage } from 'node:http';
import type { FastifyPluginAsync, onRequestHookHandler } from 'fastify';
import { accessRule } from './access/check-access.ts';
import { open } from './access/gates/open.ts';
import { type Access, type AccessEvents, createGuard, guarded } from './access/guarded.ts';
import { checkRequestLog, createRequestLog, type RequestLog } from './access/log/request-log.ts';
import { watchRequests } from './access/log/server-log.ts';
import { answerUnreadable } from './access/log/unreadable.ts';
import { replyFrom } from './access/refusal.ts';
import type { Bridge } from './bridge/bridge.ts';
import { publicFunctions } from './errors/caller.ts';
import { MeterbridgeError } from './errors/error.ts';
import { callback, checkOptions, flagOr, type OptionRules, urlPath } from './errors/option-rules.ts';
import { shown } from './errors/shown.ts';
import { headersOf } from './http/answer.ts';
import { uncalled } from './http/check-fastify.ts';
import { checkHandler } from './http/check-handler.ts';
import type { Handler } from './http/exchange.ts';
import { addHandlerRoute, ignoreBody, payloadOf } from './http/fastify.ts';
import { beforeRouting, targetAsSent } from './http/fastify-before-routing.ts';
import { incomingFacts } from './http/incoming.ts';
import { decodable } from './http/target.ts';
import { httpRules } from './http-metrics/options.ts';
import { type HttpServerMetricsOptions, httpServerMetrics } from './http-metrics.ts';
import { runtimeRules } from './runtime-metrics/options.ts';
import { type RuntimeMetricsOptions, runtimeMetrics } from './runtime-metrics.ts';

export interface FastifyMetricsOptions extends AccessEvents {
  /** The path of the metrics, below the prefix of the surrounding plugin. Default: `/metrics`. */
  readonly path?: string;
  /** Who may read them. Default: every request that passes the app's own hooks. */
  readonly access?: Access;
  /**
   * Also measures the app's requests, but those of `path`: true, or options of `httpServerMetrics`. For labels of your own, register
   * `httpServerMetrics(bridge, options).fastify` instead. Of a bridge alone. Default: false.
   */
  readonly http?: boolean | FastifyHttpOptions;
  /** Also `runtimeMetrics(bridge)`: true, or its options. Of a bridge alone. Default: false. */
  readonly runtime?: boolean | RuntimeMetricsOptions;
}

/** What the plugin takes of the options of `httpServerMetrics`. */
export type FastifyHttpOptions = Pick<HttpServerMetricsOptions, 'names' | 'skip' | 'healthChecks' | 'unmatched'>;

/** A bridge, which counts rejected requests, or a bare handler. */
export type MetricsSource = Handler | ({ readonly scrape: Handler } & AccessEvents);
const defaultPath = '/metrics';
const { labels: _labels, values: _values, ...fastifyHttpRules } = httpRules;
const rules: OptionRules<FastifyMetricsOptions> = {
  path: urlPath,
  access: accessRule,
  http: flagOr(fastifyHttpRules satisfies OptionRules<FastifyHttpOptions>),
  runtime: flagOr(runtimeRules),
  onRefused: callback,
};

/**
 * A Fastify plugin that serves a bridge (or a bare handler): `app.register(fastifyMetrics(bridge))`. The app's own hooks run first. If `access` rejects with
 * 404, the path does not exist for a rejected request: the app handles it like a request to an unknown path. No sequence of bytes on a connection
 * distinguishes the two.
 * @throws OPTION_INVALID
 */
export function fastifyMetrics(source: MetricsSource, options: FastifyMetricsOptions = {}): FastifyPluginAsync {
  const misused = uncalled(source, 'fastifyMetrics', 'app.register(fastifyMetrics(bridge))');
  if (misused !== undefined) return misused as never;
  checkHandler(typeof source === 'object' ? source?.scrape : source, 'fastifyMetrics()');
  checkOptions('OPTION_INVALID', options, 'fastifyMetrics', rules);
  const { http = false, runtime = false, ...others } = options;
  const mounted = endpoint(source, others);
  if (http === false && runtime === false) return mounted;
  if (!isBridge(source)) {
    const [at, got] = http === false ? ['runtime', runtime] : ['http', http];
    const rule = 'only a bridge records requests and the runtime';
    const fix = 'pass the bridge, or leave it out';
    throw new MeterbridgeError('OPTION_INVALID', [{ at: `fastifyMetrics.${at}`, got: `${shown(got)}, with a handler`, rule, fix }]);
  }
  if (runtime !== false) runtimeMetrics(source, runtime === true ? {} : runtime);
  const requests = http === false ? undefined : httpServerMetrics(source, http === true ? {} : http);
  return forWholeApp(async (app, { prefix = '' }: { prefix?: string }) => {
    if (requests !== undefined) app.register(requests.fastify, { except: `${app.prefix}${prefix}${options.path ?? defaultPath}` });
    app.register(mounted, prefix === '' ? {} : { prefix });
  });
}

function isBridge(source: MetricsSource): source is Bridge {
  return 'register' in source && 'meterProvider' in source;
}

function endpoint(source: MetricsSource, options: FastifyMetricsOptions): FastifyPluginAsync {
  const { scrape, onRefused } = typeof source === 'function' ? { scrape: source } : source;
  const { path = defaultPath, access } = options;
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
      // Without this, Fastify would respond to a QUERY without a content type with 400, but an unknown path is always 404.
      if (request.is404 && request.method === 'QUERY' && request.headers['content-type'] === undefined) ignoreBody(request);
      done();
    });
    const metrics: FastifyPluginAsync = async (scope) => addHandlerRoute(scope, path, handler, (request) => guard(request).allowed);
    await app.register(metrics, prefix === undefined ? {} : { prefix });
  });
}

/** As in `fastify-plugin`: applies its hooks to the surrounding app. */
function forWholeApp(plugin: FastifyPluginAsync): FastifyPluginAsync {
  return Object.assign(plugin, { [Symbol.for('skip-override')]: true });
}

/**
 * A Fastify plugin that gives every response an `X-Request-Id` and every request a line in the access log. This includes errors, unknown paths, and what
 * Node.js or Fastify responds to before any hook (400, 408, 417, 431). Register it first. Meterbridge responds to unreadable requests; they have no line if the app has
 * its own `clientErrorHandler`.
 */
export function fastifyRequestLog(log: RequestLog = {}): FastifyPluginAsync {
  const misused = uncalled(log, 'fastifyRequestLog', 'app.register(fastifyRequestLog())');
  if (misused !== undefined) return misused as never;
  checkRequestLog(log, 'fastifyRequestLog()');
  const watch = createRequestLog(log);
  return forWholeApp(async (app) => {
    watchRequests(app.server, watch);
    for (const listener of app.server.listeners('clientError')) {
      if (listener.name !== 'bound defaultClientErrorHandler') continue;
      app.server.off('clientError', listener as () => void).on('clientError', answerUnreadable(log));
    }
    // For `inject`, which has no server, for the second server of `localhost`, and for upgrades.
    app.addHook('onRequest', (request, reply, done) => {
      watch(request.raw, reply.raw, targetAsSent(request.raw));
      done();
    });
  });
}

/**
 * A hook that protects the app's own routes with the same access rule: `app.addHook('onRequest', fastifyGuard(access))`. `access.refusal` sets the response to
 * a rejected request; for 404 it is the app's own.
 */
export function fastifyGuard(access: Access, events: AccessEvents = {}): onRequestHookHandler {
  const guard = createGuard(access, events);
  return guardHook(access, (request) => guard(incomingFacts(request)).allowed);
}

/**
 * A Fastify plugin that puts an access rule before all responses of the app, including those that Fastify sends before any hook: to targets that it cannot
 * decode (400) or that are too long (414). The app's hooks see a rejected request as one to `/`.
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
    beforeRouting(app, (request) => {
      if (!allows(request)) request.url = '/';
    });
    app.addHook('onRequest', guardHook(access, allows));
  });
}

/**
 * A Fastify plugin that lets requests whose target cannot be decoded (`/%zz`) reach the app's hooks and its 404, with each `%` of the path read as itself.
 * Without it, Fastify responds to them with 400, before any hook.
 */
export function fastifyAnyTarget(): FastifyPluginAsync {
  return forWholeApp(async (app) =>
    beforeRouting(app, (request) => {
      request.url = decodable(request.url ?? '/');
    }),
  );
}

function guardHook(access: Access, allows: (request: IncomingMessage) => boolean): onRequestHookHandler {
  const refusal = replyFrom(access.refusal);
  // Uses `done`, not a promise: without a call to `done` the request can never continue, however late the response is.
  return function meterbridgeGuard(request, reply, done) {
    if (allows(request.raw)) return done();
    if (refusal.status === 404) reply.callNotFound();
    else {
      reply.code(refusal.status).headers(headersOf(refusal, request.method));
      reply.send(payloadOf(refusal, request.method));
    }
  };
}

publicFunctions(fastifyMetrics, fastifyRequestLog, fastifyGuard, fastifyGuardAll, fastifyAnyTarget);
