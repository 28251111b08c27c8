/**
 * The names of a push's settings in the fixes that a failure suggests. Where an option and a variable do the same, the variable,
 * because an operator reads the fix.
 */
import type { SettingNames } from '../../../net/otlp-client/answers/failure.ts';

export const settingNames: SettingNames = {
  endpoint: 'an endpoint',
  metricsEndpoint: 'a metrics endpoint',
  headers: 'OTEL_EXPORTER_OTLP_METRICS_HEADERS or the push option headers',
  encoding: 'the push option protocol',
  compression: 'the push option compression',
  timeout: 'OTEL_EXPORTER_OTLP_METRICS_TIMEOUT',
  interval: 'OTEL_METRIC_EXPORT_INTERVAL',
  authorities: 'OTEL_EXPORTER_OTLP_CERTIFICATE',
};
