/** Requests over HTTP, and where the answers differ. */
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import type { Sent } from '../../service/receivers/otlp/http-client.ts';

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
const encoded = (encoding: string, body: Uint8Array | string): Sent => ({
  headers: { ...json, 'content-encoding': encoding },
  body,
});

export const whole = {
  heading: 'Success without `partial_success`',
  norm: 'The server MUST leave the `partial_success` field unset',
};
const elsewhere: Differs<HttpAnswer> = {
  heading: 'Requests for another host',
  norm: 'the request was directed at a server that is unable or unwilling to produce an authoritative response for the target URI',
  collector: { status: 200, code: undefined, body: '{"partialSuccess":{}}' },
  service: { status: 421, code: 3, body: undefined },
};
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

/** What only one of the two takes. `type`: of the Collector's answer, and of the service's. */
const refusedThere = (heading: string, norm: string): Differs<HttpAnswer> => ({
  heading,
  norm,
  collector: { status: 400, code: 3, body: undefined },
  service: { status: 200, code: undefined, body: '{}' },
});
const takenThere = (heading: string, norm: string): Differs<HttpAnswer> => ({
  heading,
  norm,
  collector: { status: 200, code: undefined, body: '{"partialSuccess":{}}' },
  service: { status: 400, code: 3, body: undefined },
});
const codings = 'Names of encodings';
const integers = 'Integers in JSON';
const noRequest = 'JSON that is no request';
const exponents = 'Exponent notation (such as `1e2`) is accepted in both quoted and unquoted forms';
const numbers = 'JSON value will be a number or one of the special string values "NaN", "Infinity", and "-Infinity"';
const jsonText = 'JSON-text = ws value ws';
const redirected: Differs<HttpAnswer> = {
  heading: 'Paths that are not in order',
  norm: 'ours',
  collector: { status: 307, type: undefined, code: undefined, body: '' },
  service: { status: 404, type: 'application/json', code: 5, body: undefined },
};
const asInt = (value: string): Sent => ({ headers: json, body: point.replace('"1"', value) });
const asDouble = (value: string): Sent => ({ headers: json, body: point.replace('"asInt":"1"', `"asDouble":${value}`) });
const at = (path: string): Sent => ({ path, headers: json, body: '{}' });

