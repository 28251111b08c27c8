/** What is said of everything that can be wrong with a configuration: place, value, rule and fix, in the words that the user wrote. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { problemText } from '../../../src/errors/error.ts';
import { read } from './read.ts';
import { wrong } from './wrong-cases.ts';

for (const { what, yaml, env, problems } of wrong) {
  test(`wrong: ${what}`, (t) => {
    const result = read(t, { 'c.yaml': yaml }, { ...(env === undefined ? {} : { env }) });
    assert.deepEqual(result.ok ? [] : result.problems.map(problemText), problems);
  });
}

const traces = `receivers: {otlp: {protocols: {http: }}, kafka: }
exporters: {debug: , zipkin: }
service: {pipelines: {metrics: {receivers: [otlp], exporters: [debug]}, traces: {receivers: [kafka], exporters: [zipkin]}}}
`;

test('--metrics-only leaves other pipelines and what only they use out, with warnings', (t) => {
  const result = read(t, { 'c.yaml': traces }, { metricsOnly: true });
  assert.ok(result.ok);
  assert.deepEqual([...result.config.receivers.keys()], ['otlp']);
  assert.deepEqual(
    result.config.service.pipelines.map(({ id }) => id),
    ['metrics'],
  );
  assert.deepEqual(result.warnings, [
    'c.yaml:1:42 receivers.kafka: meterbridge serve has no receiver kafka; no pipeline of metrics uses it, and it is left out',
    'c.yaml:2:22 exporters.zipkin: meterbridge serve has no exporter zipkin; no pipeline of metrics uses it, and it is left out',
    'c.yaml:3:73 service.pipelines.traces: only metrics are received here; the pipeline is left out',
  ]);
});

test('--metrics-only needs a pipeline of metrics', (t) => {
  const yaml =
    'receivers: {otlp: {protocols: {http: }}}\nexporters: {debug: }\nservice: {pipelines: {logs: {receivers: [otlp], exporters: [debug]}}}\n';
  const result = read(t, { 'c.yaml': yaml }, { metricsOnly: true });
  assert.deepEqual(result.ok ? [] : result.problems.map(problemText), [
    'c.yaml:3:11 service.pipelines: got no pipeline of metrics; there is at least one. Fix: add metrics:.',
  ]);
});
