import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { type PushOptions, type PushSettings, resolvePush } from '../../../../src/library/push/settings/settings.ts';
import { assertLinear } from '../../../linear.ts';
import { type Env, problemsOf, resolve } from '../resolving.ts';

const base = 'OTEL_EXPORTER_OTLP_ENDPOINT';

const own = 'OTEL_EXPORTER_OTLP_METRICS_ENDPOINT';

const listed = 'OTEL_METRICS_EXPORTER';

const preference = 'OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE';

// Specification, "OTLP exporter configuration" and "Environment variables": where a push goes, or undefined when there is none.
const targets: [PushOptions | false | undefined, Env, string | undefined][] = [
  [undefined, {}, undefined],
  [false, { [base]: 'http://c:4318' }, undefined],
  [{}, {}, 'http://localhost:4318/v1/metrics'],
  [{ endpoint: 'http://c:1' }, {}, 'http://c:1/v1/metrics'],
  [{ endpoint: 'http://c:1/' }, {}, 'http://c:1/v1/metrics'],
  [{ endpoint: 'https://c/base/' }, {}, 'https://c/base/v1/metrics'],
  [{ metricsEndpoint: 'http://c:1/x' }, {}, 'http://c:1/x'],
  [{ endpoint: 'http://c:1', metricsEndpoint: 'http://d:1/x' }, {}, 'http://d:1/x'],
  [undefined, { [base]: 'http://c:1' }, 'http://c:1/v1/metrics'],
  [undefined, { [base]: '' }, undefined],
  [undefined, { [base]: '  ' }, undefined],
  [undefined, { [own]: 'http://c:1/x' }, 'http://c:1/x'],
  [undefined, { [own]: 'http://c:1' }, 'http://c:1/'],
  [undefined, { [base]: 'http://c:1', [own]: 'http://d:1/x' }, 'http://d:1/x'],
  [{ endpoint: 'http://o:1' }, { [own]: 'http://d:1/x' }, 'http://o:1/v1/metrics'],
  [{ serviceName: 's' }, { [own]: 'http://d:1/x' }, 'http://d:1/x'],
  [undefined, { [listed]: 'otlp' }, 'http://localhost:4318/v1/metrics'],
  [undefined, { [listed]: 'prometheus, otlp' }, 'http://localhost:4318/v1/metrics'],
  [undefined, { [listed]: 'prometheus', [base]: 'http://c:1' }, undefined],
  [undefined, { [listed]: 'none', [base]: 'http://c:1' }, undefined],
  [undefined, { [listed]: 'otlp,none' }, undefined],
  [{ endpoint: 'http://c:1' }, { [listed]: 'prometheus' }, 'http://c:1/v1/metrics'],
  [{ endpoint: 'http://c:1' }, { [listed]: 'none' }, undefined],
  [{ endpoint: 'http://c:1' }, { OTEL_SDK_DISABLED: 'TRUE' }, undefined],
  [{ endpoint: 'http://c:1' }, { OTEL_SDK_DISABLED: '1' }, 'http://c:1/v1/metrics'],
  [undefined, { [base]: 'http://u:50%@c:1' }, undefined],
  [{}, { [own]: 'http://50%@c:1/x' }, undefined],
  [{ endpoint: 'http://o:1' }, { [base]: 'http://u:50%@c:1' }, 'http://o:1/v1/metrics'],
  [{ endpoint: 'http://u:50%25@c:1///' }, {}, 'http://u:50%25@c:1/v1/metrics'],
];

for (const [options, env, url] of targets) {
  test(`${inspect(options)} with ${JSON.stringify(env)} pushes to ${url}`, () => {
    assert.equal(resolve(options, env).settings?.target().url, url);
  });
}

const on = { [base]: 'http://c:1' };

