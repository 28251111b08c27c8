import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Labels, LabelValues, NoLabels } from '../../core/contract/index.ts';
import { publicFunctions } from '../../core/errors/caller.ts';
import { checkOptions, type OptionRules } from '../../core/errors/option-rules.ts';
import { type Bridge, openedBridge } from '../bridge/bridge.ts';
import { checkBridge } from '../bridge/check-bridge.ts';
import type { OwnValues } from './exchange.ts';
import { type ExpressMiddleware, expressMiddleware } from './express.ts';
import { watchOrder } from './express-order.ts';
import { type FastifyHttpPlugin, fastifyPlugin } from './fastify.ts';
import { recordFastifyMetricsNames } from './fastify-metrics-names.ts';
import { type HonoMiddleware, honoMiddleware } from './hono.ts';
import { type NodeListener, type NodeServerLike, unannounced, watchEveryServer, watchServer, wrapListener } from './node-http.ts';
import { checkOwnLabels, httpRules } from './options.ts';
import { recordSemconvNames } from './semconv-names.ts';
import { skipping } from './skip.ts';
import { createTracker, type RouteOf } from './tracker.ts';

export interface HttpServerMetricsOptions<L extends Labels = NoLabels> {
  /**
   * `semconv`: OpenTelemetry's semantic conventions (`http_server_request_duration_seconds`, requests in flight, body sizes).
   * `fastify-metrics`: the names of that plugin, for dashboards that exist (`http_request_duration_seconds`); as there, HEAD,
   * OPTIONS, TRACE and CONNECT are not counted, nor are requests whose client leaves before the end. Default: `semconv`.
   */
  readonly names?: 'semconv' | 'fastify-metrics';
  /**
   * Requests that are not measured: paths such as `['/health', '/internal/*']`, where a final `*` stands for any rest, or a
   * function. Default: none.
   */
  readonly skip?: readonly string[] | ((request: IncomingMessage) => boolean);
  /** False leaves out the usual paths of probes, such as `/healthz` and `/readyz`. Default: true. */
  readonly healthChecks?: boolean;
  /** False leaves out requests that no route matched. Default: true. */
  readonly unmatched?: boolean;
  /** Labels of your own, such as `{ tenant: capped({ limit: 20 }) }`. Default: none. */
  readonly labels?: L;
  /** Their values for a response that has ended. Required with `labels`; on Node.js only. Default: none. */
  readonly values?: (request: IncomingMessage, response: ServerResponse) => LabelValues<L>;
}

export interface HttpServerMetrics {
  /** A plugin for Fastify 4.10 or newer: `app.register(http.fastify)`. */
  readonly fastify: FastifyHttpPlugin;
  /** A middleware for Express 4 and 5: `app.use(http.express)`, ahead of all others. */
  readonly express: ExpressMiddleware;
  /** A middleware for Hono: `app.use(http.hono)`, ahead of all others. */
  readonly hono: HonoMiddleware;
  /**
   * Wraps a listener: `createServer(http.listener(answer, route))`. `route` returns a template such as `/orders/:id`, or
   * undefined if none matched.
   */
  listener(listener: NodeListener, route?: RouteOf): NodeListener;
  /** Measures a server that exists. Returns a function that ends it. */
  watch(server: NodeServerLike, route?: RouteOf): () => void;
  /**
   * Measures each `node:http` and `node:https` server of the process, those of frameworks too; on Bun none, with a log line.
   * Returns a function that ends it.
   */
  everyServer(route?: RouteOf): () => void;
}

const recorders = { semconv: recordSemconvNames, 'fastify-metrics': recordFastifyMetricsNames } as const;

/** What marks a response that a bridge measures under its names. */
const marks = new WeakMap<Bridge, Map<string, symbol>>();

/**
 * Counts and times the requests of a server on a bridge, by the template of their route and never by their path. What no route
 * matches is one series; an unknown method is `_OTHER`. Each request counts once, when its response has left or its connection
 * has closed.
 * @throws OPTION_INVALID, CONTRACT_CONFLICT if an earlier call has other labels
 */
export function httpServerMetrics<const L extends Labels = NoLabels>(
  bridge: Bridge,
  options: HttpServerMetricsOptions<L> = {},
): HttpServerMetrics {
  checkBridge(bridge, 'httpServerMetrics()');
  checkOptions('OPTION_INVALID', options, 'httpServerMetrics', httpRules satisfies OptionRules<HttpServerMetricsOptions>);
  checkOwnLabels(options.labels, options.values);
  const chosen = options.names ?? 'semconv';
  const tracker = createTracker({
    recording: recorders[chosen](bridge, options.labels ?? {}),
    followed: markOf(bridge, chosen),
    skips: skipping(options.skip, options.healthChecks ?? true),
    own: options.values as ((request: IncomingMessage, response: ServerResponse) => OwnValues) | undefined,
    sizes: chosen === 'semconv',
    unmatched: options.unmatched ?? true,
  });
  const express = expressMiddleware(tracker);
  let isWatched = false;
  return Object.freeze<HttpServerMetrics>({
    fastify: fastifyPlugin(tracker, chosen === 'semconv'),
    get express() {
      const log = openedBridge(bridge)?.log;
      if (!isWatched && log !== undefined) watchOrder(express, log);
      isWatched = true;
      return express;
    },
    hono: honoMiddleware(tracker),
    listener: (listener, route) => wrapListener(tracker, listener, route),
    watch: (server, route) => watchServer(tracker, server, route),
    everyServer(route) {
      const line = unannounced();
      if (line !== undefined) openedBridge(bridge)?.log(line);
      return watchEveryServer(tracker, route);
    },
  });
}

function markOf(bridge: Bridge, names: string): symbol {
  const ofBridge = marks.get(bridge) ?? new Map<string, symbol>();
  marks.set(bridge, ofBridge);
  const mark = ofBridge.get(names) ?? Symbol(`meterbridge.http.${names}`);
  ofBridge.set(names, mark);
  return mark;
}

publicFunctions(httpServerMetrics);
