/** Exemplars as foreign software reads them: a strict parser, Prometheus' storage, and a Collector from push to exposition. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { contract, counter, histogram, meterbridge, oneOf } from '../../src/index.ts';
import { ids, spanContext } from '../library/recording/spans.ts';
import { requestOf } from '../service/received/sender.ts';
import { startCollector } from './collector.ts';
import type { DebugBatch } from './debug-text.ts';
import { openMetrics, scrape } from './equality.ts';
import { inReverse } from './in-reverse.ts';
import { requirePeer } from './peers.ts';
import { runPrometheus, startPrometheus } from './prometheus.ts';
import { bridgeOptions, ownRoad, type Road, roads } from './roads.ts';
import { startService } from './service.ts';
import { parseWithPython } from './strict-openmetrics.ts';

const million = 1_000_000n;

const shop = contract('shop', {
  orders: counter({ help: 'Orders.', unit: '{order}', labels: { state: oneOf('paid', 'refused') }, exemplars: true }),
  handling: histogram({ help: 'Time of an order.', unit: 's', bounds: [0.125, 1], exemplars: true }),
});

/**
 * Prometheus does not take what is far from its own time. Of these whole milliseconds, the nearest double of the nanoseconds is
 * less: who reads them by way of it has the millisecond before.
 */
const now =
  Array.from({ length: 1_000 }, (_, ago) => Date.now() - ago).find(
    (ms) => BigInt(Number(BigInt(ms) * million)) < BigInt(ms) * million,
  ) ?? Number.NaN;
const labels = { trace_id: ids.traceId, span_id: ids.spanId };
/** By sample name and label: what was measured inside the span. */
const expected = { 'shop_orders_total paid': 3, 'shop_handling_seconds_bucket 1': 0.5625, 'shop_handling_seconds_bucket Inf': 5 };

/** Records all of it, and outside of spans something more. */
async function start(atEnd: (end: () => Promise<void>) => void, road: Road = ownRoad, endpoint?: string) {
  const bridge = meterbridge(shop, {
    isolated: true,
    env: {},
    log: () => {},
    clock: () => now,
    ...bridgeOptions(road, endpoint),
  });
  atEnd(bridge.close);
  const meter = bridge.meterProvider.getMeter('shop');
  const [orders, handling] = [meter.createCounter('shop.orders'), meter.createHistogram('shop.handling')];
  orders.add(3, { state: 'paid' }, spanContext());
  orders.add(4, { state: 'refused' });
  for (const seconds of [0.0625, 0.5]) handling.record(seconds);
  for (const seconds of [0.5625, 5]) handling.record(seconds, {}, spanContext());
  const { url } = await bridge.listen('127.0.0.1:0');
  return { bridge, url };
}

const keyOf = (name: string, { state, le }: Readonly<Record<string, string>>): string =>
  `${name} ${state ?? String(Number(le?.replace('Inf', 'Infinity'))).replace('Infinity', 'Inf')}`;

function shownBy(python: string, text: string) {
  const samples = parseWithPython(python, text, 'openmetrics');
  return Object.fromEntries(
    samples.flatMap(({ name, labels, exemplar }) => (exemplar === null ? [] : [[keyOf(name, labels), exemplar]])),
  );
}

const wanted = Object.fromEntries(
  Object.entries(expected).map(([key, value]) => [key, { labels, value, timestamp: now / 1_000 }]),
);

for (const road of roads) {
  test(`prometheus-client accepts exemplars, and reads what was measured (${road.name})`, async (t: TestContext) => {
    const python = requirePeer(t, 'parser');
    if (python === undefined) return;
    const { url } = await start(inReverse(t), road);
    assert.deepEqual(shownBy(python, await scrape(url, openMetrics)), wanted);
  });
}

test('Prometheus stores exemplars', async (t: TestContext) => {
  const binary = requirePeer(t, 'prometheus');
  if (binary === undefined) return;
  const atEnd = inReverse(t);
  const { url } = await start(atEnd);
  const prometheus = await startPrometheus(t, binary, url);
  atEnd(prometheus.stop);
  await prometheus.scraped();
  const found = await prometheus.exemplars('{__name__=~"shop_.*"}');
  const shown = found.map(({ seriesLabels: { __name__ = '', ...rest }, exemplars }) => [
    keyOf(__name__, rest),
    exemplars.map(({ value, ...one }) => ({ ...one, value: Number(value) })),
  ]);
  assert.deepEqual(Object.fromEntries(shown), Object.fromEntries(Object.entries(wanted).map(([key, one]) => [key, [one]])));
});

