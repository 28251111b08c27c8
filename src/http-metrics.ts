/**
 * `meterbridge/http-metrics`: time, size and status of HTTP requests, for Fastify, Express, Hono and `node:http`. It imports none
 * of them.
 */
import './core/node/supported.ts';

export {
  type HttpServerMetrics,
  type HttpServerMetricsOptions,
  httpServerMetrics,
} from './library/http-metrics/http-server-metrics.ts';
