/**
 * Instruments that are asked for twice, or wrongly, by both engines: what the bridge's log says when they are made, and what
 * comes of it (Metrics SDK, "Duplicate instrument registration", "Name conflict", "Instrument name", "Instrument advisory
 * parameter: ExplicitBucketBoundaries"; data model, "OpenTelemetry protocol data model: producer recommendations").
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { diag, type Meter, type Observable } from '@opentelemetry/api';
import { contract, counter } from '../../../src/core/contract/index.ts';
import type { RequestFacts } from '../../../src/index.ts';
import { sdkEngine } from '../../../src/sdk.ts';
import { testBridge } from '../../../src/testing.ts';
import { accepts } from '../../tools/check/hold/pages.ts';
import { scrapedOf } from './scraped.ts';

const declared = contract('p', { runs: counter({ help: 'Runs.', zeroFilled: false }) });

const toldOnce: readonly [name: string, make: (meter: Meter) => void, said: RegExp][] = [
  [
    'names that differ in case',
    (meter) => [meter.createCounter('lib.hits'), meter.createCounter('LIB.Hits')],
    /^lib\.hits: .*name "LIB\.Hits" instead of "lib\.hits"\. The first one is used\./,
  ],
  [
    'another unit',
    (meter) => [meter.createCounter('a', { unit: 's' }), meter.createCounter('a', { unit: 'ms' })],
    /^a: .*unit "ms" instead of "s"\. Both are exposed\./,
  ],
  [
    'another kind',
    (meter) => [meter.createCounter('a'), meter.createObservableCounter('a')],
    /^a: .*what "observable counter" instead of "counter"\. Both are exposed\./,
  ],
  [
    'another description',
    (meter) => [meter.createCounter('a', { description: 'longer' }), meter.createCounter('a', { description: 'short' })],
    /^a: .*description "short" instead of "longer"\. The longest description is used\./,
  ],
  [
    'other bounds',
    (meter) => [1, 2].map((bound) => meter.createHistogram('t', { advice: { explicitBucketBoundaries: [bound] } })),
    /^t: .*bounds \[2\] instead of \[1\]\. The first one is used\./,
  ],
  ['an invalid name', (meter) => meter.createCounter('0lib bad'), /^Invalid metric name: "0lib bad"/],
  [
    'bounds that are not ascending',
    (meter) => meter.createHistogram('t', { advice: { explicitBucketBoundaries: [3, 1, 2] } }),
    /^t: advice\.explicitBucketBoundaries are not ascending/,
  ],
  [
    'bounds that are no numbers',
    (meter) => meter.createHistogram('t', { advice: { explicitBucketBoundaries: ['1'] as never } }),
    /^t: advice\.explicitBucketBoundaries are not numbers/,
  ],
];

for (const engine of [undefined, sdkEngine()]) {
  const by = engine?.name ?? 'store';
  const open = () => {
    const opened = testBridge(declared, engine === undefined ? {} : { engine });
    return { ...opened, meter: opened.bridge.meterProvider.getMeter('lib', '1.0') };
  };

  for (const [name, make, said] of toldOnce) {
    test(`${by}: the log tells of it when the instrument is made, once: ${name}`, () => {
      diag.disable();
      const { meter, log } = open();
      make(meter);
      make(meter);
      assert.equal(log.length, 1, log.join('\n'));
      assert.match(log[0] ?? '', said);
    });
  }

  test(`${by}: the first name counts, of recorded and of observable instruments`, async () => {
    const { meter, bridge } = open();
    meter.createCounter('lib.hits').add(1);
    meter.createCounter('LIB.Hits').add(2);
    meter.createObservableGauge('lib.size').addCallback((result) => result.observe(1, { of: 'a' }));
    const size: Observable = meter.createObservableGauge('lib.SIZE');
    meter.addBatchObservableCallback((result) => result.observe(size, 2, { of: 'b' }), [size]);
    assert.deepEqual(await scrapedOf(bridge, 'lib_'), { lib_hits_total: 3, 'lib_size{of="a"}': 1, 'lib_size{of="b"}': 2 });
  });

  test(`${by}: the advice of the first holds, sorted`, async () => {
    const { meter, bridge } = open();
    for (const bounds of [[2, 1], [7]]) meter.createHistogram('t', { advice: { explicitBucketBoundaries: bounds } }).record(1.5);
    assert.deepEqual(await scrapedOf(bridge, 't_bucket'), {
      't_bucket{le="1"}': 0,
      't_bucket{le="2"}': 2,
      't_bucket{le="+Inf"}': 2,
    });
  });

  test(`${by}: the longest description is that of all, on every page and in a push, whenever it comes`, async () => {
    const { meter, bridge } = open();
    const page = async (accept: string) => {
      const header = (name: string) => (name === 'accept' ? accept : undefined);
      const request: RequestFacts = { method: 'GET', path: '/metrics', query: new URLSearchParams(), header, peer: '::1' };
      return new TextDecoder().decode((await bridge.scrape(request)).body);
    };
    const says = async (wanted: string, others: readonly string[]) => {
      for (const [format, accept] of Object.entries(accepts)) {
        const text = await page(accept);
        assert.ok(text.includes(wanted), `${format}: ${text}`);
        for (const other of others) assert.ok(!text.includes(other), `${format}: ${text}`);
      }
      const { scopeMetrics } = (await bridge.producer.collect()).resourceMetrics;
      const own = scopeMetrics.flatMap(({ metrics }) => metrics).filter(({ descriptor }) => descriptor.name === 'lib.hits');
      assert.deepEqual(
        own.map(({ descriptor }) => descriptor.description),
        [wanted],
      );
    };
    const add = (description: string) => meter.createCounter('lib.hits', { description }).add(1);
    add('Some.');
    await says('Some.', []);
    add('More of it.');
    await says('More of it.', ['Some.']);
    add('Less.');
    await says('More of it.', ['Some.', 'Less.']);
    assert.deepEqual(await scrapedOf(bridge, 'lib_'), { lib_hits_total: 3 });
  });

  test(`${by}: also on the page of a listener in a thread of its own`, async (t) => {
    const { meter, bridge } = open();
    t.after(bridge.close);
    const { url } = await bridge.listen('127.0.0.1:0', { thread: true });
    for (const description of ['Some.', 'More of it.']) {
      meter.createCounter('lib.hits', { description }).add(1);
      await bridge.refresh();
      assert.match(await (await fetch(url)).text(), new RegExp(`^# HELP lib_hits_total ${description}$`, 'm'));
    }
  });
}
