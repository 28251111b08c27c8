/** Exponential histograms with buckets between powers of two: one set for a family, in every format. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MessageChannel } from 'node:worker_threads';
import { createStore, type FamilySpec, recordExponential, type View } from '../../../../src/core/store/index.ts';
import { createRemoteView } from '../../../../src/core/store/threads/remote-view.ts';
import { createRenderer } from '../../../../src/formats/exposition/write/renderer.ts';
import { labelsOf } from '../../../core/store/labels.ts';
import { decodeFamilies } from '../decode-families.ts';

const spec: FamilySpec = {
  name: 'wait',
  kind: 'histogram',
  unit: '',
  help: 'Wait.',
  labels: ['task'],
  exponential: { maxSize: 160, maxScale: 20, textBuckets: 4 },
  maxAgeMs: 60_000,
};

function open(over: Partial<FamilySpec> = {}) {
  const store = createStore();
  const family = store.source({ scope: { name: 'test' } }).family({ ...spec, ...over }, true);
  const rows = new Map<string, number>();
  function record(task: string, ...values: number[]): void {
    const row = rows.get(task) ?? family.row(labelsOf({ task }), 1_700_000_000_000);
    rows.set(task, row);
    const part = family.rowLayout.exponential;
    assert.ok(part);
    for (const value of values) recordExponential(family.cells, row * family.stride + part.at, part.shape, value);
  }
  return { store, family, record };
}

async function page(view: View, format: 'text' | 'openmetrics' = 'text', created = false): Promise<string> {
  const rendering = await createRenderer(view, { created }).render(format);
  assert.ok(rendering.tooLarge === undefined);
  return Buffer.from(rendering.body).toString();
}

const head = '# HELP wait Wait.\n# TYPE wait histogram\n';
const filled = () => {
  const all = open();
  all.record('b', 0, 1, 3);
  all.record('a', 0.3);
  return all;
};
// (0.25, 0.5], (0.5, 1], (2, 4]: bounds 0.5, 1, 2 and 4.
const b = `wait_bucket{task="b",le="0.5"} 1
wait_bucket{task="b",le="1"} 2
wait_bucket{task="b",le="2"} 2
wait_bucket{task="b",le="4"} 3
wait_bucket{task="b",le="+Inf"} 3
wait_sum{task="b"} 4
wait_count{task="b"} 3
`;
const a = `wait_bucket{task="a",le="0.5"} 1
wait_bucket{task="a",le="1"} 1
wait_bucket{task="a",le="2"} 1
wait_bucket{task="a",le="4"} 1
wait_bucket{task="a",le="+Inf"} 1
wait_sum{task="a"} 0.3
wait_count{task="a"} 1
`;

test('all series of a family have the bounds of all', async () => {
  assert.equal(await page(filled().store.view), head + b + a);
});

test('sorted too', async () => {
  const all = open({ sorted: true });
  all.record('b', 0, 1, 3);
  all.record('a', 0.3);
  assert.equal(await page(all.store.view), head + a + b);
});

test('in OpenMetrics, with when they began', async () => {
  const om = await page(filled().store.view, 'openmetrics', true);
  const lines = (b + a).replace(/le="(\d)"/g, 'le="$1.0"').replace(/(wait_count(\{.*\}) .*\n)/g, '$1wait_created$2 1700000000\n');
  assert.equal(om, `# TYPE wait histogram\n# HELP wait Wait.\n${lines}# EOF\n`);
});

test('a view from another thread shows the same', async (t) => {
  const { store } = filled();
  const { port1, port2 } = new MessageChannel();
  store.share(port1);
  t.after(() => port2.close());
  assert.equal(await page(createRemoteView(port2)), head + b + a);
});

test('where values spread, the same renderer shows some of the bounds that there were, and others', async () => {
  const { store, record } = filled();
  const renderer = createRenderer(store.view);
  const bounds = async () => {
    const rendering = await renderer.render('text');
    assert.ok(rendering.tooLarge === undefined);
    const lines = Buffer.from(rendering.body)
      .toString()
      .matchAll(/^wait_bucket\{task="a",le="(.*)"\} (\d+)$/gm);
    return Object.fromEntries([...lines].map(([, le, count]) => [le, Number(count)]));
  };
  assert.deepEqual(await bounds(), { '0.5': 1, 1: 1, 2: 1, 4: 1, '+Inf': 1 });
  record('b', 30);
  assert.deepEqual(await bounds(), { 1: 1, 4: 1, 16: 1, 64: 1, '+Inf': 1 });
  record('a', 6);
  assert.deepEqual(await bounds(), { 1: 1, 4: 1, 16: 2, 64: 2, '+Inf': 2 });
});

test('without values, and without being asked for, there is the bucket of all', async () => {
  const none = open();
  none.record('a', 0);
  const one = 'wait_bucket{task="a",le="+Inf"} 1\nwait_sum{task="a"} 0\nwait_count{task="a"} 1\n';
  assert.equal(await page(none.store.view), head + one);
  const plain = open({ exponential: { maxSize: 160, maxScale: 20 } });
  plain.record('a', 0, 5);
  assert.equal(await page(plain.store.view), head + one.replaceAll(' 1\n', ' 2\n').replace('sum{task="a"} 0', 'sum{task="a"} 5'));
});

test('protobuf has them beside the native ones', async () => {
  const rendering = await createRenderer(filled().store.view).render('protobuf');
  assert.ok(rendering.tooLarge === undefined);
  const [family] = decodeFamilies(rendering.body);
  const histograms = family?.metric?.map(({ histogram }) => histogram) ?? [];
  const le = [0.5, 1, 2, 4, Number.POSITIVE_INFINITY];
  assert.deepEqual(
    histograms.map((histogram) =>
      histogram?.bucket?.map(({ upperBound, cumulativeCount }) => [upperBound, Number(cumulativeCount)]),
    ),
    [
      [1, 2, 2, 3, 3],
      [1, 1, 1, 1, 1],
    ].map((counts) => counts.map((count, at) => [le[at], count])),
  );
  assert.deepEqual(
    histograms.map((histogram) => [Number(histogram?.sampleCount), histogram?.positiveSpan?.length]),
    [
      [3, 2],
      [1, 1],
    ],
  );
});
