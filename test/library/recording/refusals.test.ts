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
  info,
  oneOf,
  summary,
  upDownCounter,
} from '../../../src/core/contract/index.ts';
import { sdkEngine } from '../../../src/sdk.ts';
import { testBridge } from '../../../src/testing.ts';
import { scraped, scrapedOf } from './scraped.ts';

const status = oneOf('ok', 'bad');
const declared = contract('n', {
  runs: counter({ help: 'Runs.', labels: { status } }),
  depth: upDownCounter({ help: 'Depth.', labels: { task: identity({ limit: 1 }) } }),
  heat: gauge({ help: 'Heat.', labels: { task: identity({ limit: 1 }) } }),
  hits: counter({ help: 'Hits.', labels: { page: capped({ limit: 1 }) } }),
  time: histogram({ unit: 's', help: 'Time.', bounds: [1], labels: { status } }),
  size: summary({ help: 'Size.', labels: { status } }),
  buildInfo: info({ help: 'Build.', labels: { status } }),
  seen: gauge({ observed: true, help: 'Seen.', labels: { status } }),
});

// biome-ignore lint/suspicious/noExplicitAny: what untyped code can do
type Untyped = Record<string, Record<string, any>>;

function open() {
  const bridge = testBridge(declared, { selfMetrics: true });
  const refused = async () => {
    const lines = await scrapedOf(bridge.bridge, 'meterbridge_measurements_refused_total');
    return Object.fromEntries(
      Object.entries(lines)
        .filter(([, value]) => value > 0)
        .map(([name, value]) => [/reason="([^"]*)"/.exec(name)?.[1], value]),
    );
  };
  return { ...bridge, untyped: bridge.metrics as unknown as Untyped, refused };
}

const throwing = {
  get status(): string {
    throw new Error('a getter of the caller');
  },
};

const refusals: readonly [reason: string, name: string, call: (metrics: Untyped) => void][] = [
  ['value', 'NaN added', (m) => m.runs?.add(Number.NaN, { status: 'ok' })],
  ['value', 'infinity added', (m) => m.runs?.add(Number.POSITIVE_INFINITY, { status: 'ok' })],
  ['value', 'a negative number added', (m) => m.runs?.add(-1, { status: 'ok' })],
  ['value', 'text added', (m) => m.runs?.add('1', { status: 'ok' })],
  ['value', 'a bigint added', (m) => m.runs?.add(1n, { status: 'ok' })],
  ['value', 'nothing added', (m) => m.runs?.add()],
  ['value', 'NaN to an up-down counter', (m) => m.depth?.add(Number.NaN, { task: 'a' })],
  ['value', 'text to a gauge', (m) => m.heat?.set('7', { task: 'a' })],
  ['value', 'a negative duration', (m) => m.time?.record(-0.1, { status: 'ok' })],
  ['value', 'an infinite size', (m) => m.size?.record(Number.POSITIVE_INFINITY, { status: 'ok' })],
  ['value', 'NaN through a bound series', (m) => m.runs?.bind({ status: 'ok' }).add(Number.NaN)],
  ['label_missing', 'no labels', (m) => m.runs?.add(1)],
  ['label_missing', 'null for labels', (m) => m.runs?.add(1, null)],
  ['label_missing', 'text for labels', (m) => m.runs?.add(1, 'ok')],
  ['label_missing', 'an undefined label', (m) => m.runs?.add(1, { status: undefined })],
  ['label_missing', 'an inherited label', (m) => m.runs?.add(1, Object.create({ status: 'ok' }))],
  ['label_type', 'an object for a label', (m) => m.runs?.add(1, { status: {} })],
  ['label_type', 'a getter that throws', (m) => m.runs?.add(1, throwing)],
  ['label_value', 'a value outside the set', (m) => m.runs?.add(1, { status: 'okay' })],
  ['label_value', 'zero() outside the set', (m) => m.runs?.zero({ status: 'okay' })],
  ['kind', 'set on a counter', (m) => m.runs?.set(1, { status: 'ok' })],
  ['kind', 'add on an information', (m) => m.buildInfo?.add(1, { status: 'ok' })],
  ['value', 'labels before the value', (m) => m.runs?.add({ status: 'ok' }, 1)],
  ['value', 'a value to inc', (m) => m.runs?.inc({ status: 'ok' }, 2)],
  ['kind', 'record on an information', (m) => m.buildInfo?.record(1, { status: 'ok' })],
  ['kind', 'zero of an information, which is always 1', (m) => m.buildInfo?.zero({ status: 'ok' })],
  ['kind', 'add through a bound histogram', (m) => m.time?.bind({ status: 'ok' }).add(1)],
  ['kind', 'a timer on a gauge', (m) => m.heat?.startTimer({ task: 'a' })()],
];
for (const [reason, name, call] of refusals) {
  test(`refused and counted as ${reason}: ${name}`, async () => {
    const { untyped, refused, bridge } = open();
    const before = [...(await scraped(bridge))].filter(([line]) => line.startsWith('n_'));
    call(untyped);
    assert.deepEqual(await refused(), { [reason]: 1 });
    assert.deepEqual(
      [...(await scraped(bridge))].filter(([line]) => line.startsWith('n_')),
      before,
    );
  });
}

