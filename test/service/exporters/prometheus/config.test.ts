/** The exporter's keys. What the Collector v0.159 says of the same file stands with each line. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readTree } from '../../../../src/core/config/read-tree.ts';
import type { Findings } from '../../../../src/core/config/schema/index.ts';
import { prometheusSchema } from '../../../../src/service/exporters/prometheus/config.ts';

function read(yaml: string): { readonly settings: unknown } & Findings {
  const { tree } = readTree('test.yaml', yaml, 'collector');
  const findings: Findings = { problems: [], warnings: [] };
  return { settings: prometheusSchema.read({ tree, keys: 'exporters.prometheus' }, findings), ...findings };
}

test('has the Collector’s defaults', () => {
  const { settings, problems, warnings } = read('endpoint: 127.0.0.1:8889');
  assert.deepEqual({ problems, warnings }, { problems: [], warnings: [] });
  assert.deepEqual(settings, {
    endpoint: { host: '127.0.0.1', port: 8889 },
    namespace: '',
    const_labels: new Map(),
    send_timestamps: false,
    metric_expiration: 300_000,
    resource_to_telemetry_conversion: { enabled: false, exclude_service_attributes: false },
    enable_open_metrics: false,
    without_scope_info: false,
    translation_strategy: 'UnderscoreEscapingWithSuffixes',
    transport: 'tcp',
    tls: undefined,
    auth: undefined,
    cors: undefined,
    response_headers: new Map(),
  });
});

const wrong = [
  // "expecting a non-blank address to run the Prometheus metrics handler"
  ['{}', 'exporters.prometheus.endpoint'],
  // "has invalid keys: nope"
  ['{endpoint: 127.0.0.1:1, nope: 1}', 'exporters.prometheus.nope'],
  // "invalid translation_strategy: X"
  ['{endpoint: 127.0.0.1:1, translation_strategy: X}', 'exporters.prometheus.translation_strategy'],
  // "'const_labels[a]' expected type 'string', got unconvertible type 'int'"
  ['{endpoint: 127.0.0.1:1, const_labels: {a: 5}}', 'exporters.prometheus.const_labels.a'],
  // Taken there.
  ['{endpoint: 127.0.0.1:1, metric_expiration: -1s}', 'exporters.prometheus.metric_expiration'],
  ['{endpoint: 127.0.0.1:1, tls: {cert_file: a}}', 'exporters.prometheus.tls'],
] as const;
for (const [yaml, place] of wrong) {
  test(`${yaml}: an error at ${place}`, () => {
    const { problems } = read(yaml);
    assert.deepEqual(
      problems.map(({ at }) => at.split(' ').at(-1)),
      [place],
    );
  });
}

test('keys that are ignored are warnings', () => {
  const { problems, warnings } = read(
    '{endpoint: 127.0.0.1:1, add_metric_suffixes: false, read_timeout: 1s, include_metadata: true}',
  );
  assert.deepEqual(problems, []);
  assert.equal(warnings.length, 3);
});
