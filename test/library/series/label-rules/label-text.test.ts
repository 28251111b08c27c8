/** Label values that are no well-formed text, or too long, on every road to a series and under both engines. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { capped, contract, counter, gauge, identity, oneOf } from '../../../../src/core/contract/index.ts';
import { isLong, labelText } from '../../../../src/library/series/label-rules/label-text.ts';
import { sdkEngine } from '../../../../src/sdk.ts';
import { testBridge } from '../../../../src/testing.ts';
import { scraped, scrapedOf } from '../../recording/scraped.ts';
import { pushed } from '../../recording/store-engine/library-meter.ts';

const declared = contract('t', {
  hits: counter({ help: 'Hits.', labels: { page: capped() } }),
  runs: counter({ help: 'Runs.', labels: { status: oneOf('ok'), task: identity() }, zeroFilled: false }),
  narrow: counter({ help: 'Narrow.', labels: { page: capped({ maxBytes: 32 }) } }),
  used: gauge({ observed: true, help: 'Used.', labels: { disk: identity() } }),
});

function start(engine: 'store' | 'sdk') {
  const opened = testBridge(declared, { selfMetrics: true, ...(engine === 'sdk' ? { engine: sdkEngine() } : {}) });
  return { ...opened, api: opened.bridge.meterProvider.getMeter('t'), library: opened.bridge.meterProvider.getMeter('lib') };
}
type Started = ReturnType<typeof start>;
type Said = readonly (readonly [value: number, text: string])[];

function each(said: Said, use: (value: number, text: string) => void): void {
  for (const [value, text] of said) use(value, text);
}

/** Each says values with a text; the text stands in the only label whose value differs. */
const roads: Record<string, { readonly family: string; readonly observed?: true; say(started: Started, said: Said): void }> = {
  'a capped label': {
    family: 't_hits',
    say: ({ metrics }, said) => each(said, (value, page) => metrics.hits.add(value, { page })),
  },
  'an identity': {
    family: 't_runs',
    say: ({ metrics }, said) => each(said, (value, task) => metrics.runs.add(value, { status: 'ok', task })),
  },
  'what is bound': {
    family: 't_hits',
    say: ({ metrics }, said) => each(said, (value, page) => metrics.hits.bind({ page }).add(value)),
  },
  'the API': {
    family: 't_hits',
    say: ({ api }, said) => each(said, (value, page) => api.createCounter('t.hits').add(value, { page })),
  },
  'a callback': {
    family: 't_used',
    observed: true,
    say: ({ metrics }, said) => void metrics.used.observe((o) => each(said, (value, disk) => o.set(value, { disk }))),
  },
  'an open attribute': {
    family: 'lib_hits',
    say: ({ library }, said) =>
      each(said, (value, route) => library.createCounter('lib.hits').add(value, { route, method: 'GET' })),
  },
  'an open attribute that is observed': {
    family: 'lib_size',
    observed: true,
    say: ({ library }, said) =>
      library.createObservableGauge('lib.size').addCallback((o) => each(said, (value, route) => o.observe(value, { route }))),
  },
  'a list of open attributes': {
    family: 'lib_hits',
    say: ({ library }, said) =>
      each(said, (value, route) => library.createCounter('lib.hits').add(value, { route: [route, 'x'] })),
  },
  'the name of an open attribute': {
    family: 'lib_hits',
    say: ({ library }, said) => each(said, (value, name) => library.createCounter('lib.hits').add(value, { [name]: 'x' })),
  },
};
const instruments: Record<string, string> = {
  t_hits: 't.hits',
  t_runs: 't.runs',
  t_used: 't.used',
  lib_hits: 'lib.hits',
  lib_size: 'lib.size',
};

async function attributesPushed({ bridge }: Started, family: string): Promise<string[]> {
  const [data] = await pushed(bridge, instruments[family] as string);
  return (data?.dataPoints ?? []).map(({ attributes }) => JSON.stringify(attributes));
}

