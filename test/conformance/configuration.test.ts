/** The top-level `otel-collector.yaml`: one file that the official `otelcol`, the service and the tests run unchanged. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { components } from '../../src/service/components.ts';
import { readConfig } from '../../src/service/config/index.ts';
import { requirePeer } from './peers.ts';

const path = fileURLToPath(new URL('../../otel-collector.yaml', import.meta.url));
const text = readFileSync(path, 'utf8');
const configuration = parse(text) as Record<string, Record<string, unknown>>;

/** Components of the official distribution `otelcol` 0.159, as its manifest lists them. */
const official: Readonly<Record<string, readonly string[]>> = {
  receivers: ['nop', 'otlp', 'hostmetrics', 'jaeger', 'kafka', 'prometheus', 'zipkin'],
  exporters: ['debug', 'nop', 'otlp_grpc', 'otlp_http', 'file', 'kafka', 'prometheus', 'prometheus_remote_write', 'zipkin'],
  extensions: ['zpages', 'health_check', 'pprof'],
};

for (const [section, components] of Object.entries(official)) {
  test(`otel-collector.yaml: ${section} are in the official distribution`, () => {
    const used = Object.keys(configuration[section] ?? {}).map((id) => id.replace(/\/.*/, ''));
    assert.ok(used.length > 0);
    assert.deepEqual(
      used.filter((component) => !components.includes(component)),
      [],
    );
  });
}

test('otel-collector.yaml: listens on loopback only, every port with a variable and a default', () => {
  const endpoints = text.match(/^\s*endpoint: .*$/gm) ?? [];
  assert.equal(endpoints.length, 4);
  for (const endpoint of endpoints) assert.match(endpoint, /endpoint: 127\.0\.0\.1:\$\{env:[A-Z_]+_PORT:-\d+\}$/);
});

test('otel-collector.yaml: the service takes all of it, without a warning', () => {
  const read = readConfig({ config: [path] }, components, { env: {} });
  assert.deepEqual([read.ok, read.warnings], [true, []]);
});

test('otel-collector.yaml: a Collector finds nothing wrong with it', (t: TestContext) => {
  const binary = requirePeer(t, 'collector');
  if (binary === undefined) return;
  const run = spawnSync(binary, ['validate', '--config', path], { encoding: 'utf8' });
  assert.deepEqual({ status: run.status, stderr: run.stderr }, { status: 0, stderr: '' });
});

test('what `validate` finds everything wrong with, the Collector finds something wrong with too', (t) => {
  const binary = requirePeer(t, 'collector');
  if (binary === undefined) return;
  const wrong = fileURLToPath(new URL('../fixtures/collector/everything-wrong.yaml', import.meta.url));
  assert.equal(spawnSync(binary, ['validate', '--config', wrong]).status, 1);
});
