/** All rows of a family leave together: on the writer's thread and in a view from another one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MessageChannel } from 'node:worker_threads';
import { createStore, type FamilySpec, type FamilyView, type Row, type View } from '../../../src/core/store/index.ts';
import { createRemoteView } from '../../../src/core/store/threads/remote-view.ts';

const spec: FamilySpec = { name: 'app.x', kind: 'counter', unit: '', help: 'X.', labels: ['key'], maxAgeMs: 60_000 };

function valuesIn(view: View): Record<string, number> {
  const values: Record<string, number> = {};
  view.walk({
    family: () => true,
    row: (family, row, _generation, cellAt) => {
      values[`${family.labels(row).values[0]}`] = family.cells[cellAt] as number;
    },
  });
  return values;
}

for (const [name, isRemote] of [
  ['this thread', false],
  ['another one', true],
] as const) {
  function create(t: { after(end: () => void): void }) {
    const store = createStore();
    const source = store.source({ scope: { name: 'test' } });
    const family = source.family(spec, true);
    if (!isRemote) return { source, family, view: store.view };
    const { port1, port2 } = new MessageChannel();
    const unshare = store.share(port1);
    t.after(() => {
      unshare();
      port2.close();
    });
    return { source, family, view: createRemoteView(port2) };
  }
  const fill = (family: ReturnType<typeof create>['family'], prefix: string, count: number) =>
    Array.from({ length: count }, (_, at) => family.row({ values: [`${prefix}${at}`] }, 1, at + 1));

  test(`in ${name} none is shown afterwards, and those that come are`, (t) => {
    const { source, family, view } = create(t);
    source.family({ ...spec, name: 'app.other' }, true).row({ values: ['other'] }, 1, 7);
    fill(family, 'a', 3_000);
    family.drop(17);
    assert.equal(Object.keys(valuesIn(view)).length, 3_000);
    family.clear();
    assert.deepEqual([valuesIn(view), family.size, family.used], [{ other: 7 }, 0, 1]);
    family.clear();
    fill(family, 'b', 2);
    family.row({ names: ['zone', 'key'], values: ['eu', 'c'] }, 1, 9);
    assert.deepEqual(valuesIn(view), { b0: 1, b1: 2, eu: 9, other: 7 });
    fill(family, 'd', 5_000);
    assert.equal(Object.keys(valuesIn(view)).length, 5_004);
  });

  test(`in ${name} who knew a row sees that it is gone, also once another series has its number`, (t) => {
    const { family, view } = create(t);
    const rows = fill(family, 'a', 100);
    for (let times = 0; times < 5; times++) {
      family.drop(rows[3] as Row);
      rows[3] = family.row({ values: ['a3'] }, 1);
    }
    const known: (readonly [FamilyView, Row, number])[] = [];
    let taken = 0;
    view.walk({
      family: () => true,
      row: (each, row, generation) => {
        known.push([each, row, generation]);
        taken = each.taken;
      },
    });
    assert.equal(known.length, 100);
    for (let round = 0; round < 3; round++) {
      family.clear();
      assert.ok(known.every(([each, row, generation]) => !each.holds(row, generation)));
      assert.notEqual(known[0]?.[0].taken, taken);
      fill(family, 'b', 200);
      assert.ok(known.every(([each, row, generation]) => !each.holds(row, generation)));
    }
  });

  test(`in ${name} a walk that began before ends, and shows none of those that come`, (t) => {
    const { family, view } = create(t);
    fill(family, 'a', 1_000);
    const shown: string[] = [];
    const visitor = { family: () => true, row: (each: FamilyView, row: Row) => void shown.push(`${each.labels(row).values[0]}`) };
    let cursor = view.walk(visitor, undefined, 300);
    family.clear();
    fill(family, 'b', 2_000);
    for (let turns = 0; cursor !== undefined && turns < 100; turns++) cursor = view.walk(visitor, cursor, 300);
    assert.equal(cursor, undefined);
    assert.ok(shown.length <= 300 && shown.every((text) => text.startsWith('a')));
    assert.equal(Object.keys(valuesIn(view)).length, 2_000);
  });
}

test('what the labels took is given back at once', () => {
  const family = createStore()
    .source({ scope: { name: 'test' } })
    .family(spec, true);
  for (let key = 0; key < 5_000; key++) family.row({ values: [`${key}`.padStart(1_000, '0')] }, 1);
  const before = process.memoryUsage().arrayBuffers;
  family.clear();
  assert.ok(process.memoryUsage().arrayBuffers < before - 5_000_000);
});

test('not inside a replacement', () => {
  const source = createStore().source({ scope: { name: 'test' } });
  const family = source.family(spec, false);
  assert.throws(() => source.replace([family], () => family.clear()), /BUG: clear: app\.x is being replaced/);
});
