/**
 * What JSON has besides samples: exemplars, times, and what is put in place once a page is written. Typed from docs/formats.md.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  createStore,
  exemplarAt,
  type FamilySpec,
  type Store,
  writeReceivedExemplar,
} from '../../../../../src/core/store/index.ts';
import {
  createRenderer,
  type RendererOptions,
  type Rendering,
  type TooLarge,
} from '../../../../../src/formats/exposition/index.ts';
import { createPace } from '../../../../../src/formats/exposition/write/pace.ts';
import { takeRow } from '../../../../core/store/labels.ts';
import { readJsonPage } from '../../json-page.ts';

const spec: FamilySpec = { name: 'x', kind: 'gauge', unit: '', help: '', labels: [], maxAgeMs: 60_000 };
const startMs = 1_795_357_530_250;
const ids = Uint8Array.from({ length: 24 }, (_, index) => index + 1);
const [trace_id, span_id] = ['0102030405060708090a0b0c0d0e0f10', '1112131415161718'];

async function familiesOf(store: Store, options: RendererOptions = {}) {
  return readJsonPage(((await createRenderer(store.view, options).render('json')) as Rendering).body);
}

/** A row of one family, all exemplars set. */
async function rowOf(own: Partial<FamilySpec>, cells: readonly number[], timeMs = 0) {
  const store = createStore();
  const family = store.source({ scope: { name: 's' } }).family({ ...spec, ...own } as FamilySpec, true);
  const at = family.row({ names: [], values: [] }, startMs) * family.stride;
  family.cells.set(cells, at);
  const { rowLayout } = family;
  if (rowLayout.timestamp !== undefined) family.cells[at + rowLayout.timestamp] = timeMs;
  for (let index = 0; index < rowLayout.exemplars; index++)
    writeReceivedExemplar(family.cells, at + exemplarAt(rowLayout, index), {
      value: 0.25,
      timeMs: index * 1_500,
      bytes: ids,
      traceAt: 0,
      spanAt: index === 0 ? -1 : 16,
    });
  const [one] = await familiesOf(store);
  return one?.metrics[0];
}

const without = { labels: { trace_id }, value: 0.25 };
const both = { labels: { trace_id, span_id }, value: 0.25, timestamp: 1.5 };

test('a counter with its start, its exemplar and its time', async () => {
  assert.deepEqual(await rowOf({ kind: 'counter', exemplars: true, timestamps: true }, [3], 1_795_357_531_125), {
    labels: {},
    value: 3,
    exemplar: without,
    created: 1_795_357_530.25,
    timestamp: 1_795_357_531.125,
  });
});

test('rows that are sorted have their starts', async () => {
  const store = createStore();
  for (const [name, kind] of [
    ['x', { kind: 'counter' }],
    ['y', { kind: 'histogram', exponential: { maxSize: 20, maxScale: 20 } }],
  ] as const) {
    const family = store
      .source({ scope: { name: 's' } })
      .family({ ...spec, ...kind, name, labels: ['of'], sorted: true } as FamilySpec, true);
    for (const [at, of] of ['c', 'a', 'b'].entries()) family.row({ names: ['of'], values: [of] }, startMs + 1_000 * at);
  }
  const starts = (await familiesOf(store)).map(({ metrics }) => metrics.map(({ labels, created }) => [labels.of, created]));
  const sorted = [
    ['a', 1_795_357_531.25],
    ['b', 1_795_357_532.25],
    ['c', 1_795_357_530.25],
  ];
  assert.deepEqual(starts, [sorted, sorted]);
});

test('a time that is unknown, and a start that is, are not there', async () => {
  assert.deepEqual(await rowOf({ kind: 'counter', timestamps: true, unknownStart: true }, [3]), { labels: {}, value: 3 });
  assert.deepEqual(await rowOf({ kind: 'gauge', timestamps: true }, [3]), { labels: {}, value: 3 });
});

test('a histogram has exemplars in its buckets', async () => {
  assert.deepEqual(await rowOf({ kind: 'histogram', bounds: [0.5], exemplars: true }, [2, 1, 4.5]), {
    labels: {},
    buckets: [
      { le: 0.5, count: 2, exemplar: without },
      { le: '+Inf', count: 3, exemplar: both },
    ],
    sum: 4.5,
    count: 3,
    created: 1_795_357_530.25,
  });
});

test('a page without families, and a family without series', async () => {
  const store = createStore();
  assert.deepEqual(await familiesOf(store), []);
  store.source({ scope: { name: 's' } }).family(spec, true);
  assert.deepEqual(await familiesOf(store), [{ name: 'x', type: 'gauge', metrics: [] }]);
});

test('families of one name that are not neighbours are one', async () => {
  const store = createStore();
  const declare = (name: string, scope: string, value: number) => {
    const family = store.source({ scope: { name: scope } }).family({ ...spec, name, scopeLabels: true }, true);
    takeRow(family, {}, 0, value);
  };
  for (const scope of ['one', 'two', 'three']) for (const name of ['a', 'b']) declare(name, scope, scope.length);
  const shown = (await familiesOf(store)).map(({ name, metrics }) => [
    name,
    metrics.map(({ labels, value }) => [labels.otel_scope_name, value]),
  ]);
  const values = [
    ['one', 3],
    ['two', 3],
    ['three', 5],
  ];
  assert.deepEqual(shown, [
    ['a', values],
    ['b', values],
  ]);
});

function large(): Store {
  const store = createStore();
  for (const [name, rows] of [
    ['small', 3],
    ['large', 20_000],
    ['middle', 300],
  ] as const) {
    const family = store
      .source({ scope: { name: 's' } })
      .family({ ...spec, name, labels: ['row', 'quote'], sorted: name === 'middle' }, true);
    for (let row = 0; row < rows; row++) takeRow(family, { row: `${row}`, quote: '"\u0001' }, 0, row);
  }
  return store;
}

const limits: readonly (readonly [maxBytes: number, shown: readonly string[] | undefined])[] = [
  [5, undefined],
  [15, undefined],
  [20, []],
  [100, []],
  [400, ['small']],
  [10_000, ['small']],
  [100_000, ['small', 'middle']],
  [10_000_000, ['small', 'large', 'middle']],
];
const everything = large();
for (const [maxBytes, shown] of limits) {
  test(`at most ${maxBytes} bytes: ${shown === undefined ? 'no page' : `[${shown.join()}]`}`, async () => {
    const page = (await createRenderer(everything.view).render('json', { maxBytes })) as Rendering | TooLarge;
    if (page.tooLarge === true || shown === undefined) {
      assert.deepEqual([page.tooLarge, shown], [true, undefined]);
      return;
    }
    assert.ok(page.body.length <= maxBytes, `${page.body.length} of ${maxBytes}`);
    assert.deepEqual(
      readJsonPage(page.body).map(({ name }) => name),
      shown,
    );
    assert.deepEqual(
      page.omitted.map(({ family }) => family).toSorted(),
      ['large', 'middle', 'small'].filter((name) => !shown.includes(name)),
    );
  });
}

test('it is written in slices', async () => {
  let rests = 0;
  const pace: RendererOptions['pace'] = (signal) => {
    const real = createPace(signal);
    return {
      due: () => true,
      rest() {
        rests++;
        return real.rest();
      },
    };
  };
  const families = await familiesOf(large(), { pace });
  assert.equal(families.flatMap(({ metrics }) => metrics).length, 20_303);
  // 256 cells a slice, and a sorted family's rows besides.
  assert.ok(rests >= 20_300 / 256, `${rests}`);
});
