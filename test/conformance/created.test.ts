/**
 * When a series began, at a Prometheus with `--enable-feature=created-timestamp-zero-ingestion`: a counter that is born between
 * two scrapes is counted from its first increment, and no total is counted twice. Over the rises of raw samples, because
 * `increase` extrapolates.
 */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type BridgeOptions, contract, counter, histogram, identity, meterbridge, summary } from '../../src/index.ts';
import { directoryOf } from '../library/processes/bridges.ts';
import { until } from '../until.ts';
import { inReverse } from './in-reverse.ts';
import { shows } from './increase.ts';
import { requirePeer } from './peers.ts';
import { type Prometheus, runPrometheus } from './prometheus.ts';
import { startService } from './service.ts';

const labels = { task: identity({ limit: 10 }) };
const declarations = {
  runs: counter({ help: 'Runs.', labels }),
  wait: histogram({ unit: 's', help: 'Wait.', bounds: [1], labels }),
  parse: summary({ unit: 's', help: 'Parse.', labels }),
  read: counter({ observed: true, help: 'Read.' }),
  archived: counter({ observed: true, unknownStart: true, help: 'Archived.' }),
};
const declared = contract('shop', declarations);
type Member = ReturnType<typeof meterbridge<typeof declared>>;

const protocols = { openmetrics: 'OpenMetricsText1.0.0', protobuf: 'PrometheusProto' } as const;
type Protocol = keyof typeof protocols;

/** What a scraper is shown, and by whom values are recorded: the last one has the series that are born later. */
interface Road {
  readonly page: string;
  readonly bridges: readonly [Member, Member];
  /** Brings what was recorded to the page. */
  deliver(): Promise<unknown>;
}

const quiet = { env: {}, isolated: true, log: () => {} };

async function alone(atEnd: (end: () => Promise<void>) => void, options: BridgeOptions, thread: boolean): Promise<Road> {
  const bridge = meterbridge(declared, { ...quiet, ...options });
  atEnd(() => bridge.close());
  const { url } = await bridge.listen('127.0.0.1:0', { thread });
  return { page: url, bridges: [bridge, bridge], deliver: async () => {} };
}

async function served(
  t: TestContext,
  atEnd: (end: () => Promise<void>) => void,
  settings: object = {},
  args: readonly string[] = [],
): Promise<Road> {
  const service = await startService(t, { prometheus: { endpoint: '127.0.0.1:0', ...settings } }, {}, args);
  atEnd(service.stop);
  const push = { endpoint: service.endpoint, intervalMs: 86_400_000 };
  const bridge = meterbridge(declared, { ...quiet, push });
  atEnd(() => bridge.close());
  return {
    page: service.page,
    bridges: [bridge, bridge],
    async deliver() {
      // A start of the point's own time, by our clock in whole milliseconds, means that it is unknown.
      await sleep(2);
      await until('the push arrives', () => bridge.flush());
    },
  };
}

async function ofAll(t: TestContext, options: BridgeOptions): Promise<Road> {
  const directory = directoryOf(t);
  const [one, other] = [await directory.join(declarations, options), await directory.join(declarations, options)];
  const { url } = await one.bridge.listen('127.0.0.1:0');
  return { page: url, bridges: [one.bridge, other.bridge], deliver: async () => {} };
}

/** The rises between neighbouring samples; a fall is a start from 0. */
async function risen(prometheus: Prometheus, selector: string): Promise<number> {
  const values = (await prometheus.samples(selector)).map(([, value]) => value);
  return values
    .slice(1)
    .reduce((sum, value, at) => sum + (value < (values[at] as number) ? value : value - (values[at] as number)), 0);
}