test('refused and counted as identity_limit: one gauge too many', async () => {
  const { metrics, refused } = open();
  for (const task of ['a', 'b', 'b']) metrics.heat.set(1, { task });
  assert.deepEqual(await refused(), { identity_limit: 2 });
});

test('what is bound to refused labels is counted at every call, and works once there is a place', async () => {
  const { metrics, refused, value } = open();
  metrics.heat.set(1, { task: 'a' });
  const bound = metrics.heat.bind({ task: 'b' });
  bound.set(1);
  bound.set(2);
  assert.deepEqual(await refused(), { identity_limit: 3 });
  metrics.heat.remove({ task: 'a' });
  bound.set(3);
  assert.equal(await value('heat', { task: 'b' }), 3);
});

test('refused and counted inside a callback; the rest of what it says stands', async () => {
  const { metrics, refused, value } = open();
  metrics.seen.observe((o) => {
    o.set(1, { status: 'ok' });
    o.set(3, { status: 'worse' as never });
  });
  assert.equal(await value('seen', { status: 'ok' }), 1);
  assert.deepEqual(Object.keys(await refused()), ['label_value']);
});

test('attributes outside the contract are dropped, and counted', async () => {
  const { metrics, bridge, value } = open();
  metrics.runs.add(1, { status: 'ok', user: 'eve', session: '1' } as never);
  metrics.runs.add(2, { status: 'ok', user: 'mallory' } as never);
  assert.equal(await value('runs', { status: 'ok' }), 3);
  const lines = await scraped(bridge);
  assert.equal(lines.get('meterbridge_attributes_dropped_total'), 3);
  assert.deepEqual(
    [...lines.keys()].filter((line) => /eve|mallory|user/.test(line)),
    [],
  );
});

test('folds are counted by what folded', async () => {
  const { metrics, bridge } = open();
  for (const page of ['a', 'b', 'c']) metrics.hits.add(1, { page });
  for (const task of ['a', 'b']) metrics.depth.add(1, { task });
  assert.deepEqual(await scrapedOf(bridge, 'meterbridge_measurements_folded'), {
    'meterbridge_measurements_folded_total{reason="capped"}': 2,
    'meterbridge_measurements_folded_total{reason="identity"}': 1,
    'meterbridge_measurements_folded_total{reason="overflow"}': 0,
  });
});

for (const engine of [undefined, sdkEngine()]) {
  test(`${engine?.name ?? 'store'}: what is bound is counted by each measurement that folds or loses an attribute`, async () => {
    const { metrics, bridge, value, log } = testBridge(declared, {
      selfMetrics: true,
      ...(engine === undefined ? {} : { engine }),
    });
    metrics.hits.add(1, { page: 'a' });
    const bound = metrics.hits.bind({ page: 'b', user: 'eve' } as never);
    for (let at = 0; at < 3; at++) bound.add(1);
    bound.add(Number.NaN);
    const lines = await scraped(bridge);
    assert.equal(lines.get('meterbridge_measurements_folded_total{reason="capped"}'), 3);
    assert.equal(lines.get('meterbridge_attributes_dropped_total'), 3);
    assert.equal(await value('hits', { page: 'other' }), 3);
    assert.equal(log.length, 3, 'the fold, the attribute and the refusal, once each');
    metrics.hits.remove({ page: 'other' });
    bound.add(1);
    assert.equal(
      (await scraped(bridge)).get('meterbridge_measurements_folded_total{reason="capped"}'),
      3,
      'what is removed swallows it',
    );
  });
}

test('numbers and booleans in labels are their text', async () => {
  const declared = contract('n', {
    replies: counter({ help: 'Replies.', labels: { code: oneOf('200', '404'), cached: oneOf('true', 'false') } }),
  });
  const { metrics, value } = testBridge(declared);
  metrics.replies.add(1, { code: 404, cached: true } as never);
  assert.equal(await value('replies', { code: '404', cached: 'true' }), 1);
});

test('property: no argument makes a recording call throw, and the endpoint stays valid', async () => {
  const names = Object.keys(declared.metrics).filter((name) => name !== 'seen');
  const unary = ['zero', 'remove', 'startTimer', 'bind', 'setToCurrentTime'];
  const methods = ['add', 'set', 'record', 'inc', 'dec', 'time', ...unary];
  const odd = fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true, withSparseArray: true });
  const labels = fc.oneof(
    odd,
    fc.record({ status: odd, task: odd, page: odd }),
    fc.record({ status: fc.constantFrom('ok', 'bad', 'x'), task: fc.string({ unit: 'binary' }), page: fc.string() }),
  );
  const value = fc.oneof(odd, fc.double());
  const calls = fc.array(fc.tuple(fc.constantFrom(...names), fc.constantFrom(...methods), value, labels), { maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(calls, async (all) => {
      const { untyped, bridge } = open();
      for (const [name, method, first, second] of all) {
        const given = unary.includes(method) ? [second] : [first, second];
        const returned = untyped[name]?.[method](...given);
        if (method === 'startTimer') returned(first);
        if (method === 'bind') for (const put of ['add', 'set', 'record']) returned[put](first);
      }
      await scraped(bridge);
    }),
    { numRuns: 60 },
  );
});
