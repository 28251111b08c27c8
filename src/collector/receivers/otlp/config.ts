/** The keys of the receiver `otlp`. */
import {
  address,
  duration,
  flag,
  type Infer,
  notSupported,
  optional,
  section,
  text,
  wholeNumber,
  withoutEffect,
} from '../../../config/schema/index.ts';
import { auth, httpAuth } from '../../guard/auth.ts';
import { serverTls } from '../../guard/tls-keys.ts';

const mib = 1_048_576;
const defaultBodyBytes = 20 * mib;
const defaultMessageMib = 4;

const later = notSupported('leave it out, and put a reverse proxy before the receiver where you need it');
const onlyMetrics = notSupported('leave it out: only metrics are received here');
const noMetadata = withoutEffect(flag({ default: false }), 'no component here reads what a request says about its client');
const buffers = withoutEffect(wholeNumber({ default: 0 }), 'Node.js sizes its buffers itself');

const dialer = withoutEffect(section({ timeout: duration({ default: '0s' }) }), 'it is about connections that a component opens');

const http = section({
  endpoint: address({ default: 'localhost:4318' }),
  transport: tcp(),
  dialer,
  /** Bytes, before and after decompression; 0 is the default. */
  max_request_body_size: wholeNumber({ default: defaultBodyBytes }),
  metrics_url_path: text({ default: '/v1/metrics', example: 'write /v1/metrics', check: pathRule }),
  /** 0: a whole request has 60 s. */
  read_timeout: duration({ default: '0s' }),
  /** 0: as `read_timeout`. */
  read_header_timeout: duration({ default: '0s' }),
  /** From a request's headers to the end of its answer. 0: no limit. */
  write_timeout: duration({ default: '0s' }),
  /** How long a connection waits for its next request. 0: no limit. */
  idle_timeout: duration({ default: '0s' }),
  keep_alives_enabled: flag({ default: true }),
  include_metadata: noMetadata,
  tls: serverTls,
  auth: httpAuth,
  cors: later,
  response_headers: later,
  compression_algorithms: notSupported('leave it out: gzip, zstd, deflate and zlib are taken'),
  middlewares: notSupported(),
  traces_url_path: onlyMetrics,
  logs_url_path: onlyMetrics,
});

/** 0: no limit, but for `time` (2 h) and `timeout` (20 s), as in gRPC for Go. */
const serverParameters = section({
  max_connection_idle: duration({ default: '0s' }),
  max_connection_age: duration({ default: '0s' }),
  max_connection_age_grace: duration({ default: '0s' }),
  time: duration({ default: '2h' }),
  timeout: duration({ default: '20s' }),
});

const grpc = section({
  endpoint: address({ default: 'localhost:4317' }),
  transport: tcp(),
  dialer,
  /** Of a message, before and after decompression; 0 is the default. */
  max_recv_msg_size_mib: wholeNumber({ default: defaultMessageMib }),
  keepalive: section({
    server_parameters: serverParameters,
    enforcement_policy: withoutEffect(
      section({ min_time: duration({ default: '5m' }), permit_without_stream: flag({ default: false }) }),
      'Node.js answers every ping, and ends a connection that sends too many at once',
    ),
  }),
  max_concurrent_streams: withoutEffect(wholeNumber({ default: 0 }), 'a connection takes 100 calls at a time'),
  read_buffer_size: buffers,
  write_buffer_size: buffers,
  include_metadata: noMetadata,
  tls: serverTls,
  auth,
  middlewares: notSupported(),
});

export const otlpSchema = section({ protocols: section({ http: optional(http), grpc: optional(grpc) }) }, ({ protocols }, on) => {
  if (protocols.http === undefined && protocols.grpc === undefined)
    on.refuse('protocols', 'none', 'a receiver has at least one protocol', 'write protocols: with http: or grpc: below it');
});

export type OtlpSettings = Infer<typeof otlpSchema>;
export type HttpSettings = NonNullable<OtlpSettings['protocols']['http']>;
export type GrpcSettings = NonNullable<OtlpSettings['protocols']['grpc']>;

export function bodyBytes({ max_request_body_size: size }: HttpSettings): number {
  return size === 0 ? defaultBodyBytes : size;
}

export function messageBytes({ max_recv_msg_size_mib: size }: GrpcSettings): number {
  return (size === 0 ? defaultMessageMib : size) * mib;
}

/** As the Collector, a path without its first slash gets one. */
export function metricsPath({ metrics_url_path: path }: HttpSettings): string {
  return path.startsWith('/') ? path : `/${path}`;
}

function tcp() {
  return text({
    default: 'tcp',
    example: 'write tcp, or leave it out',
    check: (value) => (value === 'tcp' ? undefined : 'it is tcp here'),
  });
}

function pathRule(path: string): string | undefined {
  return /^[^\s?#]+$/.test(path) ? undefined : 'it is a path without spaces, ? or #';
}
