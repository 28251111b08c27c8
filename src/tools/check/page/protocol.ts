/** The formats by Prometheus' names for them, and what Prometheus sends to get each. */
import type { ObservedFormat } from '../observed.ts';

/** Of Prometheus' `scrape_protocols`: https://prometheus.io/docs/prometheus/latest/configuration/configuration/#scrape_config */
export const scrapeProtocols = ['OpenMetricsText1.0.0', 'PrometheusText0.0.4', 'PrometheusProto'] as const;

export type ScrapeProtocol = (typeof scrapeProtocols)[number];
export type PageFormat = Exclude<ObservedFormat, 'otlp'>;

export const formatOf: Readonly<Record<ScrapeProtocol, PageFormat>> = {
  'OpenMetricsText1.0.0': 'openmetrics',
  'PrometheusText0.0.4': 'text',
  PrometheusProto: 'protobuf',
};

/**
 * `Accept` of Prometheus 3 with this protocol as its only one: its weights begin at one more than the number of protocols that it
 * knows.
 */
export const acceptOf: Readonly<Record<ScrapeProtocol, string>> = {
  'OpenMetricsText1.0.0': 'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,*/*;q=0.5',
  'PrometheusText0.0.4': 'text/plain;version=0.0.4;q=0.6,*/*;q=0.5',
  PrometheusProto: 'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.6,*/*;q=0.5',
};

const formats: Readonly<Record<string, PageFormat>> = {
  'application/openmetrics-text': 'openmetrics',
  'text/plain': 'text',
  'application/vnd.google.protobuf': 'protobuf',
};

/** The format that Prometheus 3 reads a content type as; undefined where it rejects the response for it. */
export function formatOfType(contentType: string | undefined): PageFormat | undefined {
  const [type = ''] = (contentType ?? '').split(';', 1);
  return formats[type.trim().toLowerCase()];
}
