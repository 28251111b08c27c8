/** A page in protobuf and in text 0.0.4 has the same families, series and values, but native buckets. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createStore, type FamilySpec, type View } from '../../../../../src/core/store/index.ts';
import {
  createRenderer,
  type ExpositionFormat,
  parseExposition,
  type Renderer,
  type RendererOptions,
  type Rendering,
} from '../../../../../src/formats/exposition/index.ts';
import { takeRow } from '../../../../core/store/labels.ts';
import { decodeFamilies } from '../../decode-families.ts';
import { sample, samplesOf } from '../../protobuf-samples.ts';
import { base, families, storeOf } from '../../random-stores.ts';

async function bodyOf(renderer: Renderer, format: ExpositionFormat): Promise<Rendering> {
  return (await renderer.render(format)) as Rendering;
}

const types = {
  counter: 'COUNTER',
  gauge: 'GAUGE',
  summary: 'SUMMARY',
  unknown: 'UNTYPED',
  histogram: 'HISTOGRAM',
} as const satisfies Partial<Record<FamilySpec['kind'], string>>;

async function assertSame(view: View, options: RendererOptions = {}): Promise<void> {
  const renderer = createRenderer(view, options);
  // Twice: made, and kept.
  for (let time = 0; time < 2; time++) {
    const text = await bodyOf(renderer, 'text');
    const parsed = parseExposition(Buffer.from(text.body).toString(), 'text');
    assert.ok(parsed.ok, JSON.stringify(parsed));
    const decoded = decodeFamilies((await bodyOf(renderer, 'protobuf')).body);
    assert.deepEqual(
      decoded.map(({ name, type, help = '' }) => [name, type, help]),
      parsed.families.map(({ name, kind, help = '' }) => [name, types[kind as keyof typeof types], help]),
    );
    const lines = parsed.families.flatMap(({ samples }) =>
      samples.map(({ name, labels, value }) => sample(name, plainBounds(labels), value)),
    );
    assert.deepEqual(samplesOf(decoded).toSorted(), lines.toSorted());
  }
}

/** Of `le` and `quantile`, `1e+06` is `1000000`. */
function plainBounds(labels: readonly (readonly [string, string])[]): readonly (readonly [string, string])[] {
  return labels.map(([name, value]) => [
    name,
    ['le', 'quantile'].includes(name) && value !== '+Inf' ? String(Number(value)) : value,
  ]);
}

test('the same series and values', async () => {
  await fc.assert(
    fc.asyncProperty(families, (made) => assertSame(storeOf(made))),
    { numRuns: 300 },
  );
});

for (const escaping of ['underscores', 'dots', 'values'] as const) {
  test(`the same series and values, escaping=${escaping}`, async () => {
    // Whose names are UTF-8 has labels that are not reserved, and those of scopes are no attributes.
    const plain = families.map((all) =>
      all.map(({ spec, series }) => ({
        spec: { ...spec, scopeLabels: false },
        series: series.filter(({ attributes }) => !('__own' in attributes)),
      })),
    );
    await fc.assert(
      fc.asyncProperty(plain, (made) => assertSame(storeOf(made), { escaping, strategy: 'NoTranslation' })),
      { numRuns: 100 },
    );
  });
}

test('with UTF-8 names nothing is quoted', async () => {
  const store = createStore();
  const spec = { ...base, name: 'app.größe', labels: ['http.route'] };
  takeRow(store.source({ scope: { name: '' } }).family(spec, true), { 'http.route': '/"x"' }, 0);
  const decoded = decodeFamilies(
    (await bodyOf(createRenderer(store.view, { escaping: 'allow-utf-8', strategy: 'NoTranslation' }), 'protobuf')).body,
  );
  const label = [{ name: 'http.route', value: '/"x"' }];
  assert.deepEqual(decoded, [{ name: 'app.größe', type: 'GAUGE', metric: [{ label, gauge: { value: 0 } }] }]);
});

test('a family whose rows come in several shapes, and between others of its name, is one message', async () => {
  const store = createStore();
  const source = store.source({ scope: { name: '' } });
  const one = source.family({ ...base, name: 'h', kind: 'histogram', bounds: [1] }, true);
  source.family({ ...base, name: 'g' }, true);
  const other = source.family({ ...base, name: 'h', kind: 'histogram', bounds: [2, 3] }, true, one);
  takeRow(one, { a: '1' }, 0);
  takeRow(other, { a: '2' }, 0);
  const decoded = decodeFamilies((await bodyOf(createRenderer(store.view), 'protobuf')).body);
  assert.deepEqual(
    decoded.map(({ name, metric = [] }) => [name, metric.map(({ histogram }) => histogram?.bucket?.length)]),
    [
      ['h', [2, 3]],
      ['g', []],
    ],
  );
});

test('a family of more than 128 KiB, written in several slices', async () => {
  const series = Array.from({ length: 5_000 }, (_, at) => ({ attributes: { a: `${at}`.padEnd(60, 'x') }, values: [at] }));
  await assertSame(
    storeOf([
      { spec: { labels: ['a'] }, series },
      { spec: { name: 'y' }, series: [{ attributes: {}, values: [1] }] },
    ]),
  );
});

test('an empty store is an empty page', async () => {
  assert.equal((await bodyOf(createRenderer(createStore().view), 'protobuf')).body.length, 0);
});
