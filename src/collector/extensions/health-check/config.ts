import { address, flag, type Infer, notSupported, section, text, wholeNumber, withoutEffect } from '../../../config/schema/index.ts';

const later = notSupported('leave it out, and put a reverse proxy before the extension where you need it');

/** The keys of the extension `health_check`. */
export const healthCheckSchema = section({
  endpoint: address({ default: 'localhost:13133' }),
  /** The only path; `/`: every path. */
  path: text({ default: '/', example: 'write /', check: (path) => (path.startsWith('/') ? undefined : 'it begins with /') }),
  /** In place of the usual bodies. */
  response_body: section({ healthy: text({ default: '' }), unhealthy: text({ default: '' }) }),
  check_collector_pipeline: withoutEffect(
    section({
      enabled: flag({ default: false }),
      interval: text({ default: '5m' }),
      exporter_failure_threshold: wholeNumber({ default: 5 }),
    }),
    'nothing is checked, as in the Collector',
  ),
  tls: later,
  auth: later,
  cors: later,
  response_headers: later,
});

export type HealthCheckSettings = Infer<typeof healthCheckSchema>;
