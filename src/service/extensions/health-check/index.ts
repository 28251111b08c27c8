import type { ExtensionFactory } from '../../component.ts';
import { needsOf } from '../../guard/auth.ts';
import { type HealthCheckSettings, healthCheckSchema } from './config.ts';
import { createHealthCheck } from './create.ts';

/** Reports over HTTP whether the service works. */
export const healthCheckExtension: ExtensionFactory<HealthCheckSettings> = Object.freeze({
  kind: 'extension',
  type: 'health_check',
  schema: healthCheckSchema,
  create: createHealthCheck,
  listens: ({ endpoint }: HealthCheckSettings) => [{ key: 'endpoint', address: endpoint }],
  needs: ({ auth }: HealthCheckSettings) => needsOf(auth),
});
