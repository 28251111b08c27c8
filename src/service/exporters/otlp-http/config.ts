/** The keys of the exporter `otlp_http`. */
import {
  type Checker,
  duration,
  flag,
  type Infer,
  notSupported,
  oneOf,
  optional,
  secretPairs,
  section,
  text,
  url,
  wholeNumber,
  withoutEffect,
} from '../../../core/config/schema/index.ts';
import { auth } from '../../guard/auth.ts';
import { clientTls } from '../../guard/tls-keys.ts';
import { retryOnFailure, sendingQueue } from '../../queue/config.ts';

const onlyMetrics = withoutEffect(text({ default: '' }), 'only metrics are sent');
const buffers = withoutEffect(wholeNumber({ default: 0 }), 'Node.js sizes its buffers itself');
const http1 = 'requests are sent over HTTP/1.1';
/** zlib's own default takes 2 to 6 times as long. */
const fastest = 1;

export const otlpHttpSchema = section(
  {
    /** `/v1/metrics` is appended. */
    endpoint: optional(url()),
    /** Used as it is. */
    metrics_endpoint: optional(url()),
    traces_endpoint: onlyMetrics,
    logs_endpoint: onlyMetrics,
    profiles_endpoint: onlyMetrics,
    encoding: oneOf(['proto', 'json'], { default: 'proto' }),
    compression: oneOf(['gzip', 'zstd', 'deflate', 'zlib', 'none', ''], {
      default: 'gzip',
      notSupported: ['snappy', 'x-snappy-framed', 'lz4'],
    }),
    /** 0: the default. For gzip, deflate and zlib from 1 to 9, and 1 by default; for zstd from 1 to 22. */
    compression_params: section({ level: wholeNumber({ default: 0, min: -2, max: 22 }) }),
    headers: secretPairs(),
    /** For one attempt; 0: no limit. */
    timeout: duration({ default: '30s' }),
    tls: clientTls,
    auth,
    /** Of an HTTP proxy; an `https` endpoint is reached through it by CONNECT. */
    proxy_url: optional(url()),
    max_idle_conns: wholeNumber({ default: 100 }),
    /** 0: no limit. */
    idle_conn_timeout: duration({ default: '90s' }),
    disable_keep_alives: flag({ default: false }),
    max_idle_conns_per_host: withoutEffect(wholeNumber({ default: 0 }), 'there is one host; max_idle_conns counts'),
    max_conns_per_host: withoutEffect(wholeNumber({ default: 0 }), 'sending_queue.num_consumers limits the connections'),
    read_buffer_size: buffers,
    write_buffer_size: buffers,
    http2_read_idle_timeout: withoutEffect(duration({ default: '0s' }), http1),
    http2_ping_timeout: withoutEffect(duration({ default: '0s' }), http1),
    force_attempt_http2: withoutEffect(flag({ default: true }), http1),
    cookies: notSupported('leave it out: a receiver of OTLP sets no cookies'),
    middlewares: notSupported(),
    retry_on_failure: retryOnFailure,
    sending_queue: sendingQueue,
  },
  (settings, on) => {
    // One that is wrong was reported.
    if (
      settings.endpoint === undefined &&
      settings.metrics_endpoint === undefined &&
      !on.has('endpoint') &&
      !on.has('metrics_endpoint')
    )
      on.refuse('endpoint', 'nothing', 'it is required', 'write http://localhost:4318');
    checkLevel(settings.compression, settings.compression_params.level, on);
  },
);

export type OtlpHttpSettings = Infer<typeof otlpHttpSchema>;

/** 0 and -1 are the default of either. */
export function levelOf({ compression, compression_params: { level } }: OtlpHttpSettings): number | undefined {
  if (level > 0 || level === -2) return level;
  return compression === 'zstd' ? undefined : fastest;
}

function checkLevel(compression: string, level: number, on: Checker): void {
  const most = { gzip: 9, deflate: 9, zlib: 9, zstd: 22 }[compression];
  if (most === undefined || level <= most) return;
  on.refuse(
    'compression_params.level',
    String(level),
    `it is from 1 to ${most} for ${compression}`,
    'write 1, which is the fastest',
  );
}
