/** The keys of the receiver `otlp`. */
import {
  address,
  duration,
  flag,
  type Infer,
  list,
  notSupported,
  oneOf,
  optional,
  section,
  text,
  wholeNumber,
  withoutEffect,
} from '../../../core/config/schema/index.ts';
import { checkTransport, transport } from '../../../net/listen/transport.ts';
import { auth, httpAuth } from '../../guard/auth.ts';
import { cors, responseHeaders } from '../../guard/cors.ts';
import { serverTls } from '../../guard/tls-keys.ts';

const mib = 1_048_576;
const defaultBodyBytes = 20 * mib;
const defaultMessageMib = 4;

const otherPath = withoutEffect(text({ default: '', check: pathRule }), 'only metrics are received here');
const noMetadata = withoutEffect(flag({ default: false }), 'no component here reads client metadata of requests');
const buffers = withoutEffect(wholeNumber({ default: 0 }), 'Node.js sizes its buffers itself');

const dialer = withoutEffect(section({ timeout: duration({ default: '0s' }) }), 'it is about connections that a component opens');

/** Encodings that the Collector takes, and this receiver does not. */
const lacking: readonly string[] = ['snappy', 'x-snappy-framed', 'lz4'];

const http = section(
  {
    endpoint: address({ default: 'localhost:4318', orPath: true }),
    transport,
    dialer,
    /** Bytes, before and after decompression; 0 is the default. */
    max_request_body_size: wholeNumber({ default: defaultBodyBytes }),
    metrics_url_path: text({ default: '/v1/metrics', example: 'write /v1/metrics', check: pathRule }),
    /** 0: a whole request has 60 s. */
    read_timeout: duration({ default: '0s' }),
    /** 0: as `read_timeout`. */
    read_header_timeout: duration({ default: '0s' }),
    /** From a request's headers to the end of its response. 0: no limit. */
    write_timeout: duration({ default: '0s' }),
    /** How long a connection waits for its next request. 0: no limit. */
    idle_timeout: duration({ default: '0s' }),
    keep_alives_enabled: flag({ default: true }),
    include_metadata: noMetadata,
    tls: serverTls,
    auth: httpAuth,
    cors,
    response_headers: responseHeaders,
    /** The supported encodings of bodies; an empty string means none. Absent: every one that there is. */
    compression_algorithms: optional(list(oneOf(['', 'gzip', 'zstd', 'zlib', 'deflate', 'snappy', 'x-snappy-framed', 'lz4']))),
    middlewares: notSupported(),
    traces_url_path: otherPath,
    logs_url_path: otherPath,
  },
  (settings, on) => {
    checkTransport('localhost:4318')(settings, on);
    const { compression_algorithms: given = [] } = settings;
    for (const one of given.filter((name) => lacking.includes(name)))
      on.warn('compression_algorithms', `${one} is not supported here`);
  },
);

/** 0: no limit, but for `time` (2 h) and `timeout` (20 s), as in gRPC for Go. */
const serverParameters = section({
  max_connection_idle: duration({ default: '0s' }),
  max_connection_age: duration({ default: '0s' }),
  max_connection_age_grace: duration({ default: '0s' }),
  time: duration({ default: '2h' }),
  timeout: duration({ default: '20s' }),
});

const grpc = section(
  {
    endpoint: address({ default: 'localhost:4317', orPath: true }),
    transport,
    dialer,
    /** Of a message, before and after decompression; 0 is the default. */
    max_recv_msg_size_mib: wholeNumber({ default: defaultMessageMib }),
    keepalive: section({
      server_parameters: serverParameters,
      enforcement_policy: withoutEffect(
        section({ min_time: duration({ default: '5m' }), permit_without_stream: flag({ default: false }) }),
        'Node.js responds to every ping, and ends a connection that sends too many at once',
      ),
    }),
    max_concurrent_streams: withoutEffect(wholeNumber({ default: 0 }), 'a connection takes 100 calls at a time'),
    read_buffer_size: buffers,
    write_buffer_size: buffers,
    include_metadata: noMetadata,
    tls: serverTls,
    auth,
    middlewares: notSupported(),
  },
  checkTransport('localhost:4317'),
);

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

/** Undefined: all that there are. */
export function encodings({ compression_algorithms: given }: HttpSettings): ReadonlySet<string> | undefined {
  return given && new Set(given.filter((one) => !lacking.includes(one)));
}

/** As the Collector, a path without its first slash gets one. */
export function metricsPath({ metrics_url_path: path }: HttpSettings): string {
  return path.startsWith('/') ? path : `/${path}`;
}

function pathRule(path: string): string | undefined {
  return /^[^\s?#]+$/.test(path) ? undefined : 'it is a path without spaces, ? or #';
}
