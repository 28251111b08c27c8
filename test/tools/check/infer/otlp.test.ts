/** What OTLP/JSON lines draft, they keep: also where no contract can say what they do. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { holdToContract } from '../../../../src/tools/check/hold/index.ts';
import { infer } from '../../../../src/tools/check/infer/infer.ts';
import { marksOf } from '../../../../src/tools/check/infer/marks.ts';
import { short } from '../hold/pages.ts';
import { attributes, counter, gauge, line, nanos, point, read } from '../lines/lines.ts';

async function drafted(metrics: readonly object[], language: 'ts' | 'json' = 'ts') {
  const { observed } = await read(`${line(metrics)}\n`);
  const inferred = infer(observed, { language });
  const broken = holdToContract(observed, inferred.contract, { only: true }).filter(({ severity }) => severity !== 'note');
  return { inferred, broken: broken.map(short), observed };
}

const times = { startTimeUnixNano: nanos(1), timeUnixNano: nanos(2) };

function histogram(name: string, lists: readonly (readonly number[])[]): object {
  const dataPoints = lists.map((explicitBounds, at) => ({
    ...times,
    attributes: attributes({ job_kind: `k${at}` }),
    count: '1',
    sum: 1,
    explicitBounds,
    bucketCounts: ['1', ...explicitBounds.map(() => '0')],
  }));
  return { name, unit: 's', description: 'Waits.', histogram: { dataPoints, aggregationTemporality: 2 } };
}

test('each kind of instrument, with its unit', async () => {
  const { inferred, broken } = await drafted([
    { ...counter('shop.orders', [point(3, 10, { status: 'paid' })]), unit: '{order}' },
    { ...counter('shop.carts', [point(-2)], { isMonotonic: false }), unit: '{cart}' },
    gauge('shop.room.temperature', [point(20, 10, { 'room.name': 'a' })], 'Cel'),
    histogram('shop.wait', [[0.1, 1]]),
  ]);
  assert.deepEqual(broken, []);
  assert.deepEqual([...inferred.left], []);
  assert.deepEqual(
    Object.values(inferred.contract.metrics).map(({ kind, instrument, series, unit, verbatim }) => [
      kind,
      instrument,
      series,
      unit,
      verbatim,
    ]),
    [
      ['counter', 'shop.orders', 'shop_orders_total', '{order}', undefined],
      ['updowncounter', 'shop.carts', 'shop_carts', '{cart}', undefined],
      ['gauge', 'shop.room.temperature', 'shop_room_temperature_celsius', 'Cel', undefined],
      ['histogram', 'shop.wait', 'shop_wait_seconds', 's', undefined],
    ],
  );
});

for (const name of ['1st.thing', 'größe', '_hidden', 'with space']) {
  test(`an instrument name that no contract has: ${name}`, async () => {
    const { inferred, broken, observed } = await drafted([gauge(name, [point(1)], 'By'), counter('fine', [point(1)])]);
    assert.deepEqual(broken, []);
    assert.deepEqual([...inferred.left], []);
    const [first] = Object.values(inferred.contract.metrics);
    assert.deepEqual([first?.verbatim, first?.unit], [true, 'By']);
    assert.equal(first?.series, [...observed.families.keys()][0]);
  });
}

test('one instrument name with two units', async () => {
  const { inferred, broken } = await drafted([gauge('shop.size', [point(1)], 'By'), gauge('shop.size', [point(1)], 's')]);
  assert.deepEqual(broken, []);
  assert.deepEqual(
    Object.values(inferred.contract.metrics).map(({ series, unit }) => [series, unit]),
    [
      ['shop_size_bytes', 'By'],
      ['shop_size_seconds', 's'],
    ],
  );
});

for (const language of ['ts', 'json'] as const) {
  test(`series with several lists of bounds, in ${language}: all of them, marked`, async () => {
    const { inferred, broken, observed } = await drafted([histogram('shop.wait', [[0.1, 1], [1, 10], [5]])], language);
    assert.deepEqual(broken, []);
    const [metric] = inferred.metrics.values();
    const family = observed.families.get('shop_wait_seconds');
    assert.ok(metric !== undefined && family !== undefined);
    assert.deepEqual(metric.declaration.bounds, [0.1, 1, 5, 10]);
    assert.match(marksOf(metric, family).join('\n'), /Unknown: which bounds are right/);
  });

  test(`a histogram without bounds, in ${language}`, async () => {
    const { inferred, broken, observed } = await drafted([histogram('shop.wait', [[]])], language);
    assert.deepEqual(broken, []);
    const [metric] = inferred.metrics.values();
    const family = observed.families.get('shop_wait_seconds');
    assert.ok(metric !== undefined && family !== undefined);
    assert.deepEqual([metric.kind, metric.declaration.bounds], ['summary', undefined]);
    assert.match(marksOf(metric, family).join('\n'), /Unknown: its bounds/);
  });
}
