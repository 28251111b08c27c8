import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { MessageChannel } from 'node:worker_threads';
import { createStore, type FamilySpec, joinViews, type Row, type View } from '../../../../src/core/store/index.ts';
import { createRemoteView } from '../../../../src/core/store/threads/remote-view.ts';
import { labelsOf } from '../labels.ts';

const gauge: FamilySpec = { name: 'app.x', kind: 'gauge', unit: '', help: 'X.', labels: [], maxAgeMs: 60_000 };
const key = (name: string) => labelsOf({ key: name });

/** A store and its view over a port, both in this thread: what matters is that nothing but messages and memory connects them. */
function shared(t: TestContext) {
  const store = createStore({ clock: () => 1_000 });
  const source = store.source({ scope: { name: 'test' } });
  const family = source.family(gauge, true);
  const { port1, port2 } = new MessageChannel();
  const unshare = store.share(port1);
  const view = createRemoteView(port2);
  t.after(() => port2.close());
  return { store, source, family, view, unshare };
}

/** `family row=value`. */
function shown(view: View, cells?: number): readonly string[] {
  const seen: string[] = [];
  const visitor = {
    family: () => true,
    row: (family: { spec: FamilySpec; cells: Float64Array }, row: Row, _generation: number, cellAt: number) =>
      seen.push(`${family.spec.name} ${row}=${family.cells[cellAt]}`),
  };
  let cursor = view.walk(visitor, undefined, cells);
  while (cursor !== undefined) cursor = view.walk(visitor, cursor, cells);
  return seen;
}

for (const cells of [1, 3, undefined]) {
  test(`values, rows, growth and new families show without a turn of the loop, ${cells ?? 'all'} cells at a time`, (t) => {
    const { store, family, view } = shared(t);
    const row = family.row(key('a'), 0, 1);
    assert.deepEqual(shown(view, cells), ['app.x 1=1']);
    family.cells[row] = 2;
    for (let index = 2; index < 20; index++) family.row(key(`${index}`), 0, index);
    store
      .source({ scope: { name: 'late' } })
      .family({ ...gauge, name: 'app.y' }, true)
      .row(key('b'), 0, 7);
    const all = shown(view, cells);
    assert.deepEqual([all.length, all[0], all[18], all[19]], [20, 'app.x 1=2', 'app.x 19=19', 'app.y 1=7']);
  });
}

test('the same rows as the store’s own view', (t) => {
  const { store, source, family, view } = shared(t);
  const rows = Array.from({ length: 50 }, (_, index) => family.row(key(`${index}`), 0, index));
  for (const index of [3, 4, 40]) family.drop(rows[index] as Row);
  source.family({ ...gauge, name: 'app.h', kind: 'histogram', bounds: [1, 2] }, true).row(key('h'), 0, 5);
  assert.deepEqual(shown(view, 4), shown(store.view));
  source.close();
  assert.deepEqual(shown(view), []);
});

test('labels, start, size and age are the row’s and the family’s', (t) => {
  const { source, view } = shared(t);
  const observed = source.family({ ...gauge, name: 'app.o', kind: 'counter' }, false);
  source.replace([observed], () => observed.row(key('o'), 5, 1));
  const seen: unknown[] = [];
  view.walk({
    family: ({ spec, goodAt, size }) => seen.push([spec.name, goodAt, size]) > 0,
    row: (family, row, generation) => seen.push([family.labels(row), family.start(row), family.generation(row) === generation]),
  });
  assert.deepEqual(seen, [
    ['app.x', Number.POSITIVE_INFINITY, 0],
    ['app.o', 1_000, 1],
    [key('o'), 5, true],
  ]);
});

test('a family that is being replaced is waited for: the walk comes back, and shows all of it later', (t) => {
  const { source, view } = shared(t);
  const observed = source.family({ ...gauge, name: 'app.o' }, false);
  const visitor = { family: () => true, row: () => assert.fail('half a replacement') };
  let cursor: ReturnType<View['walk']>;
  source.replace([observed], () => {
    observed.row(key('o'), 0, 1);
    cursor = view.walk(visitor);
  });
  assert.ok(cursor !== undefined);
  const seen: number[] = [];
  view.walk(
    { family: () => true, row: (family, _row, _generation, cellAt) => seen.push(family.cells[cellAt] as number) },
    cursor,
  );
  assert.deepEqual(seen, [1]);
});

test('a row that changes hands between two slices shows neither its old nor its new series', (t) => {
  const { family, view } = shared(t);
  const rows = [1, 2, 3].map((index) => family.row(key(`${index}`), 0, index));
  const seen: number[] = [];
  const visitor = {
    family: () => true,
    row: (of: { cells: Float64Array }, _row: Row, _generation: number, cellAt: number) => seen.push(of.cells[cellAt] as number),
  };
  const cursor = view.walk(visitor, undefined, 1);
  family.drop(rows[2] as Row);
  assert.equal(family.row(key('new'), 0, 9), rows[2]);
  view.walk(visitor, cursor);
  assert.deepEqual(seen, [1, 2]);
});

test('after unsharing nothing new is told', (t) => {
  const { source, view, unshare } = shared(t);
  unshare();
  source.family({ ...gauge, name: 'app.later' }, true).row(key('l'), 0, 1);
  assert.deepEqual(shown(view), []);
});

for (const cells of [1, undefined]) {
  test(`two views joined are walked one behind the other, ${cells ?? 'all'} cells at a time`, () => {
    const [first, second] = [createStore(), createStore({ firstId: 1_000 })];
    for (const [store, name] of [
      [first, 'app.a'],
      [second, 'app.b'],
    ] as const) {
      const family = store.source({ scope: { name } }).family({ ...gauge, name }, true);
      for (const value of [1, 2]) family.row(key(`${value}`), 0, value);
    }
    const all = ['app.a 1=1', 'app.a 2=2', 'app.b 1=1', 'app.b 2=2'];
    assert.deepEqual(shown(joinViews(first.view, second.view, 1_000), cells), all);
    assert.deepEqual(shown(joinViews(createStore().view, second.view, 1_000), cells), all.slice(2));
  });
}
