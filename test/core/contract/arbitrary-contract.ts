/** Random legal contracts for property tests. */
import fc from 'fast-check';
import {
  type Contract,
  capped,
  contract,
  counter,
  type Declared,
  gauge,
  histogram,
  identity,
  type Label,
  oneOf,
  parameter,
  summary,
  upDownCounter,
} from '../../../src/core/contract/index.ts';
import { acrossChoices } from '../../../src/core/contract/metric.ts';

const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 });
const sentence = text.filter((given) => given.trim() !== '');
const limit = fc.integer({ min: 1, max: 5_000 });

const label: fc.Arbitrary<Label> = fc.oneof(
  fc.uniqueArray(text, { minLength: 1, maxLength: 4 }).map((values) => oneOf(...values)),
  fc.record({ limit, other: text }).map(capped),
  fc.record({ limit, other: text }).map(identity),
);
const labels = fc.dictionary(fc.constantFrom('status', 'task', 'kind', 'http.method'), label, {
  maxKeys: 3,
  noNullPrototype: true,
});
const bounds = fc
  .uniqueArray(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 5 })
  .map((list) => [...new Set(list.map((bound) => bound + 0))].toSorted((a, b) => a - b));

const said = fc.record(
  {
    help: sentence,
    unit: fc.constantFrom('', '{run}', 's', 'By', '%', 'By/s'),
    labels,
    observed: fc.boolean(),
    zeroFilled: fc.boolean(),
    omitEmpty: fc.boolean(),
    constantLabels: fc.dictionary(fc.constantFrom('hostname', 'zone'), fc.oneof(text, fc.constant(parameter('host-1'))), {
      noNullPrototype: true,
    }),
    deprecated: sentence,
    stability: fc.constantFrom('stable', 'development'),
  },
  { requiredKeys: ['help'], noNullPrototype: true },
);

const buckets = fc.oneof(
  bounds.map((list) => ({ bounds: list })),
  fc
    .record(
      {
        maxSize: fc.integer({ min: 2, max: 1_024 }),
        maxScale: fc.integer({ min: -10, max: 20 }),
        textBuckets: fc.integer({ min: 2, max: 1_000 }),
      },
      { requiredKeys: [], noNullPrototype: true },
    )
    .chain((exponential) =>
      'textBuckets' in exponential
        ? fc.constant({ exponential })
        : fc.constantFrom({ exponential }, { bounds: [0.5, 2], exponential }),
    ),
);

const declared: fc.Arbitrary<Declared> = fc
  .tuple(
    fc.constantFrom(counter, upDownCounter, gauge, histogram, summary),
    said,
    buckets,
    fc.boolean(),
    fc.boolean(),
    fc.constantFrom(...acrossChoices),
  )
  .map(([build, declaration, shape, minMax, asked, across]) => {
    if (build === gauge || build === upDownCounter) return build(asked ? { ...declaration, across } : declaration);
    const exemplars = asked && declaration.observed !== true;
    if (build === counter) return counter({ ...declaration, exemplars, unknownStart: asked && declaration.observed === true });
    const isBare = Object.keys(declaration.labels ?? {}).length === 0;
    if (build === summary)
      return summary({ ...declaration, ...(asked && isBare && { counters: { sum: 'Sum.', count: 'Count.' } }) });
    if (build !== histogram) return build(declaration);
    const observed = 'exponential' in shape || minMax ? false : (declaration.observed ?? false);
    return histogram({ ...declaration, ...shape, minMax, observed, exemplars, unknownStart: asked && observed });
  });

export const arbitraryContract: fc.Arbitrary<Contract> = fc
  .record({
    metrics: fc.array(declared, { maxLength: 4 }),
    defaultFormat: fc.constantFrom('text', 'openmetrics'),
    maxAgeMs: fc.constantFrom(0, 60_000, Number.POSITIVE_INFINITY),
  })
  .map(({ metrics, ...options }) =>
    contract('app', Object.fromEntries(metrics.map((metric, at) => [`metric${at}`, metric])), options),
  );
