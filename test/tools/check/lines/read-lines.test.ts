/** OTLP/JSON lines as families: names, types, labels, values. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readLines } from '../../../../src/tools/check/lines/read-lines.ts';
import { attributes, counter, gauge, line, nanos, point, read } from './lines.ts';

test('a counter: its name in Prometheus, its instrument as it is', async () => {
  const metric = {
    ...counter('shop.orders', [point(3, 10, { status: 'paid' }), point(1, 10, { status: 'open' })]),
    unit: '{order}',
  };
  const { observed, findings, values } = await read(`${line([metric])}\n`);
  assert.deepEqual(findings, []);
  assert.equal(observed.format, 'otlp');
  assert.equal(observed.samples, 2);
  const family = observed.families.get('shop_orders_total');
  assert.ok(family);
  const { labels, ...rest } = family;
  assert.deepEqual(rest, {
    name: 'shop_orders_total',
    kind: 'counter',
    typed: true,
    help: 'Described.',
    unit: '{order}',
    line: 1,
    series: 2,
    bounds: [],
    quantiles: [],
    native: false,
    starts: 2,
    ones: 1,
    instrument: { scope: 'shop.meter', name: 'shop.orders', monotonic: true, temporality: 'cumulative' },
  });
  assert.deepEqual([...labels.keys()], ['status']);
  assert.deepEqual(
    { ...labels.get('status'), values: [...(labels.get('status')?.values ?? [])] },
    { series: 2, values: ['paid', 'open'], distinct: 2 },
  );
  assert.deepEqual(
    values,
    new Map([
      ['shop_orders_total{status="paid"}', 3],
      ['shop_orders_total{status="open"}', 1],
    ]),
  );
});

test('sums that go up and down are up-down counters; job, instance and scope are no labels', async () => {
  const resource = { 'service.name': 'shop', 'service.instance.id': 'i1' };
  const sum = { ...counter('shop.carts', [point(-2, 10, { 'http.route': '/a' })], { isMonotonic: false }), unit: 'By' };
  const { observed, values } = await read(line([sum], resource));
  assert.equal(observed.families.get('shop_carts_bytes')?.kind, 'updowncounter');
  assert.deepEqual(values, new Map([['shop_carts_bytes{http_route="/a"}', -2]]));
});

test('a histogram: bounds, and buckets as a page has them', async () => {
  const own = {
    startTimeUnixNano: nanos(1),
    timeUnixNano: nanos(2),
    count: '6',
    sum: 4.5,
    bucketCounts: ['1', '2', '3'],
    explicitBounds: [0.1, 1],
  };
  const metric = {
    name: 'shop.wait',
    unit: 's',
    description: 'Waits.',
    histogram: { dataPoints: [own], aggregationTemporality: 2 },
  };
  const { observed, values, findings } = await read(line([metric]));
  assert.deepEqual(findings, []);
  assert.deepEqual(observed.families.get('shop_wait_seconds')?.bounds, [[0.1, 1]]);
  assert.deepEqual(
    values,
    new Map([
      ['shop_wait_seconds_bucket{le="0.1"}', 1],
      ['shop_wait_seconds_bucket{le="1"}', 3],
      ['shop_wait_seconds_bucket{le="Infinity"}', 6],
      ['shop_wait_seconds_sum{}', 4.5],
      ['shop_wait_seconds_count{}', 6],
    ]),
  );
});

test('an exponential histogram is native; a summary has quantiles', async () => {
  const times = { startTimeUnixNano: nanos(1), timeUnixNano: nanos(2) };
  const exponential = { ...times, count: '3', sum: 3, scale: 0, zeroCount: '0', positive: { offset: 0, bucketCounts: ['3'] } };
  const summary = {
    ...times,
    count: '3',
    sum: 3,
    quantileValues: [
      { quantile: 0.5, value: 1 },
      { quantile: 0.99, value: 2 },
    ],
  };
  const { observed, values } = await read(
    line([
      { name: 'e', description: 'E.', exponentialHistogram: { dataPoints: [exponential], aggregationTemporality: 2 } },
      { name: 's', description: 'S.', summary: { dataPoints: [summary] } },
    ]),
  );
  assert.equal(observed.families.get('e')?.native, true);
  assert.deepEqual(observed.families.get('e')?.bounds, []);
  assert.deepEqual(observed.families.get('s')?.quantiles, [0.5, 0.99]);
  assert.equal(values.get('s{quantile="0.99"}'), 2);
  assert.equal(values.get('e_count{}'), 3);
});

test('deltas add up; the newest of cumulative values counts; what was marked as gone is gone', async () => {
  const delta = { aggregationTemporality: 1 };
  const { observed, values, findings } = await read(
    [
      line([counter('d', [point(3, 10, {}, 5)], delta), counter('c', [point(3)]), gauge('g', [point(1)])]),
      line([
        counter('d', [point(4, 15, {}, 10)], delta),
        counter('c', [point(7, 20)]),
        gauge('g', [{ timeUnixNano: nanos(30), flags: 1 }]),
      ]),
    ].join('\n'),
  );
  assert.deepEqual(
    values,
    new Map([
      ['d_total{}', 7],
      ['c_total{}', 7],
    ]),
  );
  assert.equal(observed.families.get('d_total')?.instrument?.temporality, 'delta');
  assert.deepEqual(
    findings.map(({ id, severity, got }) => [id, severity, got]),
    [['otlp-delta', 'note', 'd, with delta temporality (2 times)']],
  );
});

test('lines come in pieces of any length', async () => {
  const text = Buffer.from(`${line([counter('a', [point(1)])])}\r\n\n${line([counter('b', [point(2, 10, { k: 'ü€😀' })])])}`);
  const whole = await read(text.toString());
  for (const size of [1, 7, 64]) {
    const shared = Buffer.alloc(size);
    function* pieces() {
      for (let at = 0; at < text.length; at += size) yield shared.subarray(0, text.copy(shared, 0, at, at + size));
    }
    const { observed, values, findings } = await readLines({ name: 'x', bytes: pieces() });
    assert.deepEqual(findings, []);
    assert.equal(observed.bytes, text.length);
    assert.deepEqual(values, whole.values);
    assert.equal(observed.families.get('b_total')?.line, 3);
  }
});

test('more values than are kept are estimated', async () => {
  const points = Array.from({ length: 5_000 }, (_, at) => point(1, 10, { id: `v${at}` }));
  const { observed } = await read(line([counter('a', points)]));
  const label = observed.families.get('a_total')?.labels.get('id');
  assert.equal(label?.values.size, 1_000);
  // Its standard error is 1.6 %.
  assert.ok(Math.abs((label?.distinct ?? 0) - 5_000) < 500, String(label?.distinct));
});

test('attributes that become one label', async () => {
  const { observed } = await read(
    line([gauge('g', [{ timeUnixNano: nanos(1), asInt: '5', attributes: attributes({ 'a.b': '1', a_b: '2' }) }])]),
  );
  assert.deepEqual([...(observed.families.get('g')?.labels.get('a_b')?.values ?? [])], ['1;2']);
});
