import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Attributes } from '@opentelemetry/api';
import fc from 'fast-check';
import { createStore, type FamilySpec } from '../../../../src/core/store/index.ts';
import { createRenderer, parseExposition, type Rendering } from '../../../../src/formats/exposition/index.ts';
import { attributesOf, hexOf, takeRow } from '../../../core/store/labels.ts';

const labels = ['zone', 'path', 'a'];
const spec: FamilySpec = { name: 'app.x', kind: 'gauge', unit: '', help: 'X.', labels, maxAgeMs: 60_000 };

function family(more: Partial<FamilySpec> = {}) {
  const store = createStore();
  const one = store.source({ scope: { name: 'test' } }).family({ ...spec, ...more }, true);
  const renderer = createRenderer(store.view);
  return {
    one,
    put: (attributes: Attributes, value: number) => takeRow(one, attributes, 0, value),
    drop: (row: number) => one.drop(row),
    async text(): Promise<string> {
      const { body } = (await renderer.render('text')) as Rendering;
      return Buffer.from(body).toString();
    },
  };
}

const plain = { a: '1', path: '/', zone: 'eu' };
const fitting: Readonly<Record<string, Attributes>> = {
  'all labels': plain,
  'an empty value': { ...plain, path: '' },
  'characters beyond ASCII': { ...plain, path: 'größer/日本/😀' },
  'a value of 127 bytes': { ...plain, zone: 'z'.repeat(127) },
  'a value of 128 bytes': { ...plain, zone: 'z'.repeat(128) },
  'a long value': { ...plain, path: 'p'.repeat(70_000) },
  'a quote': { ...plain, path: '"' },
  'a backslash': { ...plain, path: 'C:\\x' },
  'a line feed': { ...plain, a: 'x\n' },
};
const others: Readonly<Record<string, Attributes>> = {
  'a number': { ...plain, a: 1 },
  true: { ...plain, a: true },
  'an array': { ...plain, a: ['1'] },
  'a label less': { a: '1', path: '/' },
  'a label more': { ...plain, b: '' },
  'another label': { a: '1', path: '/', zonf: 'eu' },
  'no label': {},
};
for (const [fits, sets] of [
  [true, fitting],
  [false, others],
] as const) {
  for (const [what, attributes] of Object.entries(sets)) {
    test(`${fits ? 'made from its labels' : 'kept'}, and its attributes are what they were: ${what}`, () => {
      const { one, put } = family();
      put(plain, 0);
      const row = put(attributes, 1);
      assert.equal(one.labelsAt(row) >= 0, fits);
      assert.equal(attributesOf(one, row), hexOf(attributes));
    });
  }
}

test('the order is that of the declaration, whatever that of the bytes, and each label has its own value', async () => {
  const { put, text } = family();
  put(plain, 1.5);
  put({ ...plain, path: '/b' }, 2);
  assert.deepEqual((await text()).split('\n').slice(2, -1), [
    'app_x{zone="eu",path="/",a="1"} 1.5',
    'app_x{zone="eu",path="/b",a="1"} 2',
  ]);
});

test('any values are read back as they were, also in a second rendering and where a row has another series', async () => {
  const value = fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: fc.constantFrom('"', '\\', '\n', 'x') }));
  const series = fc.record({ zone: value, path: value, a: fc.oneof(value, fc.integer()) });
  const sets = fc.uniqueArray(series, { selector: ({ zone, path, a }) => JSON.stringify([zone, path, `${a}`]), maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(sets, fc.nat(), async (all, left) => {
      const { put, drop, text } = family();
      const rows = all.map((attributes, at) => put(attributes, at));
      for (const shown of [all, all, all.filter((_, at) => at !== left)]) {
        if (shown.length < all.length) drop(rows[left] as number);
        const parsed = parseExposition(await text(), 'text');
        const samples = parsed.ok ? parsed.families.flatMap((one) => one.samples) : [];
        assert.deepEqual(
          samples.map((sample) => JSON.stringify(sample.labels)),
          shown.map(({ zone, path, a }) =>
            JSON.stringify([
              ['zone', zone],
              ['path', path],
              ['a', `${a}`],
            ]),
          ),
        );
      }
    }),
  );
});

test('a counter that is no count has no line', async () => {
  const { put, text } = family({ kind: 'counter', labels: ['n'] });
  for (const value of [-1, Number.NaN, 0, 7]) put({ n: `${value}` }, value);
  assert.deepEqual((await text()).split('\n').slice(2, -1), ['app_x_total{n="0"} 0', 'app_x_total{n="7"} 7']);
});

test('a row that was written as it is, and then belongs to a series with a quote', async () => {
  const { put, drop, text } = family({ labels: ['a'] });
  put({ a: 'stays' }, 0);
  const row = put({ a: 'plain' }, 1);
  for (let count = 0; count < 2; count++) await text();
  drop(row);
  assert.equal(put({ a: 'a "quote"' }, 2), row);
  assert.deepEqual((await text()).split('\n').slice(2, -1), ['app_x{a="stays"} 0', 'app_x{a="a \\"quote\\""} 2']);
});

test('every character of ASCII at every place of short values, escaped where the format wants it', async () => {
  const { put, text } = family({ labels: ['n', 'v'] });
  const values: string[] = [];
  for (let length = 1; length < 10; length++) {
    for (let place = 0; place < length; place++) {
      for (let code = 0; code < 128; code++)
        values.push(`${'~'.repeat(place)}${String.fromCharCode(code)}${'~'.repeat(length - place - 1)}`);
    }
  }
  for (const [n, v] of values.entries()) put({ n: `${n}`, v }, 0);
  const parsed = parseExposition(await text(), 'text');
  const samples = parsed.ok ? parsed.families.flatMap((one) => one.samples) : [];
  assert.deepEqual(
    samples.map((sample) => sample.labels[1]?.[1]),
    values,
  );
});
