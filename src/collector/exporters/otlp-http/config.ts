/** The keys of the exporter `otlp_http`. */
import {
  type Checker,
  duration,
  flag,
  type Infer,
  notSupported,
  number,
  oneOf,
  optional,
  secretPairs,
  section,
  text,
  url,
  wholeNumber,
  withoutEffect,
} from '../../../config/schema/index.ts';
import { missingPackage } from '../../../node/optional-packages.ts';
import { auth } from '../../guard/auth.ts';
import { clientTls } from '../../guard/tls-keys.ts';

const onlyMetrics = withoutEffect(text({ default: '' }), 'only metrics are sent');
const buffers = withoutEffect(wholeNumber({ default: 0 }), 'Node.js sizes its buffers itself');
const http1 = 'requests are sent over HTTP/1.1';
/** zlib's own default takes 2 to 6 times as long. */
const fastest = 1;

const retrySection = section(
  {
    enabled: flag({ default: true }),
    initial_interval: duration({ default: '5s' }),
    /** The share of a pause by which it is randomly shorter or longer. */
    randomization_factor: number({ default: 0.5, max: 1 }),
    /** Each pause is longer than the last by so much. */
    multiplier: number({ default: 1.5 }),
    max_interval: duration({ default: '30s' }),
    /** How long a request is tried; 0: for ever. */
    max_elapsed_time: duration({ default: '300s' }),
  },
  (settings, on) => {
    const { max_elapsed_time: most, initial_interval: first, max_interval: longest } = settings;
    if (!settings.enabled) return;
    if (most > 0 && most < first)
      on.refuse('max_elapsed_time', `${most} ms`, 'it is at least initial_interval', 'raise it, or write 0 to try for ever');
    else if (most > 0 && most < longest)
      on.refuse('max_elapsed_time', `${most} ms`, 'it is at least max_interval', 'raise it, or write 0 to try for ever');
  },
);

const batchSection = section(
  {
    /** How long points wait for others. */
    flush_timeout: duration({ default: '200ms' }),
    /** A request is sent once it has so much, in the unit of `sizer`. */
    min_size: wholeNumber({ default: 8_192 }),
    /** A request has at most so much; 0: no limit. */
    max_size: wholeNumber({ default: 0 }),
    /** Absent: the queue's, which then is no count of requests, or `items`. */
    sizer: optional(oneOf(['items', 'bytes'], { refused: { requests: 'a request of its own has no size in requests' } })),
    partition: section({ metadata_keys: notSupported('leave it out: nothing here reads what a request says about its client') }),
  },
  ({ flush_timeout: wait, min_size: least, max_size: most }, on) => {
    if (wait <= 0) on.refuse('flush_timeout', '0s', 'it is longer than 0s', 'write 200ms');
    if (most > 0 && most < least) on.refuse('max_size', String(most), `it is at least min_size, which is ${least}`, 'raise it, or write 0');
  },
);

const queueSection = section(
  {
    enabled: flag({ default: true }),
    /** How much may wait or be on its way, in the unit of `sizer`. */
    queue_size: wholeNumber({ default: 1_000, min: 1 }),
    /** `items` are points; `bytes` are those of protobuf, before compression. */
    sizer: oneOf(['requests', 'items', 'bytes'], { default: 'requests' }),
    /** Requests that are sent at a time. */
    num_consumers: wholeNumber({ default: 10, min: 1, max: 1_000 }),
    /** Senders wait where the queue is full. */
    block_on_overflow: flag({ default: false }),
    /** Senders wait until their points were sent. */
    wait_for_result: flag({ default: false }),
    /** Absent: each request is sent as it came. */
    batch: optional(batchSection),
    storage: notSupported('leave it out: what waits is in memory'),
  },
  ({ queue_size: size, sizer, batch }, on) => {
    if (batch === undefined) return;
    if (batchSizer(batch.sizer, sizer) === sizer && batch.min_size > size)
      on.refuse('batch.min_size', String(batch.min_size), `it is at most queue_size, which is ${size}`, 'lower it, or raise queue_size');
  },
  // Beside a sizer of the queue that is written, the Collector does not take the default.
  ({ batch, ...rest }) => (batch === undefined ? rest : { ...rest, batch: { ...batch, sizer: batchSizer(batch.sizer, rest.sizer) } }),
);

/** The unit in which requests are put together. */
export function batchSizer(own: 'items' | 'bytes' | undefined, ofQueue: 'requests' | 'items' | 'bytes'): 'items' | 'bytes' {
  return own ?? (ofQueue === 'requests' ? 'items' : ofQueue);
}

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
    retry_on_failure: retrySection,
    sending_queue: queueSection,
  },
  (settings, on) => {
    // One that is wrong was reported.
    if (settings.endpoint === undefined && settings.metrics_endpoint === undefined && !on.has('endpoint') && !on.has('metrics_endpoint'))
      on.refuse('endpoint', 'nothing', 'it is required', 'write http://localhost:4318');
    checkLevel(settings.compression, settings.compression_params.level, on);
    const missing = missingPackage('undici');
    if (missing !== undefined) on.refuse('', 'a section', missing.rule, missing.fix);
  },
);

export type OtlpHttpSettings = Infer<typeof otlpHttpSchema>;
export type QueueSettings = OtlpHttpSettings['sending_queue'];
export type RetrySettings = OtlpHttpSettings['retry_on_failure'];

/** 0 and -1 are the default of either. */
export function levelOf({ compression, compression_params: { level } }: OtlpHttpSettings): number | undefined {
  if (level > 0 || level === -2) return level;
  return compression === 'zstd' ? undefined : fastest;
}

function checkLevel(compression: string, level: number, on: Checker): void {
  const most = { gzip: 9, deflate: 9, zlib: 9, zstd: 22 }[compression];
  if (most === undefined || level <= most) return;
  on.refuse('compression_params.level', String(level), `it is from 1 to ${most} for ${compression}`, 'write 1, which is the fastest');
}
