/** Requests over HTTP and calls over gRPC, and where the answers differ. */
import type { OutgoingHttpHeaders } from 'node:http2';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { frame } from '../../collector/receivers/otlp/grpc-client.ts';
import type { Sent } from '../../collector/receivers/otlp/http-client.ts';

/** What of an answer is compared; `code` is that of the `Status`, where the body is one. */
export interface HttpAnswer {
  readonly status: number;
  readonly type: string | undefined;
  readonly code: number | undefined;
  /** The body, where it is text or a success. */
  readonly body: string | undefined;
}

/** What of an answer is each one's own; `heading` and `norm` as in `Difference`. */
export interface Differs<Answer> {
  readonly heading: string;
  readonly norm: string;
  readonly collector: Partial<Answer>;
  readonly service: Partial<Answer>;
}

export interface HttpCase {
  readonly sent: Sent;
  readonly differs?: Differs<HttpAnswer>;
}

const json = { 'content-type': 'application/json' };
const protobuf = { 'content-type': 'application/x-protobuf' };
const point =
  '{"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"name":"answers","gauge":{"dataPoints":[{"asInt":"1","timeUnixNano":"1"}]}}]}]}]}';
const large = JSON.stringify({ x: 'y'.repeat(1_100_000) });
const encoded = (encoding: string, body: Uint8Array | string): Sent => ({ headers: { ...json, 'content-encoding': encoding }, body });

const whole = { heading: 'Success without `partial_success`', norm: 'The server MUST leave the `partial_success` field unset' };
const jsonTaken = { ...whole, collector: { body: '{"partialSuccess":{}}' }, service: { body: '{}' } };
const protobufTaken = { ...whole, collector: { body: '\n\u0000' }, service: { body: '' } };
const anyError = 'The response body for all `HTTP 4xx` and `HTTP 5xx` responses MUST be a Protobuf-encoded Status message';
const tooLarge = {
  heading: 'Bodies that are too large',
  norm: 'the request content is larger than the server is willing or able to process',
  collector: { status: 400, code: 3 },
  service: { status: 413, code: 8 },
};
const statusOf = (code: number, type: string, body: string, plain = 'text/plain') => ({
  heading: 'Every error has a Status',
  norm: anyError,
  collector: { type: plain, code: undefined, body },
  service: { type, code, body: undefined },
});

export const httpCases: Readonly<Record<string, HttpCase>> = {
  'JSON, a point': { sent: { headers: json, body: point }, differs: jsonTaken },
  'JSON, empty': { sent: { headers: json, body: '{}' }, differs: jsonTaken },
  'JSON, with a charset': { sent: { headers: { 'content-type': 'application/json; charset=utf-8' }, body: '{}' }, differs: jsonTaken },
  'JSON, unknown fields': { sent: { headers: json, body: '{"a":[{"b":null}],"resourceMetrics":[]}' }, differs: jsonTaken },
  'JSON, cut off': { sent: { headers: json, body: point.slice(0, -5) } },
  'JSON, no body': { sent: { headers: json, body: '' } },
  'JSON, another type': { sent: { headers: json, body: '{"resourceMetrics":5}' } },
  'JSON, a list': { sent: { headers: json, body: '[]' } },
  'protobuf, empty': { sent: { headers: protobuf, body: '' }, differs: protobufTaken },
  'protobuf, unknown fields (xxxx)': { sent: { headers: protobuf, body: 'xxxx' }, differs: protobufTaken },
  'protobuf, cut off (xxx)': { sent: { headers: protobuf, body: 'xxx' } },
  'protobuf, JSON within': { sent: { headers: protobuf, body: point } },
  gzip: { sent: encoded('gzip', gzipSync(point)), differs: jsonTaken },
  zstd: { sent: encoded('zstd', zstdCompressSync(point)), differs: jsonTaken },
  deflate: { sent: encoded('deflate', deflateSync(point)), differs: jsonTaken },
  zlib: { sent: encoded('zlib', deflateSync(point)), differs: jsonTaken },
  'deflate without zlib': { sent: encoded('deflate', deflateRawSync(point)) },
  'gzip, broken': { sent: encoded('gzip', 'no gzip') },
  'gzip, cut off': { sent: encoded('gzip', gzipSync(point).subarray(0, -9)) },
  br: { sent: encoded('br', brotliCompressSync(point)) },
  identity: {
    sent: encoded('identity', point),
    differs: {
      heading: 'The encoding `identity`',
      norm: 'ours',
      collector: { status: 400, code: 3, body: undefined },
      service: { status: 200, code: undefined, body: '{}' },
    },
  },
  'an encoding that nobody has': { sent: encoded('x', point) },
  'too large': { sent: { headers: json, body: large }, differs: tooLarge },
  'too large once decompressed': { sent: encoded('gzip', gzipSync(large)), differs: tooLarge },
  'another content type': { sent: { headers: { 'content-type': 'text/plain' }, body: point } },
  'no content type': { sent: { body: point } },
  GET: { sent: { method: 'GET' } },
  'PUT, JSON': {
    sent: { method: 'PUT', headers: json, body: point },
    differs: statusOf(12, 'application/json', '405 method not allowed, supported: [POST]'),
  },
  'another path': { sent: { path: '/v1/metric', body: point } },
  traces: {
    sent: { path: '/v1/traces', headers: json, body: '{}' },
    differs: statusOf(5, 'application/json', '404 page not found\n', 'text/plain; charset=utf-8'),
  },
  'a query behind the path': { sent: { path: '/v1/metrics?a=b', headers: json, body: '{}' }, differs: jsonTaken },
};

