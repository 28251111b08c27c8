/**
 * Prometheus 3 with native histograms scrapes a bridge, the service and a Collector that have the same observations: each
 * question has one answer, to the last digit. Up to 160 buckets a sign: of more, ours are merged.
 */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { contract, histogram, meterbridge, oneOf } from '../../src/index.ts';
import { type Collector, startCollector } from './collector.ts';
import { inReverse } from './in-reverse.ts';
import { requirePeer } from './peers.ts';
import { type Prometheus, runPrometheus } from './prometheus.ts';
import { bridgeOptions, ownRoad } from './roads.ts';
import { type Service, startService } from './service.ts';

const second = 1_000_000_000n;

interface Range {
  readonly offset: number;
  readonly bucketCounts: readonly number[];
}

interface Sent {
  readonly scale: number;
  readonly sum: number;
  readonly zeroCount?: number;
  readonly zeroThreshold?: number;
  readonly positive?: Range;
  readonly negative?: Range;
}

const ramp = (length: number) => Array.from({ length }, (_, at) => (at * 7) % 11);

/** Each a series, by its label `case`. */
const sent: Readonly<Record<string, Sent>> = {
  'one bucket': { scale: 0, sum: 5, positive: { offset: 0, bucketCounts: [3] } },
  'gaps, and zeros': {
    scale: 3,
    sum: 99.5,
    zeroCount: 4,
    positive: { offset: -20, bucketCounts: [1, 0, 2, 0, 0, 3, 0, 0, 0, 4, ...ramp(30), 1] },
  },
  'both signs': {
    scale: 2,
    sum: -17.25,
    zeroCount: 1,
    zeroThreshold: 0.01,
    positive: { offset: -3, bucketCounts: [5, 6, 7] },
    negative: { offset: 2, bucketCounts: [1, 0, 0, 0, 9] },
  },
  'finer than Prometheus has it': {
    scale: 11,
    sum: 1,
    positive: { offset: -83, bucketCounts: [...ramp(120), 1] },
    negative: { offset: 5, bucketCounts: [1, 2, 3] },
  },
  'the finest': { scale: 20, sum: 1, positive: { offset: 1_000_001, bucketCounts: [...ramp(150), 1] } },
  'the coarsest': { scale: -4, sum: 1e9, positive: { offset: -2, bucketCounts: [1, 2, 3, 4] } },
  '160 buckets a sign': {
    scale: 5,
    sum: 4,
    positive: { offset: -80, bucketCounts: [...ramp(158), 1, 1] },
    negative: { offset: -80, bucketCounts: [1, ...ramp(158), 1] },
  },
  empty: { scale: 4, sum: 0 },
  'zeros only': { scale: 4, sum: 0, zeroCount: 7 },
};

function request(times: number, at: bigint): string {
  const dataPoints = Object.entries(sent).map(([name, one]) => {
    const { scale, sum, zeroCount = 0, zeroThreshold, positive, negative } = one;
    const range = (given: Range | undefined) => ({
      ...(given && { offset: given.offset, bucketCounts: given.bucketCounts.map((count) => String(count * times)) }),
    });
    return {
      attributes: [{ key: 'case', value: { stringValue: name } }],
      startTimeUnixNano: String(at - 60n * second),
      timeUnixNano: String(at),
      count: String(times * countOf(one)),
      sum: sum * times,
      scale,
      zeroCount: String(zeroCount * times),
      ...(zeroThreshold !== undefined && { zeroThreshold }),
      positive: range(positive),
      negative: range(negative),
    };
  });
  const metric = { name: 'waits', unit: 's', exponentialHistogram: { aggregationTemporality: 2, dataPoints } };
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'till' } }] };
  return JSON.stringify({ resourceMetrics: [{ resource, scopeMetrics: [{ scope: { name: 'lib' }, metrics: [metric] }] }] });
}

