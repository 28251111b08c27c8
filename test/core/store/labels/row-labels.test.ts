/** Labels of rows, whatever their names and values, as they were given: on the writer's thread and in a view from another one. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { MessageChannel } from 'node:worker_threads';
import fc from 'fast-check';
import {
  createStore,
  type Family,
  type FamilySpec,
  type NewLabels,
  type Row,
  type RowLabels,
  type View,
} from '../../../../src/core/store/index.ts';
import { createRemoteView } from '../../../../src/core/store/threads/remote-view.ts';

const spec: FamilySpec = { name: 'app.x', kind: 'gauge', unit: '', help: 'X.', labels: ['zone', 'path'], maxAgeMs: 60_000 };

function create(t: Pick<TestContext, 'after'>, mostLabelBytes?: number) {
  const store = createStore(mostLabelBytes === undefined ? {} : { mostLabelBytes });
  const family = store.source({ scope: { name: 'test' } }).family(spec, true);
  const { port1, port2 } = new MessageChannel();
  const unshare = store.share(port1);
  const remote = createRemoteView(port2);
  t.after(() => {
    unshare();
    port2.close();
  });
  return { family, views: [store.view, remote] };
}

function labelsIn(view: View): Map<Row, RowLabels> {
  const labels = new Map<Row, RowLabels>();
  view.walk({ family: () => true, row: (family, row) => labels.set(row, family.labels(row)) });
  return labels;
}

const bytes = (...values: number[]) => Uint8Array.from(values);
const given: readonly [what: string, labels: NewLabels][] = [
  ['the family’s', { values: ['eu', '/'] }],
  ['the family’s by their names', { names: ['zone', 'path'], values: ['eu', '/'] }],
  ['in another order', { names: ['path', 'zone'], values: ['/', 'eu'] }],
  ['one less', { names: ['zone'], values: ['eu'] }],
  ['none', { names: [], values: [] }],
  ['others', { names: ['größe', '', 'a'], values: ['ü'.repeat(100), '', '\ufeffmark'] }],
  ['a value that is no string', { values: ['eu', bytes(0x18, 0x07)] }],
  ['a value without bytes', { values: [bytes(), ''] }],
  ...[47, 48, 49, 127, 128, 129, 16_383, 16_384, 70_000].map((length): [string, NewLabels] => [
    `values of ${length} bytes`,
    { values: ['x'.repeat(length), bytes(...new Uint8Array(length).fill(0x80))] },
  ]),
];
test('labels are read as they were given', (t) => {
  const { family, views } = create(t);
  const rows = given.map(([, labels]) => family.row(labels, 0));
  for (const view of views) {
    const seen = labelsIn(view);
    for (const [at, [what, { names = spec.labels, values }]] of given.entries()) {
      assert.deepEqual(seen.get(rows[at] as Row), { names, values }, what);
    }
  }
});

test('a value less than names is a mistake of the caller', (t) => {
  const { family } = create(t);
  assert.throws(() => family.row({ values: ['eu'] }, 0), /BUG: 1 values for 2 labels: zone, path/);
});

const string = fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ minLength: 100, maxLength: 400 }));
const value = fc.oneof(string, fc.uint8Array({ maxLength: 300 }));
const names = fc.oneof(
  fc.constant(spec.labels),
  fc.uniqueArray(fc.constantFrom('zone', 'path', 'a', 'b', 'c'), { maxLength: 4 }),
  fc.uniqueArray(string),
);
const labels = names.chain((all) => fc.record({ names: fc.constant(all), values: fc.tuple(...all.map(() => value)) }));
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ labels, many: fc.integer({ min: 1, max: 20 }) }) },
  fc.record({ drops: fc.nat(100) }),
);

test('rows of any shapes come and go, and each keeps its own labels', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30, size: 'max' }), (steps) => {
      const closers: (() => void)[] = [];
      const { family, views } = create({ after: (close) => void closers.push(close as () => void) });
      const live: [Row, RowLabels][] = [];
      for (const one of steps) {
        if ('labels' in one)
          for (let count = 0; count < one.many; count++) live.push([family.row(one.labels, 0), { ...one.labels }]);
        else for (const [row] of live.splice(0, one.drops)) family.drop(row);
      }
      try {
        for (const view of views) assert.deepEqual(labelsIn(view), new Map(live));
      } finally {
        for (const close of closers) close();
      }
    }),
    { numRuns: 40 },
  );
});

/** A row whose names are 3,000 bytes. */
function takeWide(family: Family, names: number, series: number): Row {
  const wide = Array.from({ length: 100 }, (_, at) => `${names}-${at}`.padEnd(30, '.'));
  return family.row({ names: wide, values: wide.map((_, at) => (at === 0 ? `${series}` : '')) }, 0);
}

test('names are kept once for all rows that have them', (t) => {
  const { family } = create(t);
  for (let series = 0; series < 1_000; series++) takeWide(family, 1, series);
  // 100 lengths and a number each, and the names once: 3 MB if each row had its own.
  assert.ok(family.labelBytes.length < 250_000, `${family.labelBytes.length} bytes`);
});

test('names that no row has any more take no room', (t) => {
  const { family } = create(t);
  const first = takeWide(family, 0, 0);
  let last = takeWide(family, 1, 0);
  for (let series = 2; series < 5_000; series++) {
    const next = takeWide(family, series, series);
    family.drop(last);
    last = next;
  }
  // 15 MB came.
  assert.ok(family.labelBytes.length < 250_000, `${family.labelBytes.length} bytes`);
  assert.deepEqual([family.labels(first).names[99], family.labels(last).values[0]], ['0-99'.padEnd(30, '.'), '4999']);
});

test('without room for a row its names take none', (t) => {
  const { family } = create(t, 8_192);
  const one = takeWide(family, 1, 1);
  assert.notEqual(one, 0);
  assert.notEqual(takeWide(family, 2, 2), 0);
  for (let series = 3; series < 100; series++) assert.equal(takeWide(family, series, series), 0);
  family.drop(one);
  assert.equal(takeWide(family, 3, 3), one);
});