for (const engine of ['store', 'sdk'] as const) {
  for (const [name, { family, observed = false, say }] of Object.entries(roads)) {
    test(`${engine}: lone surrogates come out as one text, so they are one series: ${name}`, async () => {
      const started = start(engine);
      say(started, [
        [1, 'a\ud800'],
        [5, 'a\ud801'],
        [7, 'a\ufffd'],
      ]);
      assert.deepEqual(Object.values(await scrapedOf(started.bridge, family)), [observed ? 7 : 13]);
      assert.equal((await attributesPushed(started, family)).length, 1);
    });

    test(`${engine}: long values are shortened and stay distinct: ${name}`, async () => {
      const started = start(engine);
      const beginning = '/orders/'.repeat(400);
      const said: Said = [
        [1, `${beginning}1`],
        [5, `${beginning}2`],
        [7, `${beginning}2`],
      ];
      say(started, said);
      const lines = await scrapedOf(started.bridge, family);
      assert.deepEqual(Object.values(lines).toSorted(), observed ? [1, 7] : [1, 12]);
      for (const line of Object.keys(lines)) assert.ok(Buffer.byteLength(line) < 350, line);
      const texts = await attributesPushed(started, family);
      assert.equal(new Set(texts).size, 2);
      for (const text of texts) assert.ok(text.includes('/orders/'.repeat(25)) && !text.includes('/orders/'.repeat(32)), text);
      const shortened = (await scraped(started.bridge)).get('meterbridge_labels_shortened_total') ?? 0;
      assert.ok(shortened >= 3, `${shortened}`);
      assert.equal(started.log.filter((line) => line.includes('beginning and a hash')).length, 1, started.log.join('\n'));
    });
  }
}

test('a label says how long its values may be, and what is removed by a long value is found', async () => {
  const { metrics, bridge, log } = start('store');
  const long = 'x'.repeat(33);
  metrics.narrow.add(1, { page: 'x'.repeat(32) });
  metrics.narrow.add(2, { page: long });
  metrics.hits.add(1, { page: long });
  const hash = createHash('sha256').update(long).digest('hex').slice(0, 16);
  assert.deepEqual(await scrapedOf(bridge, 't_'), {
    [`t_hits_total{page="${long}"}`]: 1,
    [`t_narrow_total{page="${'x'.repeat(32)}"}`]: 1,
    [`t_narrow_total{page="${'x'.repeat(13)}…${hash}"}`]: 2,
  });
  assert.match(log.join('\n'), /^t_narrow_total\{page\}: .* \(32 bytes of UTF-8\)/);
  metrics.narrow.remove({ page: long });
  assert.deepEqual(Object.keys(await scrapedOf(bridge, 't_narrow')), [`t_narrow_total{page="${'x'.repeat(32)}"}`]);
});

test('the values that a closed set declares may have any length', async () => {
  const value = 'v'.repeat(1_000);
  const { metrics, bridge, log } = testBridge(
    contract('c', { runs: counter({ help: 'Runs.', labels: { kind: oneOf(value, 'b') } }) }),
  );
  metrics.runs.add(2, { kind: value });
  assert.equal((await scrapedOf(bridge, 'c_'))[`c_runs_total{kind="${value}"}`], 2);
  assert.deepEqual(log, []);
});

test('100 user agents of 3 kB leave a scrape with its default limit', async () => {
  const agents = contract('a', { seen: counter({ help: 'Seen.', labels: { agent: capped() } }) });
  const { metrics, bridge } = testBridge(agents);
  for (let at = 0; at < 100; at++) metrics.seen.add(1, { agent: `${at} ${'"'.repeat(3_000)}` });
  assert.equal(Object.keys(await scrapedOf(bridge, 'a_seen')).length, 100);
});

const lengths: readonly (readonly [string, number, boolean])[] = [
  ['a'.repeat(256), 256, false],
  ['a'.repeat(257), 256, true],
  ['é'.repeat(128), 256, false],
  [`${'é'.repeat(128)}a`, 256, true],
  ['€'.repeat(85), 256, false],
  ['€'.repeat(86), 256, true],
  ['😀'.repeat(64), 256, false],
  [`${'😀'.repeat(64)}a`, 256, true],
  ['\ud800'.repeat(86), 256, true],
];
for (const [value, maxBytes, long] of lengths) {
  test(`${Buffer.byteLength(value)} bytes in ${value.length} units are ${long ? '' : 'not '}too long`, () => {
    assert.equal(isLong(value, maxBytes), long);
    const text = labelText(value, maxBytes);
    assert.ok(text.isWellFormed() && Buffer.byteLength(text) <= maxBytes);
    if (!long) assert.equal(text, value);
    // By whole characters, and no more than one left out.
    else assert.ok(value.toWellFormed().startsWith(text.split('…')[0] as string) && Buffer.byteLength(text) > maxBytes - 4);
  });
}

test('however long a value is, no more of it is read than 16,384 units', () => {
  const [head, tail] = ['h'.repeat(8_192), 't'.repeat(8_192)];
  assert.notEqual(labelText(`${head}a${tail.slice(1)}`, 256), labelText(`${head}b${tail.slice(1)}`, 256), 'all of it counts');
  const texts = ['a', 'b', 'ab'].map((middle) => labelText(`${head}${middle.repeat(500_000)}${tail}`, 256));
  assert.equal(texts[0], texts[1]);
  assert.notEqual(texts[0], texts[2], 'its length counts');
});
