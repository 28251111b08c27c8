/** The keys of the exporter `prometheus`. */
import {
  address,
  duration,
  flag,
  type Infer,
  list,
  map,
  notSupported,
  oneOf,
  section,
  text,
  wholeNumber,
  withoutEffect,
} from '../../../config/schema/index.ts';

const proxy = notSupported('leave it out, and put a reverse proxy before the exporter where you need it');
const timeout = withoutEffect(duration({ default: '0s' }), 'the listener has time limits of its own');

export const prometheusSchema = section({
  /** Beyond loopback too: whoever writes such an address means it. The path is `/metrics`. */
  endpoint: address(),
  /** Ahead of all names, with an underscore. */
  namespace: text({ default: '', example: 'write acme' }),
  const_labels: map(text()),
  send_timestamps: flag({ default: false }),
  /** How long a series is shown after its last point. */
  metric_expiration: duration({ default: '5m' }),
  resource_to_telemetry_conversion: section({
    enabled: flag({ default: false }),
    exclude_service_attributes: flag({ default: false }),
  }),
  /** Exemplars and units are shown in OpenMetrics only. */
  enable_open_metrics: flag({ default: false }),
  without_scope_info: flag({ default: false }),
  translation_strategy: oneOf(['UnderscoreEscapingWithSuffixes', 'UnderscoreEscapingWithoutSuffixes'], {
    default: 'UnderscoreEscapingWithSuffixes',
    notSupported: ['NoUTF8EscapingWithSuffixes', 'NoTranslation'],
  }),
  add_metric_suffixes: withoutEffect(flag({ default: true }), 'the Collector ignores it too; write translation_strategy'),
  transport: text({
    default: 'tcp',
    example: 'write tcp, or leave it out',
    check: (value) => (value === 'tcp' ? undefined : 'it is tcp here'),
  }),
  dialer: withoutEffect(section({ timeout: duration({ default: '0s' }) }), 'the exporter calls nobody'),
  include_metadata: withoutEffect(flag({ default: false }), 'no component here reads what a request says about its client'),
  max_request_body_size: withoutEffect(wholeNumber({ default: 0 }), 'a scrape has no body'),
  compression_algorithms: withoutEffect(list(text()), 'a scrape has no body'),
  read_timeout: timeout,
  read_header_timeout: timeout,
  write_timeout: timeout,
  idle_timeout: timeout,
  keep_alives_enabled: withoutEffect(flag({ default: true }), 'connections are kept'),
  tls: proxy,
  auth: proxy,
  cors: proxy,
  response_headers: proxy,
  middlewares: notSupported(),
  sending_queue: notSupported('leave it out: values are taken at once'),
});

export type PrometheusSettings = Infer<typeof prometheusSchema>;