async function plays(
  t: TestContext,
  { page, bridges, deliver }: Road,
  protocol: Protocol,
  binary: string,
  atEnd: (end: () => Promise<void>) => void,
) {
  const [first, last] = bridges;
  let [read, archived] = [50, 1_000];
  first.metrics.read.observe(() => read);
  first.metrics.archived.observe(() => archived);
  first.metrics.runs.add(3, { task: 'early' });
  await deliver();
  const job = {
    job_name: 'shop',
    scrape_protocols: [protocols[protocol]],
    static_configs: [{ targets: [new URL(page).host] }],
  };
  const args = ['--enable-feature=created-timestamp-zero-ingestion'];
  const prometheus = await runPrometheus(t, binary, { scrape_configs: [job] }, { args });
  atEnd(prometheus.stop);
  const runs = (task: string) => `shop_runs_total{task="${task}"}`;
  // Two scrapes ahead, so that the next series are born between two.
  await until('two scrapes', async () => {
    const shown = await prometheus.query('up');
    return shown.length > 0 && (await prometheus.samples('up')).length >= 2;
  });
  await shows(prometheus, runs('early'), 3);
  for (const metrics of [last.metrics]) {
    metrics.runs.add(5, { task: 'born' });
    metrics.wait.record(0.5, { task: 'born' });
    metrics.wait.record(2, { task: 'born' });
    metrics.parse.record(4, { task: 'born' });
  }
  [read, archived] = [20, 900];
  await deliver();
  await shows(prometheus, runs('born'), 5);
  await shows(prometheus, 'shop_read_total', 20);
  last.metrics.runs.add(2, { task: 'born' });
  [read, archived] = [21, 901];
  await deliver();
  await shows(prometheus, runs('born'), 7);
  await shows(prometheus, 'shop_read_total', 21);
  return { prometheus, runs };
}

/** Of each series, what has come since its start. */
async function assertCounted(prometheus: Prometheus, runs: (task: string) => string): Promise<void> {
  const expected = {
    [runs('early')]: 3,
    [runs('born')]: 7,
    'shop_wait_seconds_count{task="born"}': 2,
    'shop_wait_seconds_sum{task="born"}': 2.5,
    'shop_wait_seconds_bucket{task="born",le="1.0"}': 1,
    'shop_wait_seconds_bucket{task="born",le="+Inf"}': 2,
    'shop_parse_seconds_count{task="born"}': 1,
    'shop_parse_seconds_sum{task="born"}': 4,
    // From 0 to 50, from 0 to 20 when it fell, and one more: nothing twice.
    shop_read_total: 71,
    // Its start is unknown: what fell is counted as Prometheus counts it by itself.
    shop_archived_total: 901,
  };
  const counted = await Promise.all(
    Object.keys(expected).map(async (selector) => [selector, await risen(prometheus, selector)] as const),
  );
  assert.deepEqual(Object.fromEntries(counted), expected);
  assert.deepEqual(await prometheus.query('{__name__=~".*_created"}'), []);
}

const created = { scrape: { created: true } };
const cases: readonly (readonly [
  string,
  Protocol,
  (t: TestContext, atEnd: (end: () => Promise<void>) => void) => Promise<Road>,
])[] = [
  ['a bridge', 'openmetrics', (_t, atEnd) => alone(atEnd, created, false)],
  ['a bridge', 'protobuf', (_t, atEnd) => alone(atEnd, {}, false)],
  ['a listener in a thread', 'openmetrics', (_t, atEnd) => alone(atEnd, created, true)],
  ['a listener in a thread', 'protobuf', (_t, atEnd) => alone(atEnd, {}, true)],
  ['serve', 'protobuf', (t, atEnd) => served(t, atEnd)],
  ['serve', 'openmetrics', (t, atEnd) => served(t, atEnd, { enable_open_metrics: true }, ['--created'])],
  ['all processes', 'openmetrics', (t) => ofAll(t, created)],
  ['all processes', 'protobuf', (t) => ofAll(t, {})],
];

for (const [name, protocol, open] of cases) {
  test(`Prometheus counts a series from its first increment: ${name}, ${protocol}`, async (t) => {
    const binary = requirePeer(t, 'prometheus3');
    if (binary === undefined) return;
    const atEnd = inReverse(t);
    const { prometheus, runs } = await plays(t, await open(t, atEnd), protocol, binary, atEnd);
    await assertCounted(prometheus, runs);
  });
}

test('without lines of when it began, it does not', async (t) => {
  const binary = requirePeer(t, 'prometheus3');
  if (binary === undefined) return;
  const atEnd = inReverse(t);
  const { prometheus, runs } = await plays(t, await alone(atEnd, {}, false), 'openmetrics', binary, atEnd);
  assert.equal(await risen(prometheus, runs('born')), 2);
});
