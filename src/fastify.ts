/** `meterbridge/fastify`: metrics on a Fastify app that exists already. Fastify itself is not loaded from here, only its types. */
import type { FastifyPluginAsync } from 'fastify';
import type { Handler } from './http/exchange.ts';
import { addHandlerRoute } from './http/fastify.ts';

export interface FastifyMetricsOptions {
  /** Where the metrics stand, below the prefix of the surrounding plugin. Default: `/metrics`. */
  readonly path?: string;
}

/**
 * A Fastify plugin that serves a bridge (or a bare handler): `app.register(fastifyMetrics(bridge))`. The app's own hooks run
 * ahead of it.
 */
export function fastifyMetrics(source: Handler | { readonly scrape: Handler }, options: FastifyMetricsOptions = {}): FastifyPluginAsync {
  const handler = typeof source === 'function' ? source : source.scrape;
  const path = options.path ?? '/metrics';
  return async function meterbridgeMetrics(app) {
    addHandlerRoute(app, path, handler);
  };
}
