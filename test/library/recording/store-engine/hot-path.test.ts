import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  capped,
  contract,
  counter,
  gauge,
  histogram,
  identity,
  oneOf,
  upDownCounter,
} from '../../../../src/core/contract/index.ts';
import { sdkEngine } from '../../../../src/sdk.ts';
import { testBridge } from '../../../../src/testing.ts';
import { scrapedOf } from '../scraped.ts';

const declared = contract('h', {
  runs: counter({ help: 'Runs.', labels: { status: oneOf('ok', 'bad'), task: identity({ limit: 3 }) } }),
  replies: counter({ help: 'Replies.', labels: { code: capped({ limit: 3 }) } }),
  depth: upDownCounter({ help: 'Depth.', labels: { task: identity({ limit: 3 }) } }),
  heat: gauge({ help: 'Heat.', labels: { task: identity({ limit: 100 }) } }),
  time: histogram({ unit: 's', help: 'Time.', bounds: [1, 2], labels: { task: identity({ limit: 3 }) } }),
  plain: counter({ help: 'Plain.' }),
});

// biome-ignore lint/suspicious/noExplicitAny: what untyped code can do
type Untyped = Record<string, Record<string, any>>;

function open() {
  const bridge = testBridge(declared, { selfMetrics: true });
  const counted = async (name: string) => {
    const lines = await scrapedOf(bridge.bridge, `meterbridge_${name}`);
    return Object.values(lines).reduce((sum, value) => sum + value, 0);
  };
  return { ...bridge, untyped: bridge.metrics as unknown as Untyped, counted };
}

test('labels in any order, from objects of any shape', async () => {
  const { metrics, value } = open();
  metrics.runs.add(1, { status: 'ok', task: 'a' });
  metrics.runs.add(2, { task: 'a', status: 'ok' });
  metrics.runs.add(4, Object.assign(Object.create(null), { status: 'ok', task: 'a' }));
  metrics.runs.add(8, Object.freeze({ status: 'ok', task: 'a' }));
  assert.equal(await value('runs', { status: 'ok', task: 'a' }), 15);
});

test('an attribute outside the contract is noticed on a series that is known, too', async () => {
  const { untyped, value, counted } = open();
  for (const more of [{}, { user: 'eve' }, { user: undefined }, {}]) untyped.runs?.add(1, { status: 'ok', task: 'a', ...more });
  untyped.plain?.add(1, { user: 'eve' });
  untyped.plain?.add(1);
  assert.equal(await value('runs', { status: 'ok', task: 'a' }), 4);
  assert.equal(await value('plain'), 2);
  assert.equal(await counted('attributes_dropped'), 3);
});

test('refused on a series that is known, too: a value, a label in place of another, an inherited label, a getter that throws', async () => {
  const { untyped, value, counted } = open();
  const known = { status: 'ok', task: 'a' };
  const throwing = {
    status: 'ok',
    get task(): string {
      throw new Error('a getter of the caller');
    },
  };
  untyped.runs?.add(1, known);
  for (const wrong of [Number.NaN, -1, Number.POSITIVE_INFINITY, '1', 1n, undefined]) untyped.runs?.add(wrong, known);
  for (const labels of [{ status: 'ok', tusk: 'a' }, Object.create(known), throwing, undefined, null, 7])
    untyped.runs?.add(1, labels);
  assert.equal(await value('runs', { status: 'ok', task: 'a' }), 1);
  assert.equal(await counted('measurements_refused'), 12);
});

test('the object that a caller passes is not kept', async () => {
  const { metrics, value } = open();
  const labels: { status: 'ok' | 'bad'; task: string } = { status: 'ok', task: 'a' };
  metrics.runs.add(1, labels);
  labels.task = 'b';
  metrics.runs.add(2, labels);
  labels.status = 'bad';
  assert.equal(await value('runs', { status: 'ok', task: 'a' }), 1);
  assert.equal(await value('runs', { status: 'ok', task: 'b' }), 2);
});

test('a getter may record in turn', async () => {
  const { metrics, value } = open();
  let nested = 0;
  const labels = {
    status: 'ok' as const,
    get task(): string {
      nested += 1;
      if (nested === 1) metrics.runs.add(10, { status: 'bad', task: 'inner' });
      return 'outer';
    },
  };
  metrics.runs.add(1, labels);
  assert.equal(await value('runs', { status: 'ok', task: 'outer' }), 1);
  assert.equal(await value('runs', { status: 'bad', task: 'inner' }), 10);
});

test('numbers and booleans are the series of their text, also after it was removed', async () => {
  const { untyped, value, metrics } = open();
  for (const code of [404, '404', 404, 404n]) untyped.replies?.add(1, { code });
  assert.equal(await value('replies', { code: '404' }), 4);
  metrics.replies.remove({ code: '404' });
  assert.equal(await value('replies', { code: '404' }), undefined);
  for (const code of [404, '404']) untyped.replies?.add(1, { code });
  assert.equal(await value('replies', { code: '404' }), 2);
});

test('what folds is counted at every call', async () => {
  const { metrics, value, counted } = open();
  for (const task of ['a', 'b', 'c', 'd', 'd', 'd']) metrics.time.record(1.5, { task });
  assert.deepEqual(await value('time', { task: 'other' }), { count: 3, sum: 4.5, counts: [0, 3, 0] });
  assert.equal(await counted('measurements_folded'), 3);
});

