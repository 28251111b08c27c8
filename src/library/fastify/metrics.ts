/** The metrics of a bridge as a route of an app. */
import type { FastifyPluginAsync } from 'fastify';
import { publicFunctions } from '../../core/errors/caller.ts';
import { MeterbridgeError } from '../../core/errors/error.ts';
import { callback, checkOptions, flagOr, type OptionRules, urlPath } from '../../core/errors/option-rules.ts';
import { shown } from '../../core/errors/shown.ts';
import { accessRule } from '../../net/access/check-access.ts';
import { open } from '../../net/access/gates/open.ts';
import { type Access, type AccessEvents, createGuard, guarded } from '../../net/access/guarded.ts';
import { uncalled } from '../../net/http/check-fastify.ts';
import { checkHandler } from '../../net/http/check-handler.ts';
import type { Handler } from '../../net/http/exchange.ts';
import { addHandlerRoute, ignoreBody } from '../../net/http/fastify.ts';
import type { Bridge } from '../bridge/bridge.ts';
import { type HttpServerMetricsOptions, httpServerMetrics } from '../http-metrics/http-server-metrics.ts';
import { httpRules } from '../http-metrics/options.ts';
import { runtimeRules } from '../runtime-metrics/options.ts';
import { type RuntimeMetricsOptions, runtimeMetrics } from '../runtime-metrics/runtime-metrics.ts';
import { forWholeApp } from './whole-app.ts';

export interface FastifyMetricsOptions extends AccessEvents {
  /** The path of the metrics, below the prefix of the surrounding plugin. Default: `/metrics`. */
  readonly path?: string;
  /** Who may read them. Default: every request that passes the app's own hooks. */
  readonly access?: Access;
  /**
   * Also measures the app's requests, but those of `path`: true, or options of `httpServerMetrics`. For labels of your own,
   * register
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
 * A Fastify plugin that serves a bridge (or a bare handler): `app.register(fastifyMetrics(bridge))`. The app's own hooks run
 * first. If `access` rejects with 404, the path does not exist for a rejected request: the app handles it like a request to an
 * unknown path. No sequence of bytes on a connection distinguishes the two.
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
    throw new MeterbridgeError('OPTION_INVALID', [
      { at: `fastifyMetrics.${at}`, got: `${shown(got)}, with a handler`, rule, fix },
    ]);
  }
  if (runtime !== false) runtimeMetrics(source, runtime === true ? {} : runtime);
  const requests = http === false ? undefined : httpServerMetrics(source, http === true ? {} : http);
  return forWholeApp(async (app, { prefix = '' }: { prefix?: string }) => {
    if (requests !== undefined)
      app.register(requests.fastify, { except: `${app.prefix}${prefix}${options.path ?? defaultPath}` });
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
    const metrics: FastifyPluginAsync = async (scope) =>
      addHandlerRoute(scope, path, handler, (request) => guard(request).allowed);
    await app.register(metrics, prefix === undefined ? {} : { prefix });
  });
}

publicFunctions(fastifyMetrics);