const read: [string, PushOptions, Env, Partial<PushSettings>][] = [
  ['the defaults of the specification', {}, {}, { intervalMs: 60_000, timeoutMs: 10_000, compression: 'none' }],
  ['OTEL_METRIC_EXPORT_INTERVAL', {}, { OTEL_METRIC_EXPORT_INTERVAL: '20000' }, { intervalMs: 20_000 }],
  [
    'an interval option before the variable',
    { intervalMs: 5 },
    { OTEL_METRIC_EXPORT_INTERVAL: '20000' },
    { intervalMs: 5, timeoutMs: 5 },
  ],
  ['OTEL_METRIC_EXPORT_TIMEOUT', {}, { OTEL_METRIC_EXPORT_TIMEOUT: '700' }, { timeoutMs: 700 }],
  ['OTEL_EXPORTER_OTLP_TIMEOUT', {}, { OTEL_EXPORTER_OTLP_TIMEOUT: '800' }, { timeoutMs: 800 }],
  [
    'the timeout of metrics before that of all',
    {},
    { OTEL_EXPORTER_OTLP_TIMEOUT: '800', OTEL_EXPORTER_OTLP_METRICS_TIMEOUT: '900' },
    { timeoutMs: 900 },
  ],
  ['a timeout that an interval bounds', { intervalMs: 1_000, timeoutMs: 30_000 }, {}, { timeoutMs: 1_000 }],
  ['OTEL_EXPORTER_OTLP_COMPRESSION', {}, { OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip' }, { compression: 'gzip' }],
  [
    'the compression of metrics before that of all',
    {},
    { OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip', OTEL_EXPORTER_OTLP_METRICS_COMPRESSION: 'none' },
    { compression: 'none' },
  ],
  ['protobuf by our own exporter, as the specification wants it', {}, {}, { protocol: 'http/protobuf', exporter: 'meterbridge' }],
  ['OTEL_EXPORTER_OTLP_PROTOCOL', {}, { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' }, { protocol: 'http/json' }],
  ['the protocol as an option', { protocol: 'http/json' }, {}, { protocol: 'http/json' }],
  ["the SDK's exporter, which speaks JSON", { exporter: 'sdk' }, {}, { protocol: 'http/json', exporter: 'sdk' }],
  ['http/json as a protocol', { protocol: 'http/json' }, { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' }, {}],
  [
    'the protocol of metrics before that of all',
    {},
    { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc', OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: 'http/json' },
    { protocol: 'http/json' },
  ],
  ['cumulative temporality by itself', {}, {}, { temporality: 'cumulative' }],
  ['a cumulative preference', {}, { [preference]: 'Cumulative' }, { temporality: 'cumulative' }],
  ['a preference in any case', {}, { [preference]: 'DELTA' }, { temporality: 'delta' }],
  ['a preference for little memory', {}, { [preference]: 'LowMemory' }, { temporality: 'lowmemory' }],
  ['temporality as an option', { temporality: 'delta' }, {}, { temporality: 'delta' }],
  [
    'an option and a preference that agree',
    { temporality: 'lowmemory' },
    { [preference]: 'lowmemory' },
    { temporality: 'lowmemory' },
  ],
];

for (const [name, options, env, expected] of read) {
  test(`settings: ${name}`, () => {
    const { settings, lines } = resolve(options, { ...on, ...env });
    assert.deepEqual({ ...settings, ...expected }, { ...settings });
    assert.deepEqual(lines, []);
  });
}

// Specification: what cannot be read is told and ignored.
const warned: [PushOptions | undefined, Env, RegExp][] = [
  [undefined, { [listed]: 'otlp,carbon' }, /^OTEL_METRICS_EXPORTER: got "carbon"; known are otlp, prometheus, console, none/],
  [undefined, { [listed]: 'otlp,console' }, /^OTEL_METRICS_EXPORTER: console is not offered/],
  [{}, { [listed]: 'none' }, /^OTEL_METRICS_EXPORTER holds none: nothing is pushed/],
  [{}, { OTEL_SDK_DISABLED: 'true' }, /^OTEL_SDK_DISABLED is true: nothing is pushed/],
  [undefined, { ...on, OTEL_METRIC_EXPORT_INTERVAL: '10s' }, /^OTEL_METRIC_EXPORT_INTERVAL: got "10s"/],
  [undefined, { ...on, OTEL_METRIC_EXPORT_INTERVAL: '0' }, /^OTEL_METRIC_EXPORT_INTERVAL: got "0"/],
  [undefined, { ...on, OTEL_EXPORTER_OTLP_TIMEOUT: '1e12' }, /^OTEL_EXPORTER_OTLP_TIMEOUT: got "1e12"/],
  [undefined, { ...on, OTEL_EXPORTER_OTLP_COMPRESSION: 'zstd' }, /^OTEL_EXPORTER_OTLP_COMPRESSION: got "zstd"/],
  [undefined, { ...on, OTEL_RESOURCE_ATTRIBUTES: 'a=1,b' }, /^OTEL_RESOURCE_ATTRIBUTES: entry 2 is not written key=value/],
  [
    undefined,
    { ...on, OTEL_EXPORTER_OTLP_HEADERS: 'a=%E0%A4%A' },
    /^OTEL_EXPORTER_OTLP_HEADERS: entry 1 is not valid percent-encoding/,
  ],
  [
    undefined,
    { ...on, OTEL_EXPORTER_OTLP_HEADERS: 'content-type=x' },
    /^OTEL_EXPORTER_OTLP_HEADERS: entry 1 names "content-type", which is set by the exporter itself/,
  ],
  [undefined, { ...on, OTEL_CONFIG_FILE: 'x.yaml' }, /^OTEL_CONFIG_FILE: configuration files are not read/],
  [
    undefined,
    { ...on, OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION: 'explicit' },
    /_HISTOGRAM_AGGREGATION: got "explicit"; known are explicit_bucket_histogram, base2_exponential_bucket_histogram\. It is ignored/,
  ],
  [
    undefined,
    { ...on, [preference]: 'both' },
    /_TEMPORALITY_PREFERENCE: got "both"; known are cumulative, delta, lowmemory\. It is ignored/,
  ],
  [{ temporality: 'cumulative' }, { [preference]: 'delta' }, /^push.temporality is "cumulative", .*_PREFERENCE is "delta"/],
  [{ endpoint: 'http://c:1/v1/metrics' }, {}, /^push.endpoint: .* ends in \/v1\/metrics, which is appended once more/],
  [{ metricsEndpoint: 'http://c:1' }, {}, /^push.metricsEndpoint: .* has no path/],
  [
    { endpoint: 'http://o:1' },
    { [base]: 'http://u:pw@c:1' },
    /^push.endpoint is http:\/\/o:1\/v1\/metrics, OTEL_EXPORTER_OTLP_ENDPOINT is http:\/\/\[redacted\]@c:1\/v1\/metrics/,
  ],
  [
    undefined,
    { [base]: 'http://u:50%@c:1' },
    /^OTEL_EXPORTER_OTLP_ENDPOINT: got http:\/\/\[redacted\]@c:1.* write %25.*\. Nothing is pushed\.$/,
  ],
  [
    undefined,
    { ...on, OTEL_EXPORTER_OTLP_HEADERS: 'a=1,Authorization: Bearer x=' },
    /_HEADERS: entry 2 has a name that no header may have/,
  ],
  [{ serviceName: 'a' }, { OTEL_SERVICE_NAME: 'b' }, /^push.serviceName is "a", OTEL_SERVICE_NAME is "b"/],
  [
    { resource: { x: 'a' } },
    { OTEL_RESOURCE_ATTRIBUTES: 'x=b' },
    /^push.resource\["x"\] is "a", OTEL_RESOURCE_ATTRIBUTES is "b"/,
  ],
  [
    { protocol: 'http/json' },
    { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' },
    /^push.protocol is "http\/json", OTEL_EXPORTER_OTLP_PROTOCOL is "grpc"/,
  ],
];

for (const [options, env, line] of warned) {
  test(`warning: ${line.source}`, () => {
    const { lines } = resolve(options, env);
    assert.equal(lines.length, 1, lines.join('\n'));
    assert.match(lines[0] ?? '', line);
  });
}

const broken: [PushOptions | undefined, Env, RegExp][] = [
  [
    undefined,
    { [base]: 'localhost:4318' },
    /^OTEL_EXPORTER_OTLP_ENDPOINT: got "localhost:4318"; .*http:\/\/ or https:\/\/.*write http:\/\/localhost:4318,/,
  ],
  [{ endpoint: '127.0.0.1:4318' }, {}, /^push.endpoint: got "127.0.0.1:4318"/],
  [{ endpoint: 'grpc://c' }, {}, /^push.endpoint: got "grpc:\/\/…"/],
  [
    { exporter: 'sdk' },
    { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf' },
    /^OTEL_EXPORTER_OTLP_PROTOCOL: got "http\/protobuf"; the SDK's exporter .*JSON.*OTEL_EXPORTER_OTLP_METRICS_PROTOCOL=http\/json/,
  ],
  [
    undefined,
    { ...on, OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: 'grpc' },
    /^OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: got "grpc"; .*gRPC is not spoken.*METRICS_PROTOCOL=http\/protobuf/,
  ],
  [{ protocol: 'grpc' as never }, {}, /^push.protocol: got "grpc"; .*gRPC is not spoken.*'http\/protobuf' or 'http\/json'/],
  [{ protocol: 'http/protobuf', exporter: 'sdk' }, {}, /^push.protocol: got "http\/protobuf"; the SDK's exporter .*JSON/],
  [{ exporter: 'stock' as never }, {}, /^push.exporter: got "stock"; it must be 'meterbridge' or 'sdk'/],
  [{ temporality: 'DELTA' as never }, {}, /^push.temporality: got "DELTA"; it must be 'cumulative', 'delta', 'lowmemory'/],
  [
    { temporality: 'delta', exporter: 'sdk' },
    {},
    /^push.temporality: got "delta"; the stock exporter .*write push.exporter: 'meterbridge'/,
  ],
  [{ exporter: 'sdk' }, { [preference]: 'lowmemory' }, /_TEMPORALITY_PREFERENCE: got "lowmemory"; the stock exporter/],
  [{ intervalMs: 0 }, {}, /^push.intervalMs: got 0;/],
  [{ timeoutMs: Number.NaN }, {}, /^push.timeoutMs: got NaN;/],
  [{ intervalMs: 2 ** 31 }, {}, /^push.intervalMs: got 2147483648;/],
  [{ compression: 'zstd' as never }, {}, /^push.compression: got "zstd";/],
  [{ endpont: 'http://c' } as never, {}, /^push.endpont: got a key that does not exist/],
  [
    { serviceName: 'a', resource: { 'service.name': 'b' } },
    {},
    /^push.serviceName: got "a" beside push.resource\["service.name"\] "b"/,
  ],
  [{ headers: { a: 'x', 'a b': 'x' } }, {}, /^push.headers, entry 2: got \[redacted\]; it has a name that no header may have/],
  [
    { endpoint: 'http://u:50%@c:1' },
    {},
    /^push.endpoint: got http:\/\/\[redacted\]@c:1\/v1\/metrics; .*percent-encoded.*write %25/,
  ],
  [
    {},
    { OTEL_EXPORTER_OTLP_CERTIFICATE: '/nowhere/ca.pem' },
    /^OTEL_EXPORTER_OTLP_CERTIFICATE: got "\/nowhere\/ca.pem", .*ENOENT/,
  ],
  [{}, { OTEL_EXPORTER_OTLP_CERTIFICATE: '/dev/zero' }, /^OTEL_EXPORTER_OTLP_CERTIFICATE: got "\/dev\/zero", no regular file; /],
  [
    {},
    { OTEL_EXPORTER_OTLP_CERTIFICATE: import.meta.filename },
    /^OTEL_EXPORTER_OTLP_CERTIFICATE: got ".*", a file without a certificate; /,
  ],
  [{}, { OTEL_EXPORTER_OTLP_CLIENT_KEY: import.meta.filename }, /^OTEL_EXPORTER_OTLP_CLIENT_KEY: got one without the other/],
];

for (const [options, env, line] of broken) {
  test(`refused: ${line.source}`, () => {
    const problems = problemsOf(options, env);
    assert.equal(problems.length, 1, problems.join('\n'));
    assert.match(problems[0] ?? '', line);
  });
}

test('all problems are reported at once', () => {
  assert.equal(
    problemsOf({ endpoint: 'x', intervalMs: -1, compression: 'x' as never }, { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }).length,
    4,
  );
});

test('an option that JSON cannot say is refused as any other, by its place', () => {
  const circle: unknown[] = [];
  circle.push(circle);
  for (const value of [1n, circle, { toJSON: () => undefined }, () => 1, Symbol('s')] as never[]) {
    const options = {
      compression: value,
      protocol: value,
      exporter: value,
      temporality: value,
      intervalMs: value,
      serviceName: value,
    };
    const places = problemsOf(options).map((problem) => problem.split(':')[0]);
    assert.deepEqual(new Set(places), new Set(Object.keys(options).map((name) => `push.${name}`)));
  }
});

test('headers: percent-decoded, metrics before all, the option before both', () => {
  const env = { ...on, OTEL_EXPORTER_OTLP_HEADERS: 'a=1,B=2%20x,c=3', OTEL_EXPORTER_OTLP_METRICS_HEADERS: 'b=4' };
  assert.deepEqual(resolve({ headers: { C: '5' } }, env).settings?.target().headers, { a: '1', b: '4', c: '5' });
});

test('slashes at the end of a path are taken off in linear time', () => {
  assertLinear((slashes) => {
    const endpoint = `http://c/${'/'.repeat(slashes)}x`;
    return () => resolve({ endpoint });
  }, 25_000);
});

test('whoever starts push says what sends where the options do not', () => {
  const context = { serviceName: 'demo', log: () => {}, exporter: 'sdk' } as const;
  assert.equal(resolvePush({}, {}, context)?.exporter, 'sdk');
  assert.equal(resolvePush({ exporter: 'meterbridge' }, {}, context)?.exporter, 'meterbridge');
});