test('a row that is used again belongs to its new series only', async () => {
  const { metrics, bridge } = open();
  const bound = metrics.heat.bind({ task: 'a' });
  bound.set(1);
  metrics.heat.remove({ task: 'a' });
  metrics.heat.set(2, { task: 'b' });
  bound.set(3);
  assert.deepEqual(await scrapedOf(bridge, 'h_heat'), { 'h_heat{task="b"}': 2 });
  metrics.heat.set(4, { task: 'a' });
  bound.set(5);
  assert.deepEqual(await scrapedOf(bridge, 'h_heat'), { 'h_heat{task="b"}': 2, 'h_heat{task="a"}': 4 });
});

test('what is bound writes on while the family grows', async () => {
  const { metrics, value } = open();
  const bound = metrics.heat.bind({ task: '0' });
  bound.set(1);
  for (let at = 1; at < 100; at++) metrics.heat.set(at, { task: String(at) });
  bound.set(2);
  assert.equal(await value('heat', { task: '0' }), 2);
  assert.equal(await value('heat', { task: '99' }), 99);
});

test('what was bound stays bound through a reset', async () => {
  const { metrics, value, reset } = open();
  const bound = metrics.runs.bind({ status: 'ok', task: 'a' });
  bound.add(1);
  reset();
  assert.equal(await value('runs', { status: 'ok', task: 'a' }), undefined);
  bound.add(2);
  bound.add(3);
  metrics.runs.add(4, { status: 'ok', task: 'a' });
  assert.equal(await value('runs', { status: 'ok', task: 'a' }), 9);
});

for (const count of [3, 33, 100]) {
  test(`a bound belongs to its bucket, with ${count} of them`, async () => {
    const bounds = Array.from({ length: count }, (_, at) => at + 1);
    const { metrics, value } = testBridge(contract('b', { time: histogram({ unit: 's', help: 'Time.', bounds }) }));
    for (const seconds of [0, ...bounds, count + 0.5]) metrics.time.record(seconds);
    const counts = bounds.map((bound) => (bound === 1 ? 2 : 1));
    assert.deepEqual(await value('time'), {
      count: count + 2,
      sum: bounds.reduce((sum, bound) => sum + bound, count + 0.5),
      counts: [...counts, 1],
    });
  });
}

test("through the API, a contract's instrument is the recorder's own function", () => {
  const { bridge, metrics } = open();
  const runs = bridge.meterProvider.getMeter('h').createCounter('h.runs');
  assert.equal(runs.add, metrics.runs.add);
});

test('property: both engines show the same after the same calls', async () => {
  const task = fc.constantFrom('a', 'b', 'c', 'd', 'e', 7 as unknown as string);
  const status = fc.constantFrom('ok', 'bad', 'odd');
  const more = fc.constantFrom({}, {}, {}, { user: 'eve' });
  const value = fc.oneof(
    { weight: 9, arbitrary: fc.integer({ min: 0, max: 5 }) },
    fc.constantFrom(-1, Number.NaN, Number.POSITIVE_INFINITY),
  );
  const call = fc.oneof(
    fc.record({
      name: fc.constant('runs'),
      method: fc.constantFrom('add', 'zero', 'remove', 'bound'),
      value,
      labels: fc.record({ status, task }),
      more,
    }),
    fc.record({
      name: fc.constant('depth'),
      method: fc.constantFrom('add', 'bound', 'remove'),
      value,
      labels: fc.record({ task }),
      more,
    }),
    fc.record({ name: fc.constant('heat'), method: fc.constantFrom('set', 'remove'), value, labels: fc.record({ task }), more }),
    fc.record({
      name: fc.constant('time'),
      method: fc.constantFrom('record', 'bound', 'remove'),
      value,
      labels: fc.record({ task }),
      more,
    }),
    fc.record({ name: fc.constant('refresh'), method: fc.constant(''), value, labels: fc.constant({}), more }),
  );
  const own: Readonly<Record<string, string>> = { runs: 'add', depth: 'add', heat: 'set', time: 'record' };
  await fc.assert(
    fc.asyncProperty(fc.array(call, { maxLength: 40 }), async (calls) => {
      const engines = [
        testBridge(declared, { selfMetrics: true }),
        testBridge(declared, { selfMetrics: true, engine: sdkEngine() }),
      ];
      const seen = [];
      for (const { bridge, metrics } of engines) {
        const untyped = metrics as unknown as Untyped;
        const bound = new Map<string, (value: number) => void>();
        for (const { name, method, value: number, labels, more: extra } of calls) {
          if (name === 'refresh') await bridge.refresh();
          else if (method === 'bound') {
            const key = JSON.stringify([name, labels]);
            const put = bound.get(key) ?? untyped[name]?.bind(labels)[own[name] as string];
            bound.set(key, put);
            put(number);
          } else if (method === 'zero' || method === 'remove') untyped[name]?.[method](labels);
          else untyped[name]?.[method](number, { ...labels, ...extra });
        }
        const lines = { ...(await scrapedOf(bridge, 'h_')), ...(await scrapedOf(bridge, 'meterbridge_measurements')) };
        seen.push(Object.fromEntries(Object.entries(lines).sort(([a], [b]) => (a < b ? -1 : 1))));
        await bridge.close();
      }
      assert.deepEqual(seen[0], seen[1]);
    }),
    { numRuns: 60 },
  );
});
