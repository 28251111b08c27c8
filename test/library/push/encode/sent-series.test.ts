import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createStore, type Store } from '../../../../src/core/store/index.ts';
import { attributePairs, splitAttributes } from '../../../../src/formats/otlp/index.ts';
import { createSentSeries, type SentSeries } from '../../../../src/library/push/encode/sent-series.ts';
import { takeRow } from '../../../core/store/labels.ts';
import { put, specOf } from '../sources.ts';

/** A push that arrives or not: what it told to be gone, and the attribute bytes that it sent. */
function push(store: Store, sent: SentSeries, arrives = true) {
  const place = { attributes: new Uint8Array(0), from: 0, to: 0 };
  const rows: string[] = [];
  const names = (bytes: Uint8Array) =>
    attributePairs(splitAttributes(bytes))
      .map(([, value]) => String(value))
      .join();
  sent.begin();
  store.view.walk({
    family(family) {
      sent.family(family);
      return true;
    },
    row(family, row, generation) {
      sent.row(family, row, generation, place);
      rows.push(names(place.attributes.subarray(place.from, place.to)));
    },
  });
  const gone = [...sent.gone()].map(({ family, attributes }) => `${family.spec.name} ${names(attributes)}`).sort();
  if (arrives) sent.delivered();
  return { rows, gone };
}

function create(limit?: number) {
  const store = createStore();
  const source = store.source({ scope: { name: 'demo' } });
  const family = source.family(specOf('a', { labels: ['n'] }), true);
  const add = (n: string) => put(family, { n }, 1);
  return { store, source, family, add, sent: createSentSeries(limit) };
}

test('rows keep their attributes over pushes, and a row that went away is told until a push arrives', () => {
  const { store, family, add, sent } = create();
  const [x] = [add('x'), add('y'), add('a longer text than before')];
  const first = push(store, sent);
  assert.deepEqual(first, { rows: ['x', 'y', 'a longer text than before'], gone: [] });
  assert.deepEqual(push(store, sent), first);
  family.drop(x);
  for (const arrives of [false, false, true]) assert.deepEqual(push(store, sent, arrives).gone, ['a x']);
  assert.deepEqual(push(store, sent).gone, []);
});

test('a row that another series took: the new one is sent, the old one is gone', () => {
  const { store, family, add, sent } = create();
  const x = add('x');
  push(store, sent);
  family.drop(x);
  assert.equal(add('z'), x);
  assert.deepEqual(push(store, sent), { rows: ['z'], gone: ['a x'] });
});

test('a series that came back is not gone, under whichever row', () => {
  const { store, family, add, sent } = create();
  const [x, y] = [add('x'), add('y')];
  push(store, sent);
  family.drop(x);
  family.drop(y);
  add('x');
  add('y');
  assert.deepEqual(push(store, sent).gone, []);
});

test('a series that came back while its end could not be told is not gone', () => {
  const { store, family, add, sent } = create();
  const x = add('x');
  push(store, sent);
  family.drop(x);
  assert.deepEqual(push(store, sent, false).gone, ['a x']);
  add('x');
  assert.deepEqual(push(store, sent).gone, []);
});

test('a series that no push brought there is not told to be gone', () => {
  const { store, family, add, sent } = create();
  add('x');
  push(store, sent);
  const y = add('y');
  push(store, sent, false);
  family.drop(y);
  assert.deepEqual(push(store, sent).gone, []);
});

test('all series of a source that closed are gone, unless another source goes on with them', () => {
  const { store, source, add, sent } = create();
  add('x');
  add('y');
  push(store, sent);
  source.close();
  const next = store.source({ scope: { name: 'demo' } }).family(specOf('a', { labels: ['n'] }), true);
  put(next, { n: 'x' }, 1);
  assert.deepEqual(push(store, sent), { rows: ['x'], gone: ['a y'] });
});

test('beyond the limit series are sent, and nothing is kept of them', () => {
  const { store, family, add, sent } = create(2);
  const rows = ['x', 'y', 'z'].map(add);
  assert.deepEqual(push(store, sent).rows, ['x', 'y', 'z']);
  assert.deepEqual(push(store, sent).rows, ['x', 'y', 'z']);
  for (const row of rows) family.drop(row);
  assert.deepEqual(push(store, sent).gone, ['a x', 'a y']);
});

test('series that come and go while nothing arrives do not pile up', () => {
  const { store, family, sent } = create();
  put(family, { n: 'stays' }, 1);
  push(store, sent);
  for (let n = 0; n < 50; n++) {
    const row = takeRow(family, { n: `passing ${n}` }, 0);
    push(store, sent, false);
    family.drop(row);
  }
  assert.deepEqual(push(store, sent).gone, []);
});

test('what is kept of series of ever other lengths does not grow', () => {
  const { store, family, sent } = create();
  const place = { attributes: new Uint8Array(0), from: 0, to: 0 };
  const names = (): string[] => {
    const seen: string[] = [];
    sent.begin();
    store.view.walk({
      family(each) {
        sent.family(each);
        return true;
      },
      row(each, row, generation) {
        sent.row(each, row, generation, place);
        seen.push(String(attributePairs(splitAttributes(place.attributes.subarray(place.from, place.to)))[0]?.[1]));
      },
    });
    for (const _ of sent.gone());
    sent.delivered();
    return seen;
  };
  const live: { row: number; name: string }[] = [];
  let key = 0;
  const come = (): void => {
    key += 1;
    const name = `${key}`.padStart((key * 7_919) % 2_000, '0');
    live.push({ row: put(family, { n: name }, 1), name });
  };
  while (live.length < 100) come();
  live.push({ row: put(family, { n: 'stays' }, 1), name: 'stays' });
  for (let round = 0; round < 200; round++) {
    assert.deepEqual(names().sort(), live.map(({ name }) => name).sort());
    const stays = live.pop() as (typeof live)[number];
    for (const { row } of live.splice(0)) family.drop(row);
    while (live.length < 100) come();
    live.push(stays);
  }
  // Some 100 kB of text at any time, 200 kB within a push, of the 20 MB that came.
  assert.ok(place.attributes.length < 800_000, `${place.attributes.length} bytes`);
});
