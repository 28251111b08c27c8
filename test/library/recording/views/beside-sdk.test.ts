/**
 * Both engines beside the stock SDK: random views, instruments and measurements come out alike. Left out is where the SDK differs
 * from the specification: two views that make metrics of one name (it counts twice), a meter without a version (it meets every
 * criterion of one), observations that differ in dropped attributes alone (it keeps the last), buckets of observable instruments,
 * a limit (it counts one collection's sets).
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Meter, MeterProvider } from '@opentelemetry/api';
import fc from 'fast-check';
import { contract, type InstrumentType, type ViewAggregation, type ViewOptions } from '../../../../src/index.ts';
import { fitsPattern } from '../../../../src/library/recording/views/name-pattern.ts';
import { sdkEngine } from '../../../../src/sdk.ts';
import { testBridge } from '../../../../src/testing.ts';
import { repeated } from '../../../full.ts';
import { stockSdk, told } from './stock-sdk.ts';

const creates = {
  COUNTER: 'createCounter',
  UP_DOWN_COUNTER: 'createUpDownCounter',
  GAUGE: 'createGauge',
  HISTOGRAM: 'createHistogram',
  OBSERVABLE_COUNTER: 'createObservableCounter',
  OBSERVABLE_UP_DOWN_COUNTER: 'createObservableUpDownCounter',
  OBSERVABLE_GAUGE: 'createObservableGauge',
} as const satisfies Record<InstrumentType, keyof Meter>;
const types = Object.keys(creates) as InstrumentType[];
const meters = ['lib', 'other'] as const;
const versions = { lib: '1.0', other: '2.0' } as const;
const schemaOf = (meter: string): string => `https://example.com/${meter}`;
const letters = ['a', 'b', 'c'] as const;
const units = ['', 's'] as const;

const instrument = fc.record({
  meter: fc.constantFrom(...meters),
  letter: fc.constantFrom(...letters),
  type: fc.constantFrom(...types),
  unit: fc.constantFrom(...units),
  advised: fc.boolean(),
});
type Instrument = typeof instrument extends fc.Arbitrary<infer T> ? T : never;
const nameOf = ({ letter }: Instrument): string => `lib.${letter}`;

const recordMinMax = fc.boolean();
const bounds = fc.uniqueArray(fc.integer({ min: -5, max: 20 }), { maxLength: 4 }).map((all) => all.toSorted((a, b) => a - b));
/** With the types that have it. */
const aggregated: fc.Arbitrary<readonly [ViewAggregation, readonly InstrumentType[]]> = fc.oneof(
  fc
    .constantFrom('DEFAULT' as const, 'DROP' as const, 'SUM' as const, 'LAST_VALUE' as const)
    .map((type) => [{ type }, types] as const),
  fc
    .option(fc.record({ boundaries: bounds, recordMinMax }), { nil: undefined })
    .map((options) => [{ type: 'EXPLICIT_BUCKET_HISTOGRAM' as const, ...(options && { options }) }, types.slice(0, 4)] as const),
  fc
    .record({ maxSize: fc.integer({ min: 2, max: 20 }), recordMinMax })
    .map((options) => [{ type: 'EXPONENTIAL_HISTOGRAM' as const, options }, ['COUNTER', 'HISTOGRAM'] as const] as const),
);

const view = fc
  .record({
    pattern: fc.constantFrom(undefined, 'lib.a', 'lib.b', 'lib.c', 'lib.*', '*.a', 'l*b', '*'),
    type: fc.constantFrom(undefined, undefined, ...types),
    unit: fc.constantFrom(undefined, undefined, ...units),
    meter: fc.constantFrom(undefined, undefined, ...meters),
    version: fc.constantFrom(undefined, undefined, ...Object.values(versions)),
    schema: fc.constantFrom(undefined, undefined, ...meters.map(schemaOf)),
    renamed: fc.boolean(),
    described: fc.boolean(),
    // An observation has `a` and always the same `b`, so that `a` stays.
    attributeKeys: fc.constantFrom(
      undefined,
      { included: ['a'] },
      { included: ['b', 'a'], excluded: ['b'] },
      { excluded: ['b', 'z'] },
    ),
    aggregated: fc.option(aggregated, { nil: undefined }),
    limit: fc.constantFrom(undefined, 100),
  })
  .filter(({ pattern, type, unit, meter, version, schema }) =>
    [pattern, type, unit, meter, version, schema].some((one) => one !== undefined),
  );

type Drawn = typeof view extends fc.Arbitrary<infer T> ? T : never;

