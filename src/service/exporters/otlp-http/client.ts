/** The exporter's settings, in the form for the OTLP/HTTP client. */
import manifest from '../../../../package.json' with { type: 'json' };
import { maxDelayMs } from '../../../core/node/within.ts';
import type { SettingNames } from '../../../net/otlp-client/answers/failure.ts';
import type { ClientSettings } from '../../../net/otlp-client/client-settings.ts';
import { backOffOf } from '../../queue/back-off-of.ts';
import { compressionOf } from './compression.ts';
import type { OtlpHttpSettings } from './config.ts';
import { createProxyOf } from './proxy-of.ts';
import type { ServicePosterOptions } from './service-poster.ts';

/** The longest `Retry-After` that counts: a receiver cannot stop the exporter for longer, by mistake or on purpose. */
const maxRetryAfterMs = 600_000;

export function clientOf(
  id: string,
  settings: OtlpHttpSettings,
  retrying: NonNullable<ClientSettings['retrying']>,
): ClientSettings {
  const { timeout } = settings;
  return {
    url: urlOf(settings),
    headers: { 'user-agent': `Meterbridge-OTLP-Exporter-JavaScript/${manifest.version}`, ...headersOf(settings) },
    encoding: settings.encoding === 'json' ? 'json' : 'protobuf',
    compression: compressionOf(settings),
    retry: { ...backOffOf(settings.retry_on_failure), maxRetryAfterMs },
    names: namesOf(id),
    attemptMs: timeout === 0 ? maxDelayMs : Math.min(timeout, maxDelayMs),
    retrying,
  };
}

export function connectionsOf(
  settings: OtlpHttpSettings,
): Pick<ServicePosterOptions, 'keepAlive' | 'maxIdle' | 'idleMs' | 'proxyOf'> {
  const { disable_keep_alives: disabled, max_idle_conns: most, idle_conn_timeout: idle, proxy_url: proxy } = settings;
  return {
    keepAlive: !disabled,
    maxIdle: most === 0 ? Number.MAX_SAFE_INTEGER : most,
    idleMs: idle > 0 ? Math.min(idle, maxDelayMs) : maxDelayMs,
    proxyOf: createProxyOf(proxy, process.env),
  };
}

/** As in the Collector, a slash at the end of the endpoint stands for the one before `v1`. */
function urlOf({ endpoint = '', metrics_endpoint: asIs }: OtlpHttpSettings): string {
  return asIs ?? (endpoint.endsWith('/') ? `${endpoint}v1/metrics` : `${endpoint}/v1/metrics`);
}

/** In lower case, so that none is sent beside one of the client's own. */
function headersOf({ headers }: OtlpHttpSettings): Record<string, string> {
  return Object.fromEntries([...headers].map(([name, value]) => [name.toLowerCase(), value]));
}

function namesOf(id: string): SettingNames {
  const key = (name: string) => `exporters.${id}.${name}`;
  return {
    endpoint: key('endpoint'),
    metricsEndpoint: key('metrics_endpoint'),
    headers: key('headers'),
    encoding: key('encoding'),
    compression: key('compression'),
    timeout: key('timeout'),
    interval: 'what the senders wait between two exports',
    authorities: 'NODE_EXTRA_CA_CERTS',
  };
}