export interface GrpcAnswer {
  readonly status: number;
  readonly grpcStatus: number | undefined;
  /** Without its frame, uncompressed. */
  readonly body: string;
}

export interface GrpcCase {
  readonly headers?: OutgoingHttpHeaders;
  readonly body: Uint8Array;
  readonly differs?: Differs<GrpcAnswer>;
}

const nothing = Buffer.alloc(0);
const framed = frame(nothing);
const grpc = (norm: string, collector: Partial<GrpcAnswer>, service: Partial<GrpcAnswer>) => ({
  heading: 'Codes over gRPC',
  norm,
  collector,
  service,
});
const grpcTaken = { ...whole, collector: { body: '\n\0' }, service: { body: '' } };

export const grpcCases: Readonly<Record<string, GrpcCase>> = {
  empty: { body: framed, differs: grpcTaken },
  'application/grpc+proto': { headers: { 'content-type': 'application/grpc+proto' }, body: framed, differs: grpcTaken },
  gzip: { headers: { 'grpc-encoding': 'gzip' }, body: frame(gzipSync(nothing), 1), differs: grpcTaken },
  'gzip, not compressed': { headers: { 'grpc-encoding': 'gzip' }, body: framed, differs: grpcTaken },
  'gzip, broken': { headers: { 'grpc-encoding': 'gzip' }, body: frame(Buffer.from('no gzip'), 1) },
  'compressed without an encoding': { body: frame(gzipSync(nothing), 1) },
  'an encoding that nobody has': { headers: { 'grpc-encoding': 'x' }, body: frame(nothing, 1) },
  unreadable: { body: frame(Buffer.from('xxx')), differs: grpc('ours', { grpcStatus: 13 }, { grpcStatus: 3 }) },
  'no message': { body: nothing, differs: grpc('ours', { grpcStatus: 2 }, { grpcStatus: 13 }) },
  'two messages': {
    body: Buffer.concat([framed, framed]),
    differs: grpc('ours', { grpcStatus: 0, body: '\n\0' }, { grpcStatus: 13, body: '' }),
  },
  'a message cut off': { body: frame(Buffer.from('xxxx'), 0, 9), differs: grpc('ours', { grpcStatus: 2 }, { grpcStatus: 13 }) },
  'too large': { body: frame(Buffer.alloc(1_100_000)) },
  'too large once decompressed': { headers: { 'grpc-encoding': 'gzip' }, body: frame(gzipSync(Buffer.alloc(1_100_000)), 1) },
  'another method': { headers: { ':path': '/opentelemetry.proto.collector.metrics.v1.MetricsService/Import' }, body: framed },
  'another service': { headers: { ':path': '/opentelemetry.proto.collector.trace.v1.TraceService/Export' }, body: framed },
  'another content type': {
    headers: { 'content-type': 'application/json' },
    body: framed,
    differs: grpc('ours', { grpcStatus: 3 }, { grpcStatus: undefined }),
  },
  GET: { headers: { ':method': 'GET' }, body: nothing, differs: grpc('ours', { grpcStatus: 13 }, { grpcStatus: undefined }) },
};

/** For docs/collector-differences.md. */
export const answerDifferences = [...Object.values(httpCases), ...Object.values(grpcCases)].flatMap(({ differs }) =>
  differs === undefined ? [] : [{ heading: differs.heading, norm: differs.norm }],
);
