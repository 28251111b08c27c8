/** `meterbridge/fastify`: metrics, access rules and the access log on your Fastify app. Imports only Fastify's types. */
import './node/supported.ts';

export { fastifyAnyTarget, fastifyGuard, fastifyGuardAll } from './fastify/guard.ts';
export { type FastifyHttpOptions, type FastifyMetricsOptions, fastifyMetrics, type MetricsSource } from './fastify/metrics.ts';
export { fastifyRequestLog } from './fastify/request-log.ts';
