/** A batch that is rewritten has the index that reading its bytes gives, and says what it said but for what is to change. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { randomRequests } from '../../../conformance/twin/random.ts';
import { batchOf, rig, treeOf } from '../rig.ts';

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