for (const road of roads.filter(({ engine }) => engine === undefined)) {
  test(`a Collector gets exemplars, and exposes them (${road.name})`, async (t: TestContext) => {
    const [binary, python] = [requirePeer(t, 'collector'), requirePeer(t, 'parser')];
    if (binary === undefined || python === undefined) return;
    const atEnd = inReverse(t);
    const collector = await startCollector(t, binary);
    atEnd(collector.stop);
    const { bridge } = await start(atEnd, road, collector.endpoint);
    assert.equal(await bridge.flush(), true);
    const printed = exemplarsOf(await collector.lastBatch(1));
    const at = new Date(now)
      .toISOString()
      .replace('T', ' ')
      .replace(/\.?0*Z$/, '');
    const one = (value: string) => ({
      'Trace ID': ids.traceId,
      'Span ID': ids.spanId,
      Timestamp: `${at} +0000 UTC`,
      Value: value,
    });
    assert.deepEqual(printed, {
      'shop.orders paid': [one('3.000000')],
      'shop.orders refused': [],
      'shop.handling ': [one('0.562500'), one('5.000000')],
    });
    // Its prometheus exporter writes a thousand-millionth of the time; that the right one came, the debug exporter shows.
    const exposed = Object.entries(shownBy(python, await collector.scrape(openMetrics)));
    const values = Object.fromEntries(exposed.map(([key, { labels, value }]) => [key, { labels, value }]));
    assert.deepEqual(values, Object.fromEntries(Object.entries(expected).map(([key, value]) => [key, { labels, value }])));
  });
}

for (const protocol of ['OpenMetricsText1.0.0', 'PrometheusProto']) {
  test(`Prometheus stores the attributes of exemplars that the service received, as many as there may be (${protocol})`, async (t: TestContext) => {
    const binary = requirePeer(t, 'prometheus3');
    if (binary === undefined) return;
    const atEnd = inReverse(t);
    const service = await startService(t, { prometheus: { endpoint: '127.0.0.1:0', enable_open_metrics: true } });
    atEnd(service.stop);
    const time = BigInt(now) * million;
    const [trace, span] = [Buffer.from(ids.traceId, 'hex'), Buffer.from(ids.spanId, 'hex')];
    // Of 128 characters 63 are the ids' with their names, 10 and 55 those of the attributes.
    const attributes = { 'user.id': 'bob', long: '€'.repeat(51) };
    const points = [{ time, int: 3, exemplars: [{ time, double: 1.5, trace, span, attributes }] }];
    const others = [{ time, int: 3, exemplars: [{ time, double: 2.5, attributes }] }];
    const counters = { type: 'sum', temporality: 2, monotonic: true } as const;
    const body = requestOf({
      metrics: [
        { name: 'a', ...counters, points },
        { name: 'b', ...counters, points: others },
      ],
    });
    const headers = { 'content-type': 'application/x-protobuf' };
    const sent = await fetch(`${service.endpoint}/v1/metrics`, { method: 'POST', headers, body: Buffer.from(body) });
    assert.equal(sent.status, 200);
    const targets = [new URL(service.page).host];
    const job = { job_name: 'service', scrape_protocols: [protocol], static_configs: [{ targets }] };
    const prometheus = await runPrometheus(t, binary, { scrape_configs: [job] });
    atEnd(prometheus.stop);
    await prometheus.scraped();
    const found = await prometheus.exemplars('{__name__=~"[ab]_total"}');
    const stored = found.map(({ seriesLabels: { __name__ = '' }, exemplars }) => [__name__, exemplars]);
    const own = { user_id: 'bob', long: '€'.repeat(51) };
    const one = (labels: object, value: string) => [{ labels, value, timestamp: now / 1_000 }];
    assert.deepEqual(Object.fromEntries(stored), { a_total: one({ ...labels, ...own }, '1.5'), b_total: one(own, '2.5') });
  });
}

function exemplarsOf({ metrics }: DebugBatch) {
  return Object.fromEntries(
    metrics.flatMap(({ name, points }) =>
      points.map(({ attributes, exemplars }) => [`${name} ${attributes.state ?? ''}`, exemplars.map((one) => ({ ...one }))]),
    ),
  );
}