async function post(endpoint: string, body: string): Promise<void> {
  const response = await fetch(`${endpoint}/v1/metrics`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  assert.equal(response.status, 200, await response.text());
}

/** Of a selector. */
const questions = [
  ...[0, 0.01, 0.25, 0.5, 0.9, 0.999, 1].map((q) => (selector: string) => `histogram_quantile(${q}, ${selector})`),
  (selector: string) => `histogram_count(${selector})`,
  (selector: string) => `histogram_sum(${selector})`,
  (selector: string) => `histogram_avg(${selector})`,
  (selector: string) => `histogram_stddev(${selector})`,
  ...[
    [0, 1],
    ['-Inf', 0],
    [-1.3, 0.7],
    [0.001, 1.05],
    [2, '+Inf'],
  ].map(
    ([from, to]) =>
      (selector: string) =>
        `histogram_fraction(${from}, ${to}, ${selector})`,
  ),
];

/** By the label, in its order. */
async function answers(prometheus: Prometheus, metric: string, label: string, job: string, at: number) {
  const found: (readonly [string, Readonly<Record<string, string>>])[] = [];
  for (const question of questions) {
    const results = await prometheus.query(question(`${metric}{job="${job}"}`), at);
    const values = results.map(({ labels, value }) => [labels[label] ?? '', value] as const);
    found.push([question('x'), Object.fromEntries(values.toSorted(([a], [b]) => (a < b ? -1 : 1)))]);
  }
  return found;
}

function scrapes(t: TestContext, binary: string, pages: Readonly<Record<string, string>>): Promise<Prometheus> {
  const jobs = Object.entries(pages).map(([job_name, page]) => ({
    job_name,
    static_configs: [{ targets: [new URL(page).host] }],
    scrape_native_histograms: true,
  }));
  return runPrometheus(t, binary, { scrape_configs: jobs }, { args: ['--enable-feature=promql-experimental-functions'] });
}

/**
 * Of scrapes that have so many observations of each: the Collector gathers batches, so what it was sent may show later. Without
 * an end but the test's own.
 */
async function scrapedWith(prometheus: Prometheus, metric: string, count: number): Promise<number> {
  for (;;) {
    const at = await prometheus.scraped();
    const counts = await prometheus.query(`sum by (job) (histogram_count(${metric}))`, at);
    if (counts.length === 2 && counts.every(({ value }) => Number(value) === count)) return at;
  }
}

const countOf = ({ positive, negative, zeroCount = 0 }: Sent) =>
  [...(positive?.bucketCounts ?? []), ...(negative?.bucketCounts ?? [])].reduce((sum, count) => sum + count, zeroCount);
const countOfAll = Object.values(sent).reduce((sum, one) => sum + countOf(one), 0);

interface Peers {
  readonly atEnd: (end: () => Promise<void>) => void;
  readonly prometheus: string;
  readonly collector: Collector;
}

async function withPeers(t: TestContext): Promise<Peers | undefined> {
  const prometheus = requirePeer(t, 'prometheus3');
  const binary = requirePeer(t, 'collector');
  if (prometheus === undefined || binary === undefined) return undefined;
  const atEnd = inReverse(t);
  const collector = await startCollector(t, binary);
  atEnd(collector.stop);
  return { atEnd, prometheus, collector };
}

test('the service answers as the Collector, whatever it was sent', async (t: TestContext) => {
  const peers = await withPeers(t);
  if (peers === undefined) return;
  const { atEnd, collector } = peers;
  const service: Service = await startService(t, { prometheus: { endpoint: '127.0.0.1:0' } });
  atEnd(service.stop);
  const prometheus = await scrapes(t, peers.prometheus, { service: service.page, collector: collector.page });
  atEnd(prometheus.stop);
  const now = BigInt(Date.now()) * 1_000_000n;
  for (const [times, at] of [
    [1, now - second],
    [3, now],
  ] as const) {
    const body = request(times, at);
    await Promise.all([post(service.endpoint, body), post(collector.endpoint, body)]);
    const scraped = await scrapedWith(prometheus, 'waits_seconds', countOfAll * times);
    const [ours, theirs] = [
      await answers(prometheus, 'waits_seconds', 'case', 'service', scraped),
      await answers(prometheus, 'waits_seconds', 'case', 'collector', scraped),
    ];
    assert.deepEqual(Object.keys(ours[0]?.[1] ?? {}), Object.keys(sent).toSorted());
    assert.deepEqual(ours, theirs);
  }
});

const traced = (at: number) => ({ traceId: String(at).padStart(32, '0'), spanId: String(at).padStart(16, '0') });

test('Prometheus stores the exemplars of native histograms, those of the service and those of the Collector', async (t: TestContext) => {
  const peers = await withPeers(t);
  if (peers === undefined) return;
  const { atEnd, collector } = peers;
  const service: Service = await startService(t, { prometheus: { endpoint: '127.0.0.1:0' } });
  atEnd(service.stop);
  const now = BigInt(Date.now()) * 1_000_000n;
  const exemplars = [3, 1, 2].map((at) => ({
    ...traced(at),
    timeUnixNano: String(now - BigInt(at) * 1_000_000n),
    asDouble: 1.5 * 2 ** at,
  }));
  const point = {
    timeUnixNano: String(now),
    count: '5',
    sum: 30,
    scale: 0,
    positive: { offset: 0, bucketCounts: ['1', '1', '1', '1', '1'] },
    exemplars,
  };
  const metric = { name: 'waits', exponentialHistogram: { aggregationTemporality: 2, dataPoints: [point] } };
  const body = JSON.stringify({ resourceMetrics: [{ scopeMetrics: [{ metrics: [metric] }] }] });
  await Promise.all([post(service.endpoint, body), post(collector.endpoint, body)]);
  const prometheus = await scrapes(t, peers.prometheus, { service: service.page, collector: collector.page });
  atEnd(prometheus.stop);
  await scrapedWith(prometheus, 'waits', 5);
  const expected = [3, 2, 1].map((at) => ({
    labels: { trace_id: traced(at).traceId, span_id: traced(at).spanId },
    value: String(1.5 * 2 ** at),
    timestamp: Number(now / 1_000_000n - BigInt(at)) / 1_000,
  }));
  const found = await prometheus.exemplars('waits');
  assert.deepEqual(
    found.map((one) => one.exemplars),
    [expected, expected],
  );
});

const shop = contract('shop', {
  waits: histogram({ unit: 's', help: 'Waits.', exponential: {}, labels: { till: oneOf('left', 'right', 'none') } }),
});

test('a bridge answers as the Collector that it pushes to', async (t: TestContext) => {
  const peers = await withPeers(t);
  if (peers === undefined) return;
  const { atEnd, collector } = peers;
  const bridge = meterbridge(shop, { isolated: true, env: {}, log: () => {}, ...bridgeOptions(ownRoad, collector.endpoint) });
  atEnd(bridge.close);
  const { url } = await bridge.listen('127.0.0.1:0');
  for (let value = 0; value < 5_000; value++) bridge.metrics.waits.record(((value * 7_919) % 5_003) / 317, { till: 'left' });
  for (const value of [0, 5.5, 5.5, 5.6]) bridge.metrics.waits.record(value, { till: 'right' });
  assert.equal(await bridge.flush(), true);
  const prometheus = await scrapes(t, peers.prometheus, { bridge: url, collector: collector.page });
  atEnd(prometheus.stop);
  const scraped = await scrapedWith(prometheus, 'shop_waits_seconds', 5_004);
  const ours = await answers(prometheus, 'shop_waits_seconds', 'till', 'bridge', scraped);
  assert.deepEqual(Object.keys(ours[0]?.[1] ?? {}), ['left', 'right']);
  assert.deepEqual(ours, await answers(prometheus, 'shop_waits_seconds', 'till', 'collector', scraped));
});
