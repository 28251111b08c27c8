/** `meterbridge/fastify`: metrics, access rules and the access log on your Fastify app. Imports only Fastify's types. */
import './core/node/supported.ts';

export { fastifyAnyTarget, fastifyGuard, fastifyGuardAll } from './library/fastify/guard.ts';
export {
  type FastifyHttpOptions,
  type FastifyMetricsOptions,
  fastifyMetrics,
  type MetricsSource,
} from './library/fastify/metrics.ts';
export { fastifyRequestLog } from './library/fastify/request-log.ts';
