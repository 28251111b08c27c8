import {
  address,
  type Infer,
  notSupported,
  optional,
  raw,
  section,
  text,
  withoutEffect,
} from '../../../core/config/schema/index.ts';
import { checkTransport } from '../../../net/listen/transport.ts';
import { httpServerKeys } from '../../http-server-keys.ts';

/** The keys of the extension `health_check`. */
export const healthCheckSchema = section(
  {
    endpoint: address({ default: 'localhost:13133', orPath: true }),
    /** The only path; `/`: every path. */
    path: text({ default: '/', example: 'write /', check: (path) => (path.startsWith('/') ? undefined : 'it begins with /') }),
    /** Replace the usual bodies. */
    response_body: optional(section({ healthy: text({ default: '' }), unhealthy: text({ default: '' }) })),
    check_collector_pipeline: withoutEffect(raw(), 'nothing is checked, as in the Collector'),
    http: notSupported(),
    grpc: notSupported(),
    component_health: notSupported(),
    ...httpServerKeys,
  },
  checkTransport('localhost:13133'),
);

export type HealthCheckSettings = Infer<typeof healthCheckSchema>;
