/** A batch that is rewritten has the index that reading its bytes gives, and says what it said but for what is to change. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { section } from '../../../../src/core/config/schema/index.ts';
import type { ExporterFactory } from '../../../../src/service/component.ts';
import { components } from '../../../../src/service/components.ts';
import { randomRequests } from '../../../conformance/twin/random.ts';
import { playedReceiver } from '../../exporters/pairs/played-receiver.ts';
import { noOwnMetrics, startFrom } from '../../graph/rig.ts';
import { batchOf, requestWith, rig, shortOf, treeOf } from '../rig.ts';

/** As the Collector deletes one: the last one takes its place. */
function withoutK<T extends { readonly key: string }>(attributes: readonly T[]): readonly T[] {
  const at = attributes.findIndex(({ key }) => key === 'k');
  const last = attributes.at(-1);
  return at === -1 || last === undefined ? attributes : attributes.with(at, last).slice(0, -1);
}

const requests = randomRequests(200, 7);

for (const [type, yaml] of [
  ['attributes', 'actions: [{key: gone, action: delete}]'],
  ['resource', 'attributes: [{key: gone, action: delete}]'],
  ['attributes', 'include: {match_type: strict, metric_names: [none]}\nactions: [{key: k, action: delete}]'],
] as const)
  test(`${type} without an effect: ${yaml}`, () => {
    for (const request of requests) {
      const { send, batches } = rig(type, yaml);
      const before = treeOf(batchOf(request));
      send(request);
      assert.deepEqual(batches[0], before);
    }
  });

test('attributes change in points of every type, and nothing else does', () => {
  const { send, batches } = rig(
    'attributes',
    'actions: [{key: k, action: delete}, {key: long.name, action: insert, value: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx}]',
  );
  const added = { key: 'long.name', value: { stringValue: 'x'.repeat(31) } };
  for (const [at, request] of requests.entries()) {
    const before = treeOf(batchOf(request));
    send(request);
    const expected = before.map((resource) => ({
      ...resource,
      scopes: resource.scopes.map((scope) => ({
        ...scope,
        metrics: scope.metrics.map((metric) => ({
          ...metric,
          points: metric.points.map((point) => ({ ...point, attributes: [...withoutK(point.attributes), added] })),
        })),
      })),
    }));
    assert.deepEqual(batches[at], expected);
  }
});

test('attributes of some metrics, and more than is remembered', () => {
  const yaml =
    'include: {match_type: strict, metric_names: [m]}\nactions: [{key: n, action: insert, value: x}, {key: k, action: delete}]';
  const { processor, batches } = rig('attributes', yaml);
  const k = { key: 'k', value: { stringValue: 'v' } };
  const long = (n: number) => ({ key: 'long', value: { stringValue: `${n}`.padEnd(60_000, 'x') } });
  processor.consume(batchOf(requestWith([k])));
  processor.consume(batchOf(requestWith([k], [], 'other')));
  // Some 40 MB twice over, of the 64 MiB that are remembered: the second time all is forgotten on the way.
  const { resourceMetrics } = {
    resourceMetrics: Array.from({ length: 700 }, (_, n) => requestWith([k, long(n)]).resourceMetrics[0]),
  };
  processor.consume(batchOf({ resourceMetrics }));
  const shown = batches.map((tree) =>
    tree.flatMap(({ scopes }) => scopes[0]?.metrics[0]?.points.map((point) => shortOf(point.attributes))),
  );
  assert.deepEqual(shown.slice(0, 2), [['n=s:x'], ['k=s:v']]);
  assert.deepEqual(
    shown[2],
    Array.from({ length: 700 }, (_, n) => `n=s:x long=s:${`${n}`.padEnd(60_000, 'x')}`),
  );
});

test('behind another one, attributes that grow beyond what is remembered are still the right ones', async (t) => {
  const { factory, send } = playedReceiver();
  const shown: unknown[] = [];
  const sink: ExporterFactory = {
    kind: 'exporter',
    type: 'sink',
    schema: section({}),
    create: () => ({
      async start() {},
      async shutdown() {},
      consume: (batch) =>
        void shown.push(
          ...treeOf(batch).flatMap(({ scopes }) => scopes[0]?.metrics[0]?.points.map(({ attributes }) => shortOf(attributes))),
        ),
    }),
  };
  const long = 'x'.repeat(60_000);
  await startFrom(
    t,
    `receivers: {played: {}}
processors:
  attributes: {actions: [{key: long, action: insert, value: ${long}}]}
  attributes/2: {actions: [{key: k, action: update, value: v}]}
exporters: {sink: {}}
service:
  ${noOwnMetrics}
  pipelines: {metrics: {receivers: [played], processors: [attributes, attributes/2], exporters: [sink]}}`,
    [...components, factory, sink],
  );
  // 42 MB behind the first one, which is less than it remembers, and twice as much behind the second one, which is more.
  const resourceMetrics = Array.from({ length: 700 }, (_, n) => {
    const attributes = ['k', 'n'].map((key) => ({ key, value: { stringValue: `${n}` } }));
    return requestWith(attributes).resourceMetrics[0];
  });
  assert.deepEqual(await send('played', batchOf({ resourceMetrics }).bytes), { code: undefined, rejected: 0, why: '' });
  assert.deepEqual(
    shown,
    Array.from({ length: 700 }, (_, n) => `k=s:v n=s:${n} long=s:${long}`),
  );
});
