/** The keys of the exporter `prometheus`. */
import {
  address,
  duration,
  flag,
  type Infer,
  map,
  notSupported,
  oneOf,
  section,
  text,
  withoutEffect,
} from '../../../core/config/schema/index.ts';
import { defaultStrategy, strategies } from '../../../core/naming/index.ts';
import { checkTransport } from '../../../net/listen/transport.ts';
import { httpServerKeys } from '../../http-server-keys.ts';

/** There is no default: it is that of the documentation. */
const usualAddress = 'localhost:8889';

export const prometheusSchema = section(
  {
    /** Beyond loopback too: such an address is intentional. The path is `/metrics`. */
    endpoint: address({ example: usualAddress, orPath: true }),
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
    /** With the last two names are any UTF-8, for scrapers that ask for it; others get them escaped. */
    translation_strategy: oneOf(strategies, { default: defaultStrategy }),
    add_metric_suffixes: withoutEffect(flag({ default: true }), 'the Collector ignores it too; write translation_strategy'),
    ...httpServerKeys,
    sending_queue: notSupported('leave it out: values are applied at once'),
  },
  checkTransport(usualAddress),
);

export type PrometheusSettings = Infer<typeof prometheusSchema>;
