/** Families by number of series, and what came and went in each minute. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createStore, type Family } from '../../../src/core/store/index.ts';
import { createFamilyRows } from '../../../src/status/explore/family-rows.ts';

function storeOf() {
  const store = createStore();
  const source = store.source({ scope: { name: '' } });
  const spec = { kind: 'gauge', unit: '', help: '', labels: ['at'], maxAgeMs: Number.POSITIVE_INFINITY } as const;
  const open = (name: string) => source.family({ ...spec, name }, true);
  const take = (family: Family, ...values: string[]) => values.map((value) => family.row({ values: [value] }, 0));
  return { view: store.view, open, take };
}

test('series that come and go are counted in their minute, by name and in all; before the first minute nothing is known', async () => {
  const { view, open, take } = storeOf();
  const a = open('a');
  const early = take(a, '1', '2');
  const rows = createFamilyRows(view);
  const lineOf = async (name: string) => {
    const counts = (await rows.read()).get(name);
    assert.ok(counts);
    const { series, created, expired } = rows.row(counts, 10);
    return [series, created.slice(-3), expired.slice(-3)];
  };
  assert.deepEqual(await lineOf('a'), [2, [null, null, null], [null, null, null]]);
  await rows.begin();
  assert.deepEqual(await lineOf('a'), [2, [null, null, 0], [null, null, 0]]);
  take(a, '3', '4', '5');
  a.drop(early[0] ?? 0);
  const b = open('b');
  take(b, '1');
  assert.deepEqual(await lineOf('a'), [4, [null, null, 3], [null, null, 1]]);
  assert.deepEqual(
    [rows.created.slice(-2), rows.expired.slice(-2)],
    [
      [null, 4],
      [null, 1],
    ],
  );
  await rows.minute();
  assert.deepEqual(await lineOf('a'), [4, [null, 3, 0], [null, 1, 0]]);
  assert.deepEqual(await lineOf('b'), [1, [null, 1, 0], [null, 0, 0]]);
  // A family that ends takes its series with it.
  b.end();
  await rows.read();
  assert.deepEqual(
    [rows.created.slice(-3), rows.expired.slice(-3)],
    [
      [null, 4, 0],
      [null, 1, 1],
    ],
  );
  await rows.minute();
  for (let minute = 0; minute < 20; minute++) await rows.minute();
  assert.deepEqual(await lineOf('a'), [4, [0, 0, 0], [0, 0, 0]]);
  assert.equal(rows.created.length, 15);
});

test('two families of one name are one row', async () => {
  const { view, open, take } = storeOf();
  take(open('a'), '1');
  take(open('a'), '2', '3');
  const read = await createFamilyRows(view).read();
  assert.deepEqual(
    [...read.values()].map(({ name, series }) => [name, series]),
    [['a', 3]],
  );
});
