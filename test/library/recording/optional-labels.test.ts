/**
 * A label that is optional: an empty value is an absent label (Prometheus' data model), and OpenTelemetry has no attribute for
 * what is not known.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  capped,
  contract,
  counter,
  fromJson,
  gauge,
  identity,
  MeterbridgeError,
  meterbridge,
  oneOf,
  toJson,
} from '../../../src/index.ts';
import { sdkEngine } from '../../../src/sdk.ts';
import { testBridge } from '../../../src/testing.ts';

const declared = contract(
  'app',
  {
    answers: counter({
      help: 'Answers.',
      labels: { status: oneOf('ok', 'failed'), error: capped({ limit: 5, optional: true }), route: capped() },
    }),
    temperature: gauge({
      help: 'Temperature.',
      observed: true,
      labels: { sensor: identity({ optional: true }), place: identity() },
    }),
  },
  { constantLabels: { zone: 'a' } },
);

for (const [name, engine] of [
  ['store', undefined],
  ['SDK', sdkEngine],
] as const) {
  test(`the ${name} engine leaves an empty optional label out, on pull and in a push`, async (t) => {
    const bridge = meterbridge(declared, { isolated: true, push: false, ...(engine === undefined ? {} : { engine: engine() }) });
    t.after(() => bridge.close());
    const { answers, temperature } = bridge.metrics;
    answers.add(1, { status: 'ok', error: '', route: '' });
    answers.add(2, { status: 'failed', error: 'timeout', route: '/a' });
    const bound = answers.bind({ status: 'ok', error: '', route: '' });
    bound.add(3);
    temperature.observe((seen) => seen.set(20, { sensor: '', place: 'hall' }));
    const families = await bridge.gather();
    const shown = families.flatMap(({ samples }) =>
      samples.map(({ name: series, labels, value }) => [series, labels.map((pair) => pair.join('=')), value]),
    );
    assert.deepEqual(shown, [
      ['app_answers_total', ['zone=a', 'status=failed', 'error=timeout', 'route=/a'], 2],
      ['app_answers_total', ['zone=a', 'status=ok', 'route='], 4],
      ['app_temperature', ['zone=a', 'place=hall'], 20],
    ]);
    const { resourceMetrics } = await bridge.producer.collect();
    const pushed = resourceMetrics.scopeMetrics.flatMap(({ metrics }) =>
      metrics.flatMap(({ dataPoints }) => dataPoints as readonly { attributes: object }[]),
    );
    assert.deepEqual(
      pushed.map(({ attributes }) => attributes),
      [
        { zone: 'a', status: 'ok', route: '' },
        { zone: 'a', status: 'failed', error: 'timeout', route: '/a' },
        { zone: 'a', place: 'hall' },
      ],
    );
    answers.remove({ error: '' });
    assert.equal((await bridge.gather())[0]?.samples.length, 1);
  });
}

test('a test bridge reads a series without its optional label', async () => {
  const { metrics, value } = testBridge(declared);
  metrics.answers.add(1, { status: 'ok', error: '', route: '/a' });
  assert.equal(await value('answers', { status: 'ok', error: '', route: '/a' }), 1);
});

test('JSON keeps that a label is optional, and its schema refuses what is neither true nor false', () => {
  const { metrics } = fromJson(JSON.parse(JSON.stringify(toJson(declared))));
  assert.deepEqual(metrics.answers?.labels.error, declared.metrics.answers.labels.error);
  assert.throws(
    () =>
      contract('app', { runs: counter({ help: 'Runs.', labels: { error: capped({ optional: 'yes' as unknown as boolean }) } }) }),
    (error) => MeterbridgeError.is(error) && /labels\.error\.optional: got "yes"; the value is true or false/.test(error.message),
  );
});
