/** Streams of one resource that become one series: what is shown, counted and told. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startExporter } from './rig.ts';

const second = 1_000_000_000n;
const shop = { 'service.name': 'shop' };

test('value types and empty attributes: they add up, and a line names both spellings and the fix', async (t) => {
  const rig = await startExporter(t, { without_scope_info: true });
  const of = (double: number, attributes: Readonly<Record<string, string | number>>) => ({
    start: second,
    time: 2n * second,
    double,
    attributes,
  });
  const sum = { type: 'sum', temporality: 2, monotonic: true } as const;
  const metrics = [
    { ...sum, name: 'typed', points: [of(100, { k: 1 }), of(5, { k: '1' })] },
    { ...sum, name: 'emptied', points: [of(26_800, { a: 'x' }), of(268, { a: 'x', b: '' })] },
  ];
  rig.send({ attributes: shop, metrics });
  rig.send({ attributes: shop, metrics });
  assert.deepEqual((await rig.samples()).toSorted(), [
    'emptied_total{a="x",job="shop"} 27068',
    'typed_total{job="shop",k="1"} 105',
  ]);
  assert.equal(rig.state().conflicts, 2);
  const fix = 'Give each attribute one type, and leave it out where it is empty';
  assert.deepEqual(rig.warnings, [
    `two streams of typed_total from job "shop" become one series, so that they add up: {"k": 1} and {"k": "1"}. ${fix}`,
    `two streams of emptied_total from job "shop" become one series, so that they add up: {"a": "x"} and {"a": "x", "b": ""}. ${fix}`,
  ]);
});

test('names that are escaped to one add up, and the fix is another name, not another type', async (t) => {
  const rig = await startExporter(t, {});
  const of = (double: number, key: string) => ({ start: second, time: 2n * second, double, attributes: { [key]: 'x' } });
  rig.send({
    attributes: shop,
    metrics: [{ name: 'runs', type: 'sum', temporality: 2, monotonic: true, points: [of(5, 'a.b'), of(2, 'a_b')] }],
  });
  assert.equal((await rig.samples()).length, 1);
  assert.deepEqual(rig.warnings, [
    'two streams of runs_total from job "shop" become one series, so that they add up: {"a.b": "x"} and {"a_b": "x"}. Rename all but one of the attributes that become one label',
  ]);
});

test('scopes without labels: they add up, and the line names the scopes', async (t) => {
  const rig = await startExporter(t, { without_scope_info: true });
  for (const scope of ['one', 'two']) {
    const points = [{ start: second, time: 2n * second, double: 5 }];
    rig.send({ attributes: shop, scope, metrics: [{ name: 'runs', type: 'sum', temporality: 2, monotonic: true, points }] });
  }
  assert.deepEqual(await rig.samples(), ['runs_total{job="shop"} 10']);
  assert.deepEqual(rig.warnings, [
    'two streams of runs_total from job "shop" become one series, so that they add up: {} of scope "one" and of scope "two". Keep scope labels, or name the metrics apart',
  ]);
});
