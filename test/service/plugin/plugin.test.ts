/** What a plugin is held to, and what it is made of. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { batchOfJson, batchTree, gather, polling, section, testComponentContext } from '../../../src/collector.ts';
import { components } from '../../../src/service/components.ts';
import { withPlugins } from '../../../src/service/plugin/with-plugins.ts';
import { until } from '../../until.ts';

const at = '--plugin p';
const receiver = { kind: 'receiver', type: 'mine', schema: section({}), create: () => {} };

test('a plugin’s components stand beside our own', () => {
  assert.deepEqual(withPlugins([]), components);
  assert.deepEqual(withPlugins([{ at, components: [receiver] }]), [...components, receiver]);
});

const wrong: readonly (readonly [what: string, components: unknown, message: RegExp])[] = [
  [
    'no components',
    undefined,
    /^--plugin p: got nothing; a plugin exports components, an array of factories\. Fix: write export const/,
  ],
  ['no array', receiver, /an array of factories/],
  ['no object', [7], /^--plugin p components\[0\]: got 7; it is a factory/],
  [
    'another kind',
    [{ ...receiver, kind: 'connector' }],
    /components\[0\]\.kind: got "connector"; a kind is receiver, processor, exporter/,
  ],
  [
    'no type',
    [{ ...receiver, type: 'mine/2' }],
    /components\[0\]\.type: got "mine\/2"; a type is what a component id begins with/,
  ],
  ['no schema', [{ ...receiver, schema: {} }], /components\[0\]\.schema: .*Fix: write section\(\{\}\)/],
  ['no create', [{ ...receiver, create: undefined }], /components\[0\]\.create: got nothing; it is a function/],
  ['listens', [{ ...receiver, listens: 1 }], /components\[0\]\.listens: got 1/],
  ['one of ours', [{ ...receiver, type: 'otlp' }], /components\[0\]\.type: got "otlp"; there is such a receiver already/],
  ['twice', [receiver, receiver], /components\[1\]\.type: got "mine"; there is such a receiver already/],
];
for (const [what, given, message] of wrong)
  test(`a plugin that is none: ${what}`, () => {
    assert.throws(() => withPlugins([{ at, components: given }]), { code: 'OPTION_INVALID', message });
  });

const attributes = [{ key: 'host', value: { stringValue: 'a' } }];
const request = {
  resourceMetrics: [
    {
      resource: { attributes },
      scopeMetrics: [
        {
          scope: { name: 's' },
          metrics: [
            { name: 'g', unit: 'By', gauge: { dataPoints: [{ timeUnixNano: '5', asDouble: 1.5, attributes }] } },
            {
              name: 'n',
              sum: {
                isMonotonic: true,
                aggregationTemporality: 2,
                dataPoints: [{ timeUnixNano: '5', asInt: '9007199254740993' }],
              },
            },
            {
              name: 'h',
              histogram: {
                aggregationTemporality: 1,
                dataPoints: [{ timeUnixNano: '5', count: '2', bucketCounts: ['1', '1'], explicitBounds: [3] }],
              },
            },
            {
              name: 'e',
              exponentialHistogram: {
                aggregationTemporality: 2,
                dataPoints: [{ timeUnixNano: '5', count: '1', scale: 3, zeroCount: '1' }],
              },
            },
            {
              name: 'q',
              summary: { dataPoints: [{ timeUnixNano: '5', count: '1', sum: 2, quantileValues: [{ quantile: 0.5, value: 2 }] }] },
            },
          ],
        },
      ],
    },
  ],
};

test('a batch of JSON is read back as it was written', () => {
  const batch = batchOfJson(request);
  assert.equal(batch.points, 5);
  const [{ resource, scopes } = assert.fail()] = batchTree(batch);
  assert.deepEqual(resource.attributes, attributes);
  const [{ scope, metrics } = assert.fail()] = scopes;
  assert.equal(scope.name, 's');
  assert.deepEqual(
    metrics.map(({ metric, type }) => [metric.name, type]),
    [
      ['g', 'gauge'],
      ['n', 'sum'],
      ['h', 'histogram'],
      ['e', 'exponentialHistogram'],
      ['q', 'summary'],
    ],
  );
  const [gauge, sum, histogram] = metrics;
  assert.deepEqual([gauge?.metric.unit, gauge?.type === 'gauge' && gauge.points[0]?.asDouble], ['By', 1.5]);
  assert.deepEqual([sum?.metric.monotonic, sum?.type === 'sum' && sum.points[0]?.asInt], [true, 9_007_199_254_740_993n]);
  assert.deepEqual(histogram?.type === 'histogram' && histogram.points[0]?.bucketCounts, [1n, 1n]);
});

test('what is no OTLP names its place', () => {
  assert.throws(() => batchOfJson({ resourceMetrics: [{ scopeMetrics: 7 }] }), /resourceMetrics\[0\]\.scopeMetrics/);
});

test('polling hands on what it reads, counts what came of it, and survives a reading that fails', {
  timeout: 60_000,
}, async () => {
  const sink = gather({ points: 1, why: 'no room' });
  const context = testComponentContext(sink.consume);
  const readings = [() => batchOfJson(request), () => undefined, () => assert.fail('unreadable'), () => batchOfJson(request)];
  const receiver = polling(context, 1, () => readings.shift()?.());
  await receiver.start();
  assert.equal(sink.batches.length, 1);
  await until('the fourth reading', () => sink.batches.length === 2);
  await receiver.shutdown();
  assert.deepEqual(context.counted, { accepted: 8, refused: 2, failed: 0 });
  assert.deepEqual(
    context.refusals.map(({ kind, message, times }) => [kind, message.split(':')[0], times]),
    [
      ['rejected_points', 'no room', 1],
      ['failed_read', 'a reading has failed', 1],
      ['rejected_points', 'no room', 1],
    ],
  );
});

test('the first reading is the start', async () => {
  const receiver = polling(testComponentContext(), 1, () => assert.fail('no such folder'));
  await assert.rejects(receiver.start(), /no such folder/);
  await receiver.shutdown();
});