function viewOf(
  { pattern, type, unit, meter, version, schema, renamed, described, attributeKeys, aggregated: form, limit }: Drawn,
  at: number,
): ViewOptions {
  const fit = form === undefined || type === undefined || form[1].includes(type) ? form : undefined;
  const all = {
    instrumentName: pattern,
    instrumentType: type ?? (fit !== undefined && fit[1].length < types.length ? fit[1][0] : undefined),
    instrumentUnit: unit,
    meterName: meter,
    meterVersion: version,
    meterSchemaUrl: schema,
    name: renamed && pattern !== undefined && !pattern.includes('*') ? `lib.view.${at}` : undefined,
    description: described ? `By view ${at}.` : undefined,
    attributeKeys,
    aggregation: fit?.[0],
    aggregationCardinalityLimit: limit,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as ViewOptions;
}

const measured = fc.record({
  at: fc.nat({ max: 5 }),
  // Halves add up exactly in any order. Without 0, for which the SDK keeps a coarser scale.
  value: fc.integer({ min: -6, max: 400 }).map((half) => (half === 0 ? 1 : half / 2)),
  a: fc.constantFrom('x', 'y'),
  b: fc.constantFrom('1', '2', '3'),
});
const step = fc.oneof({ weight: 9, arbitrary: measured }, { weight: 1, arbitrary: fc.constant('collect' as const) });

/** Whether several views without a name select it: there the SDK counts twice. */
function isCountedTwice(views: readonly ViewOptions[]): (one: Instrument) => boolean {
  return (one) => {
    const selecting = views.filter(
      (each) =>
        each.name === undefined &&
        fitsPattern(each.instrumentName ?? '*', nameOf(one)) &&
        [one.type, undefined].includes(each.instrumentType) &&
        [one.unit, undefined].includes(each.instrumentUnit as Instrument['unit']) &&
        [one.meter, undefined].includes(each.meterName as Instrument['meter']) &&
        [versions[one.meter], undefined].includes(each.meterVersion as never) &&
        [schemaOf(one.meter), undefined].includes(each.meterSchemaUrl),
    );
    return selecting.length > 1;
  };
}

type Put = (value: number, attributes: { readonly a: string; readonly b: string }) => void;

function start(provider: MeterProvider, instruments: readonly Instrument[]): readonly Put[] {
  return instruments.map((one) => {
    const meter = provider.getMeter(one.meter, versions[one.meter], { schemaUrl: schemaOf(one.meter) });
    const advice = one.advised ? { advice: { explicitBucketBoundaries: [1, 2] } } : {};
    const made = meter[creates[one.type]](nameOf(one), { unit: one.unit, description: 'By the library.', ...advice });
    if ('add' in made) return (value, attributes) => made.add(value, attributes);
    if ('record' in made) return (value, attributes) => made.record(value, attributes);
    let runs = 0;
    made.addCallback((result) => {
      runs += 1;
      for (const [factor, a] of ['x', 'y'].entries()) result.observe((factor + 1) * runs, { a, b: '1' });
    });
    return () => {};
  });
}

test('property: random views of random instruments come out as the stock SDK has them, on both engines', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(view, { minLength: 1, maxLength: 4 }),
      fc.uniqueArray(instrument, { minLength: 1, maxLength: 6, selector: ({ meter, letter }) => `${meter} ${letter}` }),
      fc.array(step, { maxLength: 40 }),
      async (drawn, given, steps) => {
        const views = drawn.map(viewOf);
        const instruments = given.filter((one) => !isCountedTwice(views)(one));
        const stock = stockSdk(views);
        const bridges = [{}, { engine: sdkEngine() }].map((engine) => testBridge(contract('p', {}), { views, ...engine }).bridge);
        try {
          const all = [stock.provider, ...bridges.map(({ meterProvider }) => meterProvider)].map((provider) =>
            start(provider, instruments),
          );
          for (const one of [...steps, 'collect' as const]) {
            if (one !== 'collect') for (const puts of all) puts[one.at]?.(one.value, { a: one.a, b: one.b });
            else {
              const expected = told(await stock.collect());
              for (const [at, { producer }] of bridges.entries()) {
                const { resourceMetrics } = await producer.collect();
                assert.deepEqual(
                  told(resourceMetrics.scopeMetrics),
                  expected,
                  `${['store', 'sdk'][at]}: ${JSON.stringify(views)}`,
                );
              }
            }
          }
        } finally {
          await Promise.all([stock.close(), ...bridges.map(({ close }) => close())]);
        }
      },
    ),
    { numRuns: repeated(60, 2_000, 2_000) },
  );
});
