/** What files say that were written for a Collector, for an older one, or from memory: each fix can be followed as it stands. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { problemText } from '../../../src/core/errors/error.ts';
import { components } from '../../../src/service/components.ts';
import { readConfig } from '../../../src/service/config/index.ts';
import { folderWith } from '../../examples/example.ts';

const otlp = 'receivers: {otlp: {protocols: {http: }}}';
const none = 'telemetry: {metrics: {level: none}}';

/** Rule and fix of each problem. */
function problemsOf({ receivers = otlp, exporters = 'debug: ', extensions = '', service = none }) {
  const yaml = `${receivers}\nexporters: {nop: , ${exporters}}\nextensions: {${extensions}}\nservice: {${service}, pipelines: {metrics: {receivers: [otlp], exporters: [nop]}}}\n`;
  const read = readConfig({ config: [`yaml:${yaml}`] }, components, { env: {} });
  return read.ok ? [] : read.problems.map((problem) => problemText(problem).replace(/^[^ ]+ #1:\d+:\d+ \S+: /, ''));
}

const address = 'it is HOST:PORT, with a port from 0 to 65535';
const cases: readonly (readonly [what: string, file: Parameters<typeof problemsOf>[0], line: string])[] = [
  [
    'logging, which is debug today',
    { exporters: 'logging: {loglevel: debug}' },
    'got "logging"; the Collector has this exporter no longer. Fix: use debug, with verbosity instead of loglevel.',
  ],
  [
    'otlp',
    { exporters: 'otlp: {endpoint: "x:4317"}' },
    'got "otlp"; the Collector has this exporter, meterbridge serve has not. Fix: use otlp_http, and the port of the next receiver for OTLP over HTTP: 4318 instead of 4317.',
  ],
  [
    'otlp_grpc',
    { exporters: 'otlp_grpc/a: {endpoint: "x:4317"}' },
    'got "otlp_grpc"; the Collector has this exporter, meterbridge serve has not. Fix: use otlp_http, and the port of the next receiver for OTLP over HTTP: 4318 instead of 4317.',
  ],
  [
    'an address of the own metrics',
    { service: 'telemetry: {metrics: {address: "0.0.0.0:8888"}}' },
    'got "address"; the Collector has this key no longer. Fix: write readers: [{pull: {exporter: {prometheus: {host: localhost, port: 8888}}}}].',
  ],
  ['a port', { exporters: 'prometheus: {endpoint: "8889"}' }, `got "8889"; ${address}. Fix: write localhost:8889.`],
  ['a port that is a number', { exporters: 'prometheus: {endpoint: 9464}' }, `got 9464; ${address}. Fix: write localhost:8889.`],
  ['no address', { exporters: 'prometheus: ' }, `got nothing; it is required: ${address}. Fix: write localhost:8889.`],
  ['a host', { exporters: 'prometheus: {endpoint: 0.0.0.0}' }, `got "0.0.0.0"; ${address}. Fix: write 0.0.0.0:8889.`],
  [
    'another component’s port',
    { extensions: 'health_check: {endpoint: "13133"}' },
    `got "13133"; ${address}. Fix: write localhost:13133.`,
  ],
  [
    'a host for gRPC',
    { receivers: 'receivers: {otlp: {protocols: {grpc: {endpoint: localhost}}}}' },
    `got "localhost"; ${address}. Fix: write localhost:4317.`,
  ],
  [
    'a URL',
    { receivers: 'receivers: {otlp: {protocols: {http: {endpoint: "http://0.0.0.0:4318"}}}}' },
    `got "http://0.0.0.0:4318"; ${address}. Fix: leave out the scheme: write 0.0.0.0:4318.`,
  ],
  [
    'a URL without a port',
    { receivers: 'receivers: {otlp: {protocols: {grpc: {endpoint: "http://0.0.0.0/v1/metrics"}}}}' },
    `got "http://0.0.0.0/v1/metrics"; ${address}. Fix: leave out the scheme: write localhost:4317.`,
  ],
  [
    'a path',
    { receivers: 'receivers: {otlp: {protocols: {http: {endpoint: /run/otlp.sock}}}}' },
    `got "/run/otlp.sock"; ${address}. Fix: write transport: unix beside it, or HOST:PORT.`,
  ],
  [
    'an address for a URL, once',
    { exporters: 'otlp_http: {endpoint: "collector:4318"}' },
    'got "collector:4318"; it is an http or https URL. Fix: write http://collector:4318.',
  ],
];

for (const [what, file, line] of cases) {
  test(`${what}: the fix is what to write`, () => {
    assert.deepEqual(problemsOf(file), [line]);
  });
}

test('a file that cannot be read is told first', (t) => {
  const { folder } = folderWith(t, 'empty', '');
  const said = (path: string) => {
    const read = readConfig({ config: [path] }, components, { env: {} });
    return read.ok ? [] : read.problems.map(problemText);
  };
  const fix = 'Fix: correct the path, or let this user read the file.';
  assert.deepEqual(said(join(folder, 'no.yaml')), [
    `${folder}/no.yaml: got a file that cannot be read (ENOENT); it is a file that this user can read. ${fix}`,
  ]);
  assert.deepEqual(said(folder), [`${folder}: got no regular file; it is a regular file. Fix: correct the path.`]);
  writeFileSync(join(folder, 'large.yaml'), '#'.repeat(1_048_577));
  assert.match(
    said(join(folder, 'large.yaml')).join(),
    /large\.yaml: got a file of 1048577 bytes; it has at most 1048576 bytes\. Fix: correct/,
  );
});
