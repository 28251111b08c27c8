/** Random stores: families of every kind, series with labels of every length, values that a page may show. */
import type { Attributes } from '@opentelemetry/api';
import fc from 'fast-check';
import { createStore, type FamilySpec, recordExponential, type View } from '../../../src/core/store/index.ts';
import { takeRow } from '../../core/store/labels.ts';

/** Of every family, what its kind does not say. */
export const base: FamilySpec = { name: 'x', kind: 'gauge', unit: '', help: '', labels: [], maxAgeMs: Number.POSITIVE_INFINITY };

interface Series {
  readonly attributes: Attributes;
  readonly values: readonly number[];
}

export interface Made {
  readonly spec: Partial<FamilySpec>;
  readonly series: readonly Series[];
}

export function storeOf(families: readonly Made[]): View {
  const store = createStore();
  const source = store.source({ scope: { name: 'scope', version: '1' } });
  for (const { spec, series } of families) {
    const family = source.family({ ...base, ...spec }, true);
    for (const { attributes, values } of series) {
      const row = takeRow(family, attributes, 0);
      const at = row * family.stride;
      const { rowLayout } = family;
      if (rowLayout.form === 'exponential') {
        for (const value of values) recordExponential(family.cells, at, rowLayout.shape, Math.abs(value));
      } else family.cells.set(values.slice(0, rowLayout.summedCells), at);
    }
  }
  return store.view;
}

const names = fc.constantFrom('a', 'b', 'task', 'http.route', 'é', '1x', '__own', 'le_');
const texts = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary', maxLength: 20 }).map((text) => text.toWellFormed()),
  fc.constantFrom('', 'x'.repeat(127), 'x'.repeat(128), 'é'.repeat(9_000), 'a\n"b\\', '\u0000'),
);
/**
 * None is empty: of one family, producers make no two series that an empty label alone tells apart, since for Prometheus they are
 * one.
 */
const filled = texts.filter((text) => text !== '');
const attributeValues = fc.oneof(filled, fc.integer(), fc.boolean(), fc.constant(0.1));
const numbers = fc.oneof(
  fc.nat(),
  fc.double({ noNaN: true }),
  fc.constantFrom(0, -0, Number.NaN, 2 ** 53, 1e300, Number.POSITIVE_INFINITY),
);
const counts = fc.oneof(fc.nat(), fc.constantFrom(0, 127, 128, 2 ** 31, 2 ** 32 - 1, 2 ** 33, 2 ** 52));

const specs: fc.Arbitrary<{ spec: Partial<FamilySpec>; values: fc.Arbitrary<readonly number[]> }> = fc.constantFrom(
  { spec: { kind: 'gauge' }, values: fc.tuple(numbers) },
  { spec: { kind: 'counter' }, values: fc.tuple(numbers) },
  { spec: { kind: 'updowncounter' }, values: fc.tuple(numbers) },
  { spec: { kind: 'unknown' }, values: fc.tuple(numbers) },
  { spec: { kind: 'info' }, values: fc.tuple(fc.constant(1)) },
  { spec: { kind: 'stateset' }, values: fc.tuple(fc.constantFrom(0, 1)) },
  { spec: { kind: 'histogram', bounds: [-1, 0.5, 1, 1e6] }, values: fc.tuple(counts, counts, counts, counts, counts, numbers) },
  { spec: { kind: 'histogram', bounds: [] }, values: fc.tuple(counts, numbers) },
  { spec: { kind: 'summary' }, values: fc.tuple(counts, numbers) },
  {
    spec: { kind: 'histogram', exponential: { maxSize: 20, maxScale: 20 } },
    values: fc.array(fc.double({ noNaN: true, min: -1e9, max: 1e9 })),
  },
);

export const families = fc.uniqueArray(
  specs.chain(({ spec, values }) =>
    fc.record({
      spec: fc
        .record({
          name: fc.constantFrom('x', 'app.x', 'y.seconds', 'temperature', 'z9', 'w.total'),
          // Text does not keep blanks at the ends.
          help: texts.map((text) => `H${text}.`),
          unit: fc.constantFrom('', 's', 'By', '{run}'),
          labels: fc.constantFrom([], ['a'], ['task', 'a']),
          sorted: fc.boolean(),
          scopeLabels: fc.boolean(),
        })
        .map((more) => ({ ...more, ...spec })),
      series: fc.uniqueArray(fc.record({ attributes: fc.dictionary(names, attributeValues, { maxKeys: 4 }), values }), {
        selector: ({ attributes }) => JSON.stringify(Object.entries(attributes).toSorted()),
        maxLength: 6,
      }),
    }),
  ),
  { selector: ({ spec }) => spec.name, maxLength: 5 },
);
