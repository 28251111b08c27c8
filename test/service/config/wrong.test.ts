/**
 * What is said of everything that can be wrong with a configuration: place, value, rule and fix, in the words that the user
 * wrote.
 */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { problemText } from '../../../src/core/errors/error.ts';
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
    'c.yaml:1:42 receivers.kafka: no pipeline of metrics uses it, and it is left out',
    'c.yaml:2:22 exporters.zipkin: no pipeline of metrics uses it, and it is left out',
    'c.yaml:3:73 service.pipelines.traces: only metrics are received here; the pipeline is left out',
  ]);
});

/** What is said of a file with `--metrics-only`; `pipelines` stands below `service`. */
function saidOf(t: TestContext, components: string, pipelines: string) {
  const yaml = `${components}\nservice: {pipelines: {${pipelines}}}\n`;
  const { warnings, ...result } = read(t, { 'c.yaml': yaml }, { metricsOnly: true });
  return { problems: result.ok ? [] : result.problems.map(problemText), warnings, result };
}

test('--metrics-only: an id is used by its kind, not by its name', (t) => {
  const components = 'receivers: {otlp: {protocols: {http: }}}\nexporters: {otlp: {endpoint: "jaeger:4317"}, debug: }';
  const { problems, warnings } = saidOf(
    t,
    components,
    'traces: {receivers: [otlp], exporters: [otlp]}, metrics: {receivers: [otlp], exporters: [debug]}',
  );
  assert.deepEqual(problems, []);
  assert.deepEqual(warnings, [
    'c.yaml:2:13 exporters.otlp: no pipeline of metrics uses it, and it is left out',
    'c.yaml:3:23 service.pipelines.traces: only metrics are received here; the pipeline is left out',
  ]);
});

test('--metrics-only leaves out whatever only other signals use: types that nobody knows, settings that are not for metrics', (t) => {
  const components = `receivers: {otlp: {protocols: {http: }}, vendor: {a: 1}}
processors: {batch/logs: {no_such_key: 1}}
exporters: {debug: , logging: , prometheus/traces: , kafka: }
connectors: {spanmetrics: , forward/logs: }`;
  const pipelines = `traces: {receivers: [vendor, otlp], exporters: [logging, prometheus/traces, forward/logs]},
    logs: {receivers: [otlp, forward/logs], processors: [batch/logs], exporters: [debug]}, metrics: {receivers: [otlp], exporters: [debug]}`;
  const { problems, warnings, result } = saidOf(t, components, pipelines);
  assert.deepEqual(problems, []);
  assert.ok(result.ok);
  assert.deepEqual(
    [result.config.receivers, result.config.processors, result.config.exporters].map((of) => [...of.keys()]),
    [['otlp'], [], ['debug']],
  );
  assert.deepEqual(
    warnings.map((warning) => warning.replace(/^\S+ /, '')),
    [
      'receivers.vendor: no pipeline of metrics uses it, and it is left out',
      'processors.batch/logs: no pipeline of metrics uses it, and it is left out',
      'exporters.logging: no pipeline of metrics uses it, and it is left out',
      'exporters.prometheus/traces: no pipeline of metrics uses it, and it is left out',
      'exporters.kafka: meterbridge serve has no exporter kafka; nothing uses it, and it is left out',
      'connectors.spanmetrics: meterbridge serve has no connector spanmetrics; nothing uses it, and it is left out',
      'connectors.forward/logs: no pipeline of metrics uses it, and it is left out',
      'service.pipelines.traces: only metrics are received here; the pipeline is left out',
      'service.pipelines.logs: only metrics are received here; the pipeline is left out',
    ],
  );
});

test('--metrics-only still refuses what a pipeline of metrics uses, a connector once, and a type that stands in no pipeline and is none', (t) => {
  const components =
    'receivers: {otlp: {protocols: {http: }}}\nexporters: {debug: , zipkin: , promethues: }\nconnectors: {spanmetrics: , forward: }';
  const pipelines =
    'traces: {receivers: [otlp], exporters: [zipkin, spanmetrics]}, metrics: {receivers: [otlp, spanmetrics], exporters: [debug, zipkin, forward]}';
  assert.deepEqual(saidOf(t, components, pipelines).problems, [
    'c.yaml:2:22 exporters.zipkin: got "zipkin"; the Collector has this exporter, meterbridge serve has not. Fix: use debug, nop, prometheus.',
    'c.yaml:2:32 exporters.promethues: got "promethues"; unknown type: there is no such exporter. Fix: write prometheus.',
    'c.yaml:3:14 connectors.spanmetrics: got "spanmetrics"; the Collector has this connector, meterbridge serve has not. Fix: leave it out.',
    'c.yaml:3:29 connectors.forward: got "forward"; the Collector has this connector, meterbridge serve has not. Fix: leave it out.',
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
