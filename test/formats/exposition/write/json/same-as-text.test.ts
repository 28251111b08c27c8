/** A page in JSON keeps its schema, and has the families, series and values of text 0.0.4. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createStore, type FamilySpec, recordExponential, type View } from '../../../../../src/core/store/index.ts';
import {
  createRenderer,
  parseExposition,
  type RendererOptions,
  type Rendering,
} from '../../../../../src/formats/exposition/index.ts';
import { takeRow } from '../../../../core/store/labels.ts';
import { assertValid, example, isValid, jsonSamples, readJsonPage } from '../../json-page.ts';
import { sample } from '../../protobuf-samples.ts';

const base: FamilySpec = { name: 'x', kind: 'gauge', unit: '', help: '', labels: [], maxAgeMs: Number.POSITIVE_INFINITY };

interface Made {
  readonly spec: Partial<FamilySpec>;
  /** Labels, and cells. */
  readonly series: readonly (readonly [Readonly<Record<string, string>>, readonly number[]])[];
  /** Declared in two parts, between which the next one is, so that its rows are put together. */
  readonly apart: boolean;
}

function storeOf(families: readonly Made[]): View {
  const store = createStore();
  const declare = ({ spec, series }: Made, scope: string) => {
    const family = store.source({ scope: { name: scope } }).family({ ...base, ...spec } as FamilySpec, true);
    for (const [labels, values] of series) {
      const row = takeRow(family, labels, 0);
      const { rowLayout } = family;
      if (rowLayout.form !== 'exponential') family.cells.set(values.slice(0, rowLayout.summedCells), row * family.stride);
      else for (const value of values) recordExponential(family.cells, row * family.stride, rowLayout.shape, Math.abs(value));
    }
  };
  for (const made of families) declare(made, 'first');
  for (const made of families) if (made.apart) declare(made, 'second');
  return store.view;
}

const kinds: Readonly<Record<string, string>> = {
  counter: 'counter',
  histogram: 'histogram',
  summary: 'summary',
  unknown: 'unknown',
};

async function assertSame(view: View, options: RendererOptions = {}): Promise<void> {
  const renderer = createRenderer(view, options);
  // Twice: made, and kept.
  for (let time = 0; time < 2; time++) {
    const page = (await renderer.render('text')) as Rendering;
    const text = parseExposition(Buffer.from(page.body).toString(), 'text');
    assert.ok(text.ok, JSON.stringify(text));
    const json = (await renderer.render('json')) as Rendering;
    const families = readJsonPage(json.body);
    assert.deepEqual(
      families.map(({ name, type, help }) => [name, type, help]),
      text.families.map(({ name, kind, help }) => [name, kinds[kind] ?? 'gauge', help]),
    );
    const plain = (name: string, value: string) =>
      /^(le|quantile)$/.test(name) && value !== '+Inf' ? String(Number(value)) : value;
    const lines = text.families.flatMap(({ samples }) =>
      samples.map(({ name, labels, value }) =>
        sample(
          name,
          labels.map(([label, text]) => [label, plain(label, text)]),
          value,
        ),
      ),
    );
    assert.deepEqual(jsonSamples(families).toSorted(), lines.toSorted());
    // What is one series is told with the first page, whatever its format.
    const left = ({ omitted }: Rendering) => omitted.filter(({ reason }) => reason !== 'labels' && reason !== 'series').length;
    assert.deepEqual([json.series, left(json)], [page.series, left(page)]);
  }
}

