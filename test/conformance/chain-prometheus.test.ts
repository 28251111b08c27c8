/**
 * Service → Prometheus 3, which is killed, or refuses what it does not take: totals go on, and what is refused is counted and
 * logged.
 */
import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../examples/demo/free-port.ts';
import { until } from '../until.ts';
import { inReverse } from './in-reverse.ts';
import { requirePeer } from './peers.ts';
import { newFolder, type Prometheus, runPrometheus } from './prometheus.ts';
import { type Service, startService } from './service.ts';

const everyMs = 10;
/** Far fewer requests than come in an outage. */
const queueSize = 20;
const cumulative = 2;
const delta = 1;
const startNanos = `${Date.now()}000000`;

const nanos = (ms: number) => `${ms}000000`;

const sum = (name: string, value: number, timeMs: number, aggregationTemporality = cumulative) => ({
  name,
  sum: {
    isMonotonic: true,
    aggregationTemporality,
    dataPoints: [{ startTimeUnixNano: startNanos, timeUnixNano: nanos(timeMs), asInt: String(value) }],
  },
});

const histogram = (name: string, count: number, timeMs: number) => ({
  name,
  unit: 's',
  histogram: {
    aggregationTemporality: cumulative,
    dataPoints: [
      {
        startTimeUnixNano: startNanos,
        timeUnixNano: nanos(timeMs),
        count: String(count),
        sum: count / 4,
        explicitBounds: [0.5, 1],
        bucketCounts: [String(count), '0', '0'],
      },
    ],
  },
});

async function send(
  { endpoint }: Service,
  metrics: readonly object[],
): Promise<{ readonly status: number; readonly text: string }> {
  const attributes = [{ key: 'service.name', value: { stringValue: 'chain' } }];
  const body = JSON.stringify({ resourceMetrics: [{ resource: { attributes }, scopeMetrics: [{ metrics }] }] });
  const answer = await fetch(`${endpoint}/v1/metrics`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  return { status: answer.status, text: await answer.text() };
}

const shownAs = async (prometheus: Prometheus, promql: string) => (await prometheus.query(promql))[0]?.value;

test('Prometheus 3 is killed twice, for longer than the queue holds: totals go on', async (t: TestContext) => {
  const binary = requirePeer(t, 'prometheus3');
  if (binary === undefined) return;
  const atEnd = inReverse(t);
  const folder = await newFolder();
  atEnd(() => rm(folder, { recursive: true, force: true }));
  const port = await freePort();
  const args = ['--web.enable-otlp-receiver', '--enable-feature=otlp-deltatocumulative'];
  const start = () => runPrometheus(t, binary, { scrape_configs: [] }, { args, port, folder });
  let prometheus = await start();
  const service = await startService(t, {
    otlp_http: {
      endpoint: `${prometheus.url}/api/v1/otlp`,
      sending_queue: { queue_size: queueSize, num_consumers: 1 },
      retry_on_failure: { initial_interval: '100ms', max_interval: '200ms', max_elapsed_time: '0s' },
    },
  });
  atEnd(service.stop);

  let sent = 0;
  let ended = false;
  const counting = (async () => {
    for (; !ended; await sleep(everyMs)) {
      sent++;
      const now = Date.now();
      assert.equal((await send(service, [sum('chain.total', sent, now), histogram('chain.time', sent, now)])).status, 200);
    }
  })();
  const sendsMore = (count: number) => {
    const enough = sent + count;
    return until(`${count} more are sent`, () => sent >= enough);
  };
  for (const inOutage of [0, 2 * queueSize]) {
    await sendsMore(queueSize);
    await prometheus.kill();
    await sendsMore(inOutage);
    prometheus = await start();
  }
  ended = true;
  await counting;
  atEnd(prometheus.stop);

  const all = async () => [await shownAs(prometheus, 'chain_total'), await shownAs(prometheus, 'chain_time_seconds_count')];
  await until('all has arrived', async () => (await all()).every((value) => value === String(sent)));
  assert.equal(await shownAs(prometheus, 'chain_time_seconds_sum'), String(sent / 4));
  assert.deepEqual(await prometheus.query('resets(chain_total[1h])'), [{ labels: {}, value: '0' }]);
  assert.ok(sent > 2 * queueSize, String(sent));
  assert.equal(await service.count('otelcol_exporter_send_failed_metric_points'), 0, service.log());
  const kept = (await prometheus.samples('chain_total')).length;
  assert.ok(kept < sent, 'the queue was never full');
  t.diagnostic(`${sent} totals, of which ${kept} are there`);

  // With this feature, it takes deltas.
  for (const value of [3, 4]) await send(service, [sum('chain.delta', value, Date.now(), delta)]);
  await until('deltas added up', async () => (await shownAs(prometheus, 'chain_delta_total')) === '7');
});

test('what Prometheus 3 refuses is counted and logged with its reason', async (t: TestContext) => {
  const binary = requirePeer(t, 'prometheus3');
  if (binary === undefined) return;
  const atEnd = inReverse(t);
  const prometheus = await runPrometheus(t, binary, { scrape_configs: [] }, { args: ['--web.enable-otlp-receiver'] });
  atEnd(prometheus.stop);
  const service = await startService(t, { otlp_http: { endpoint: `${prometheus.url}/api/v1/otlp` } });
  atEnd(service.stop);
  const now = Date.now();
  const failed = () => service.count('otelcol_exporter_send_failed_metric_points');

  // Without its feature for deltas, it refuses the request, what else is in it included.
  await send(service, [sum('jobs.done', 1, now), sum('jobs.fresh', 1, now, delta)]);
  await until('refused', async () => (await failed()) === 2);
  assert.match(
    service.log(),
    /rejected points, which are dropped: 500 .*invalid temporality and type combination for metric \\?"jobs\.fresh/,
  );
  assert.deepEqual(await prometheus.query('jobs_done_total'), []);

  await send(service, [sum('jobs.done', 5, now)]);
  await until('there', async () => (await shownAs(prometheus, 'jobs_done_total')) === '5');
  await send(service, [sum('jobs.done', 4, now - 1_000)]);
  await until('refused', async () => (await failed()) === 3);
  assert.equal(await shownAs(prometheus, 'jobs_done_total'), '5');
  assert.equal(await service.count('otelcol_exporter_sent_metric_points'), 1);
});
