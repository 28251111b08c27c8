/** Created timestamps: the same for every reader, and none where Prometheus would count a total again. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MessageChannel } from 'node:worker_threads';
import { createStore, type FamilySpec, type FamilyView, type Row, startOf, type View } from '../../../src/core/store/index.ts';
import { createRemoteView } from '../../../src/core/store/threads/remote-view.ts';
import { labelsOf } from './labels.ts';

const spec: FamilySpec = { name: 'app.x', kind: 'counter', unit: '', help: 'X.', labels: [], maxAgeMs: 60_000 };

/** What a walk in slices of so many cells gives for each row. */
function startsOf(view: View, cells?: number): readonly number[] {
  const starts: number[] = [];
  const visitor = {
    family: () => true,
    row: (...[family, row]: Parameters<Parameters<View['walk']>[0]['row']>) => void starts.push(startOf(family, row)),
  };
  let cursor = view.walk(visitor, undefined, cells);
  while (cursor !== undefined) cursor = view.walk(visitor, cursor, cells);
  return starts;
}

const kinds = {
  counter: 5_000,
  histogram: 5_000,
  summary: 5_000,
  // Exposed as gauges, or as a gauge histogram, which has none in OpenMetrics.
  updowncounter: 0,
  gauge: 0,
  info: 0,
  unknown: 0,
  stateset: 0,
  gaugehistogram: 0,
} as const;

for (const [kind, expected] of Object.entries(kinds) as [keyof typeof kinds, number][]) {
  test(`the start of a ${kind}'s row is ${expected}`, () => {
    const store = createStore();
    store
      .source({ scope: { name: 'test' } })
      .family({ ...spec, kind }, true)
      .row(labelsOf({ key: 'a' }), 5_000);
    assert.deepEqual(startsOf(store.view), [expected]);
  });
}

test('a start of which the value was not 0 is none, but stays the start of a point', () => {
  const store = createStore();
  const family = store.source({ scope: { name: 'test' } }).family(spec, true);
  const row = family.row(labelsOf({ key: 'a' }), 5_000);
  family.setStart(row, 9_000, false);
  assert.deepEqual([family.start(row), family.zeroAt(row), startsOf(store.view)], [9_000, 0, [0]]);
  family.setStart(row, 10_000);
  assert.deepEqual([family.start(row), family.zeroAt(row), startsOf(store.view)], [10_000, 10_000, [10_000]]);
});

test('a family of totals that outlive their process has none', () => {
  const store = createStore();
  store
    .source({ scope: { name: 'test' } })
    .family({ ...spec, unknownStart: true }, true)
    .row(labelsOf({ key: 'a' }), 5_000);
  assert.deepEqual(startsOf(store.view), [0]);
});

for (const cells of [1, 3, undefined]) {
  test(`a view in another thread has the same, ${cells ?? 'all'} cells at a time`, (t) => {
    const store = createStore();
    const source = store.source({ scope: { name: 'test' } });
    const [some, many] = [source.family(spec, true), source.family({ ...spec, name: 'app.y' }, true)];
    const { port1, port2 } = new MessageChannel();
    store.share(port1);
    t.after(() => port2.close());
    const view = createRemoteView(port2);
    for (let at = 1; at <= 40; at++) many.row(labelsOf({ key: `${at}` }), at);
    many.setStart(3, 99, false);
    some.row(labelsOf({ key: 'a' }), 7_000);
    const starts = Array.from({ length: 40 }, (_, at) => (at === 2 ? 0 : at + 1));
    assert.deepEqual(startsOf(view, cells), [7_000, ...starts]);
    assert.deepEqual(startsOf(store.view, cells), [7_000, ...starts]);
  });
}

test('from another thread, a row is asked for behind its slice too: a sorted family is written when the walk has gone on', (t) => {
  const store = createStore();
  const source = store.source({ scope: { name: 'test' } });
  const families = [source.family(spec, true), source.family({ ...spec, name: 'app.y' }, true)];
  const { port1, port2 } = new MessageChannel();
  store.share(port1);
  t.after(() => port2.close());
  for (const [at, family] of families.entries()) {
    for (let row = 1; row <= 3; row++) family.row(labelsOf({ key: `${row}` }), 1_000 * (at + 1) + row);
  }
  const met: (readonly [FamilyView, Row])[] = [];
  createRemoteView(port2).walk({ family: () => true, row: (family, row) => void met.push([family, row]) });
  assert.deepEqual(
    met.map(([family, row]) => startOf(family, row)),
    [1_001, 1_002, 1_003, 2_001, 2_002, 2_003],
  );
});
