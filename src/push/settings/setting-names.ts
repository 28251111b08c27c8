/** What the settings of a push are called, for the fixes that a failure suggests. Where an option and a variable say the same, the variable: an operator reads it. */
import type { SettingNames } from '../answers/failure.ts';

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
