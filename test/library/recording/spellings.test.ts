/**
 * Attributes of uncontracted instruments that differ only in a value's type or in an empty value. Prometheus stores labels as
 * text ("Data model": label values are Unicode characters; "a label with an empty label value is considered equivalent to a label
 * that does not exist"), so both are one series.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Attributes, Meter } from '@opentelemetry/api';
import { sdkEngine } from '../../../src/sdk.ts';
import { testBridge } from '../../../src/testing.ts';
import { scraped, scrapedOf } from './scraped.ts';
import { declared, pushed } from './store-engine/library-meter.ts';

const engines = [undefined, sdkEngine()];

function open(engine: (typeof engines)[number]) {
  const { bridge, log } = testBridge(declared, { selfMetrics: true, ...(engine === undefined ? {} : { engine }) });
  return { bridge, log, meter: bridge.meterProvider.getMeter('lib') };
}

type Spelling = readonly [name: string, first: Attributes, other: Attributes, labels: string];
const spellings: readonly Spelling[] = [
  ['a number and its text', { k: 1 }, { k: '1' }, '{k="1"}'],
  ['a text and its number', { k: '1.5' }, { k: 1.5 }, '{k="1.5"}'],
  ['a boolean and its text', { k: true }, { k: 'true' }, '{k="true"}'],
  ['a list and its JSON', { k: ['a', 1] as never }, { k: '["a",1]' }, '{k="[\\"a\\",1]"}'],
  ['an attribute less, and an empty one', { a: 'x' }, { a: 'x', b: '' }, '{a="x"}'],
  ['an empty attribute, and none', { a: 'x', b: '' }, { a: 'x' }, '{a="x"}'],
  ['an empty one alone', { b: '' }, {}, ''],
];

/** Three collections: both spellings are new in the first, known in the second, and only one is measured ahead of the third. */
const rounds = [1, 2, 3];

for (const engine of engines) {
  for (const [name, first, other, labels] of spellings) {
    test(`one series with all that was measured: ${name}: ${engine?.name ?? 'store'}`, async () => {
      const { bridge, meter } = open(engine);
      const counter = meter.createCounter('lib.hits');
      const updown = meter.createUpDownCounter('lib.open');
      const histogram = meter.createHistogram('lib.wait', { advice: { explicitBucketBoundaries: [5] } });
      const gauge = meter.createGauge('lib.load');
      for (const round of rounds) {
        for (const attributes of round === 3 ? [first] : [first, other]) {
          const isFirst = attributes === first;
          counter.add(isFirst ? 1 : 10, { ...attributes });
          updown.add(isFirst ? -1 : 10, { ...attributes });
          histogram.record(isFirst ? 1 : 10, { ...attributes });
          gauge.record(round * (isFirst ? 1 : 10), { ...attributes });
        }
        if (round === 2) assert.equal((await scrapedOf(bridge, 'lib_load'))[`lib_load${labels}`], 20);
        await bridge.refresh();
      }
      const bucket = (le: string) => `lib_wait_bucket${labels === '' ? '{' : `${labels.slice(0, -1)},`}le="${le}"}`;
      assert.deepEqual(await scrapedOf(bridge, 'lib_'), {
        [`lib_hits_total${labels}`]: 23,
        [`lib_open${labels}`]: 17,
        [`lib_load${labels}`]: 3,
        [bucket('5')]: 3,
        [bucket('+Inf')]: 5,
        [`lib_wait_sum${labels}`]: 23,
        [`lib_wait_count${labels}`]: 5,
      });
      const [hits] = await pushed(bridge, 'lib.hits');
      assert.deepEqual(
        hits?.dataPoints.map(({ attributes, value }) => [attributes, value]),
        [[first, 23]],
      );
      const [waits] = await pushed(bridge, 'lib.wait');
      const value = waits?.dataPoints[0]?.value as { min?: number; max?: number } | undefined;
      assert.deepEqual([value?.min, value?.max], [1, 10]);
    });

    test(`observed, sums add up and gauges show the newest: ${name}: ${engine?.name ?? 'store'}`, async () => {
      const { bridge, meter } = open(engine);
      observe(meter, [first, other]);
      for (const _ of rounds) {
        assert.deepEqual(await scrapedOf(bridge, 'lib_'), {
          [`lib_hits_total${labels}`]: 11,
          [`lib_open${labels}`]: 11,
          [`lib_load${labels}`]: 10,
        });
      }
    });
  }

  test(`it is said once an instrument, with both spellings and the fix, and counted: ${engine?.name ?? 'store'}`, async () => {
    const { bridge, log, meter } = open(engine);
    const hits = meter.createCounter('lib.hits');
    for (const _ of rounds) for (const k of [1, '1', 2, '2', true, 'true']) hits.add(1, { a: 'x', k });
    meter.createCounter('lib.misses').add(1, { a: 'x' });
    meter.createCounter('lib.misses').add(1, { a: 'x', b: '' });
    const lines = await scraped(bridge);
    assert.deepEqual(
      log.map((line) => line.replace(/; .*$/, '')),
      [
        'instrument "lib.hits": two sets of attributes are one series: got {"k":1} and {"k":"1"}',
        'instrument "lib.misses": two sets of attributes are one series: got {} and {"b":""}',
      ],
    );
    for (const line of log) assert.match(line, / Fix: give an attribute values of one type, and leave it out where it is empty$/);
    assert.equal(lines.get('meterbridge_attribute_sets_merged_total'), 4);
  });

  test(`names stay as they are in a push: ${engine?.name ?? 'store'}`, async () => {
    const { bridge, log, meter } = open(engine);
    const hits = meter.createCounter('lib.hits');
    hits.add(1, { 'a.b': 'x' });
    hits.add(10, { a_b: 'x' });
    await bridge.refresh();
    const [data] = await pushed(bridge, 'lib.hits');
    const points = data?.dataPoints.map(({ attributes, value }) => JSON.stringify([attributes, value]));
    assert.deepEqual(points?.sort(), ['[{"a.b":"x"},1]', '[{"a_b":"x"},10]']);
    assert.deepEqual(log, []);
  });
}

function observe(meter: Meter, sets: readonly Attributes[]): void {
  const observables = [
    meter.createObservableCounter('lib.hits'),
    meter.createObservableUpDownCounter('lib.open'),
    meter.createObservableGauge('lib.load'),
  ];
  for (const one of observables)
    one.addCallback((result) => {
      for (const [at, attributes] of sets.entries()) result.observe(10 ** at, { ...attributes });
    });
}
