/**
 * The readers of the service's own metrics, and its resource. What the Collector v0.159 makes of the same file stands with each
 * case.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readTree } from '../../../src/core/config/read-tree.ts';
import type { Findings } from '../../../src/core/config/schema/index.ts';
import { ownMetricsAddress, ownMetricsPushes, telemetry } from '../../../src/service/config/index.ts';
import { pushUrl } from '../../../src/service/config/readers.ts';

function read(yaml: string) {
  const { tree } = readTree('t.yaml', yaml, 'collector');
  const findings: Findings = { problems: [], warnings: [] };
  const settings = telemetry.read({ tree, keys: 'service.telemetry' }, findings);
  return {
    settings,
    problems: findings.problems.map(({ at, rule }) => `${at.replace(/^\S+ /, '')}: ${rule}`),
    warnings: findings.warnings,
  };
}

function settingsOf(yaml: string) {
  const { settings, problems } = read(yaml);
  assert.deepEqual(problems, []);
  return settings as Exclude<typeof settings, symbol>;
}

const otlp = '{protocol: http/protobuf, endpoint: "http://x:4318"}';
const pull = '{pull: {exporter: {prometheus: {port: 1}}}}';
const periodic = `{periodic: {exporter: {otlp: ${otlp}}}}`;

test('a pull, several that push, and none by default', () => {
  const all = settingsOf(`{metrics: {readers: [${pull}, ${periodic}, ${periodic}]}}`);
  assert.deepEqual([ownMetricsAddress(all)?.port, ownMetricsPushes(all).length], [1, 2]);
  const pushes = settingsOf(`{metrics: {readers: [${periodic}]}}`);
  assert.deepEqual([ownMetricsAddress(pushes), ownMetricsPushes(pushes).length], [undefined, 1]);
  const byDefault = settingsOf('{}');
  assert.deepEqual([ownMetricsAddress(byDefault), ownMetricsPushes(byDefault)], [{ host: 'localhost', port: 8_888 }, []]);
  const off = settingsOf(`{metrics: {level: none, readers: [${pull}, ${periodic}]}}`);
  assert.deepEqual([ownMetricsAddress(off), ownMetricsPushes(off)], [undefined, []]);
});

test('the defaults are those of OpenTelemetry’s SDKs', () => {
  const [{ intervalMs, timeoutMs, otlp: settings } = assert.fail()] = ownMetricsPushes(
    settingsOf(`{metrics: {readers: [${periodic}]}}`),
  );
  assert.deepEqual([intervalMs, timeoutMs, settings.timeout, settings.compression], [60_000, 30_000, 10_000, 'none']);
  assert.equal(settings.temporality_preference, 'cumulative');
});

for (const [settings, url] of [
  [{ endpoint: 'http://x:4318', insecure: false }, 'http://x:4318'],
  [{ endpoint: 'x:4318', insecure: false }, 'https://x:4318'],
  [{ endpoint: 'x:4318', insecure: true }, 'http://x:4318'],
] as const) {
  test(`${JSON.stringify(settings)} is ${url}`, () => assert.equal(pushUrl(settings), url));
}

for (const [yaml, ...problems] of [
  // "no valid metric reader"
  ['{metrics: {readers: [{}]}}', 'service.telemetry.metrics.readers[0]: a reader is pull or periodic'],
  // "must not specify multiple metric reader type"
  [
    `{metrics: {readers: [{pull: {}, periodic: {exporter: {otlp: ${otlp}}}}]}}`,
    'service.telemetry.metrics.readers[0]: a reader is pull or periodic',
  ],
  // "no valid metric exporter"
  ['{metrics: {readers: [{periodic: {}}]}}', 'service.telemetry.metrics.readers[0].periodic.exporter: there is one exporter'],
  // "must not specify multiple exporters"
  [
    `{metrics: {readers: [{periodic: {exporter: {console: {}, otlp: ${otlp}}}}]}}`,
    'service.telemetry.metrics.readers[0].periodic.exporter: there is one exporter',
  ],
  // "no valid metric exporter"
  [
    '{metrics: {readers: [{periodic: {exporter: {otlp: {endpoint: "http://x"}}}}]}}',
    'service.telemetry.metrics.readers[0].periodic.exporter.otlp.protocol: it is required: it is one of the known values',
  ],
  [
    `{metrics: {readers: [${pull}, ${pull}]}}`,
    'service.telemetry.metrics.readers: there is one reader of the own metrics that is pull',
  ],
  // "legacy resource attribute "a" must be string or null"
  ['{resource: {a: 7}}', 'service.telemetry.resource.a: it is a string, or null, which takes a default out'],
  // "resource::attributes cannot be used together with legacy inline resource attributes"
  ['{resource: {a: b, attributes: [{name: c, value: d}]}}', 'service.telemetry.resource.attributes: attributes have one form'],
] as const) {
  test(`${yaml} is refused`, () => assert.deepEqual(read(yaml).problems, problems));
}

test('what is not pushed is a warning that says so', () => {
  const { problems, warnings } = read(
    '{metrics: {readers: [{periodic: {exporter: {console: {}}}}, {periodic: {exporter: {otlp: {protocol: grpc, endpoint: "x:4317"}}}}]}}',
  );
  assert.deepEqual(problems, []);
  assert.deepEqual(
    warnings.map((line) => line.replace(/^\S+ /, '')),
    [
      'service.telemetry.metrics.readers[0].periodic.exporter.console: this key is ignored here; the service does not print its own metrics; use otlp, or pull',
      'service.telemetry.metrics.readers[1].periodic.exporter.otlp.protocol: meterbridge serve does not push over gRPC: its own metrics are not pushed; write http/protobuf, and port 4318',
    ],
  );
});

test('a resource in either form, printed as it was written', () => {
  for (const yaml of ['{a: b, service.version: null}', '{attributes: [{name: a, value: 7}, {name: b, value: true}]}']) {
    const settings = settingsOf(`{resource: ${yaml}}`);
    const { resource } = telemetry.print(settings, true) as { readonly resource: unknown };
    assert.deepEqual(resource, readPlain(yaml));
  }
});

function readPlain(yaml: string): unknown {
  return yaml.includes('attributes:')
    ? {
        attributes: [
          { name: 'a', value: 7 },
          { name: 'b', value: true },
        ],
      }
    : { a: 'b', 'service.version': null };
}

test('the headers of a push are secret', () => {
  const settings = settingsOf(
    '{metrics: {readers: [{periodic: {exporter: {otlp: {protocol: http/protobuf, endpoint: "http://x", headers: [{name: a, value: hunter2}]}}}}]}}',
  );
  assert.doesNotMatch(JSON.stringify(telemetry.print(settings, false)), /hunter2/);
  assert.match(JSON.stringify(telemetry.print(settings, true)), /\{"name":"a","value":"hunter2"\}/);
});

test('what may be secret in an endpoint is not printed: user, password and query', () => {
  const printed = (endpoint: string) => {
    const settings = settingsOf(
      `{metrics: {readers: [{periodic: {exporter: {otlp: {protocol: http/protobuf, endpoint: "${endpoint}"}}}}]}}`,
    );
    return JSON.stringify(telemetry.print(settings, false));
  };
  assert.match(printed('http://u:p@a:1/x?key=b'), /"endpoint":"http:\/\/\[REDACTED\]@a:1\/x\?\[REDACTED\]"/);
  assert.match(printed('u:p@a:1?key=b'), /"endpoint":"\[REDACTED\]@a:1\?\[REDACTED\]"/);
  assert.match(printed('a:1'), /"endpoint":"a:1"/);
});