export const httpCases: Readonly<Record<string, HttpCase>> = {
  'JSON, a point': { sent: { headers: json, body: point }, differs: jsonTaken },
  'JSON, empty': { sent: { headers: json, body: '{}' }, differs: jsonTaken },
  'JSON, for another host': {
    sent: { headers: { ...json, host: 'evil.example:4318' }, body: '{}' },
    differs: elsewhere,
  },
  'JSON, for localhost': { sent: { headers: { ...json, host: 'localhost:1' }, body: '{}' }, differs: jsonTaken },
  'JSON, with a charset': {
    sent: { headers: { 'content-type': 'application/json; charset=utf-8' }, body: '{}' },
    differs: jsonTaken,
  },
  'JSON, unknown fields': { sent: { headers: json, body: '{"a":[{"b":null}],"resourceMetrics":[]}' }, differs: jsonTaken },
  'JSON, cut off': { sent: { headers: json, body: point.slice(0, -5) } },
  'JSON, no body': { sent: { headers: json, body: '' } },
  'JSON, another type': { sent: { headers: json, body: '{"resourceMetrics":5}' } },
  'JSON, a list': { sent: { headers: json, body: '[]' } },
  'JSON, a byte order mark': {
    sent: { headers: json, body: `\ufeff${point}` },
    differs: {
      heading: 'A byte order mark',
      norm: 'ours',
      collector: { status: 500, code: 13 },
      service: { status: 400, code: 3 },
    },
  },
  'JSON, null': { sent: { headers: json, body: 'null' }, differs: takenThere(noRequest, jsonText) },
  'JSON, null in a list': {
    sent: { headers: json, body: '{"resourceMetrics":[null]}' },
    differs: takenThere(noRequest, '`null` values are not allowed within repeated fields'),
  },
  'JSON, null for a list': { sent: { headers: json, body: '{"resourceMetrics":null}' }, differs: jsonTaken },
  'JSON, text behind it': { sent: { headers: json, body: `${point}xyz` }, differs: takenThere(noRequest, jsonText) },
  'JSON, a second request behind it': { sent: { headers: json, body: `${point}{}` }, differs: takenThere(noRequest, jsonText) },
  'JSON, white space behind it': { sent: { headers: json, body: `${point} \n` }, differs: jsonTaken },
  'JSON, an integer of 1e3': { sent: asInt('1e3'), differs: refusedThere(integers, exponents) },
  'JSON, an integer of "1e3"': { sent: asInt('"1e3"'), differs: refusedThere(integers, exponents) },
  'JSON, an integer of 1.0': { sent: asInt('1.0'), differs: refusedThere(integers, 'Zero fractional portions are accepted') },
  'JSON, an integer of 1.5': { sent: asInt('1.5') },
  'JSON, an integer of "0x10"': { sent: asInt('"0x10"') },
  'JSON, an integer of "+1"': { sent: asInt('"+1"'), differs: takenThere('Numbers in strings', numbers) },
  'JSON, a double of "1e3"': { sent: asDouble('"1e3"'), differs: jsonTaken },
  'JSON, a double of "inf"': { sent: asDouble('"inf"'), differs: takenThere('Numbers in strings', numbers) },
  'JSON, a double of "0x1p4"': { sent: asDouble('"0x1p4"'), differs: takenThere('Numbers in strings', numbers) },
  'JSON, a double of "1_000"': { sent: asDouble('"1_000"'), differs: takenThere('Numbers in strings', numbers) },
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
  GZIP: { sent: encoded('GZIP', gzipSync(point)), differs: refusedThere(codings, 'All content codings are case-insensitive') },
  'x-gzip': {
    sent: encoded('x-gzip', gzipSync(point)),
    differs: refusedThere(codings, 'A recipient SHOULD consider "x-gzip" to be equivalent to "gzip"'),
  },
  'gzip twice': { sent: encoded('gzip, gzip', gzipSync(gzipSync(point))) },
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
  'a path with an encoded letter': { sent: at('/v1/%6detrics'), differs: jsonTaken },
  'a path with an encoded slash': {
    sent: at('/v1%2fmetrics'),
    differs: statusOf(5, 'application/json', '404 page not found\n', 'text/plain; charset=utf-8'),
  },
  'a whole URL in place of a path': { sent: at('http://localhost/v1/metrics'), differs: jsonTaken },
  'a whole URL of another host': { sent: at('http://evil.example/v1/metrics'), differs: elsewhere },
  'a path with two slashes at its beginning': { sent: at('//v1/metrics'), differs: redirected },
  'a path with two slashes': { sent: at('/v1//metrics'), differs: redirected },
  'a path with a dot': { sent: at('/v1/./metrics'), differs: redirected },
  'a path that cannot be decoded': {
    sent: at('/v1/%zz'),
    differs: {
      ...redirected,
      collector: { status: 400, type: 'text/plain; charset=utf-8', code: undefined, body: '400 Bad Request' },
    },
  },
  'a path without a slash': {
    sent: at(':invalid'),
    differs: {
      ...redirected,
      collector: { type: 'text/plain; charset=utf-8', body: '400 Bad Request' },
      service: { type: undefined, body: '' },
    },
  },
  'a content type with half a parameter': {
    sent: { headers: { 'content-type': 'application/json; charset' }, body: '{}' },
    differs: {
      heading: 'A content type with half a parameter',
      norm: 'ours',
      collector: {
        status: 415,
        type: 'text/plain',
        body: '415 unsupported media type, supported: [application/json, application/x-protobuf]',
      },
      service: { status: 200, type: 'application/json', body: '{}' },
    },
  },
  'a query behind the path': { sent: { path: '/v1/metrics?a=b', headers: json, body: '{}' }, differs: jsonTaken },
};

/** For docs/collector-differences.md. */
export const httpDifferences = Object.values(httpCases).flatMap(({ differs }) => differs ?? []);