const texts = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }).map((text) => text.toWellFormed()),
  fc.constantFrom(
    '',
    'x'.repeat(127),
    'x'.repeat(128),
    'é'.repeat(9_000),
    'a\n"b\\\\',
    '\u0000\u001f\u007f\u2028',
    '"'.repeat(200),
    '\u0001'.repeat(300),
  ),
);
/** Of one family, producers make no two series that an empty label alone tells apart, since for Prometheus they are one. */
const filled = texts.filter((text) => text !== '');
const numbers = fc.oneof(
  fc.nat(),
  fc.double({ noNaN: true }),
  fc.constantFrom(0, -0, Number.NaN, 2 ** 53, -(2 ** 63), 1e300, 5e-324, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
);
const counts = fc.oneof(fc.nat(), fc.constantFrom(0, 2 ** 32, 2 ** 52));
const shapes: fc.Arbitrary<readonly [Partial<FamilySpec>, fc.Arbitrary<readonly number[]>]> = fc.constantFrom(
  [{ kind: 'gauge' }, fc.tuple(numbers)],
  [{ kind: 'counter' }, fc.tuple(numbers)],
  [{ kind: 'updowncounter' }, fc.tuple(numbers)],
  [{ kind: 'unknown' }, fc.tuple(numbers)],
  [{ kind: 'info' }, fc.tuple(fc.constant(1))],
  [{ kind: 'stateset' }, fc.tuple(fc.constantFrom(0, 1))],
  [
    { kind: 'histogram', bounds: [-1, 0.5, 1, 1e6, 1e-7, 1e21].toSorted((a, b) => a - b) },
    fc.array(counts, { minLength: 8, maxLength: 8 }),
  ],
  [{ kind: 'histogram', bounds: [] }, fc.tuple(counts, numbers)],
  [{ kind: 'summary' }, fc.tuple(counts, numbers)],
  [{ kind: 'summary', quantiles: [0.5, 0.99] }, fc.tuple(counts, numbers, numbers, numbers)],
  [{ kind: 'histogram', exponential: { maxSize: 20, maxScale: 20 } }, fc.array(fc.double({ noNaN: true, min: -1e9, max: 1e9 }))],
);
const made: fc.Arbitrary<Made> = shapes.chain(([shape, values]) =>
  fc.record({
    spec: fc
      .record({
        name: fc.constantFrom('x', 'app.x', 'y.seconds', 'temperature', 'w.total'),
        help: texts.map((text) => `H${text}.`),
        unit: fc.constantFrom('', 's', 'By', '{run}'),
        labels: fc.constantFrom([], ['a'], ['task', 'a']),
        sorted: fc.boolean(),
        scopeLabels: fc.boolean(),
      })
      .map((more) => ({ ...more, ...shape }) as Partial<FamilySpec>),
    series: fc.uniqueArray(
      fc.tuple(fc.dictionary(fc.constantFrom('a', 'task', 'http.route', 'é', '1x', 'le_'), filled, { maxKeys: 4 }), values),
      {
        selector: ([labels]) => JSON.stringify(Object.entries(labels).toSorted()),
        maxLength: 6,
      },
    ),
    apart: fc.boolean(),
  }),
);
const families = fc.uniqueArray(made, { selector: ({ spec }) => spec.name, maxLength: 5 });

test('the same families, series and values', async () => {
  await fc.assert(
    fc.asyncProperty(families, (all) => assertSame(storeOf(all))),
    { numRuns: 300 },
  );
});

test('the example of the page keeps the schema, and what is no exposition does not', () => {
  assertValid(example);
  const family = { name: 'x', type: 'gauge', metrics: [{ labels: {}, value: 1 }] };
  assert.ok(isValid({ families: [family] }));
  for (const wrong of [
    {},
    { families: [{}] },
    { families: [{ ...family, type: 'info' }] },
    { families: [{ ...family, metrics: [{ labels: {}, value: null }] }] },
    { families: [{ ...family, metrics: [{ labels: {}, value: 'Infinity' }] }] },
    { families: [{ ...family, metrics: [{ labels: {} }] }] },
    { families: [{ ...family, metrics: [{ labels: { a: 1 }, value: 1 }] }] },
    { families: [{ ...family, type: 'histogram' }] },
    { families: [{ ...family, type: 'summary', metrics: [{ labels: {}, sum: 1, count: 1, value: 1 }] }] },
    { families: [{ ...family, metrics: [{ labels: {}, value: 1, created: 0 }] }] },
  ])
    assert.ok(!isValid(wrong), JSON.stringify(wrong));
});
