/**
 * One of two exporters refuses a request for now, so its sender is told to send all of it again ("the client SHOULD retry", OTLP,
 * "Failures"). The exporter that has taken it knows it by then: nothing counts twice, and nothing is said of two writers.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../../until.ts';
import { startReceiver } from '../exporters/otlp-http/receiver.ts';
import { noOwnMetrics, startFrom } from '../graph/rig.ts';
import { send } from '../receivers/otlp/http-client.ts';

const nanos = (seconds: number) => String(1_700_000_000n * 1_000_000_000n + BigInt(seconds) * 1_000_000_000n);

/** The interval from 10 to 20 s, or what has added up since 0 s. */
const temporalities = { cumulative: { aggregationTemporality: 2, start: 0 }, delta: { aggregationTemporality: 1, start: 10 } };

function bodyOf(name: string, { aggregationTemporality, start }: (typeof temporalities)[keyof typeof temporalities]): string {
  const times = { startTimeUnixNano: nanos(start), timeUnixNano: nanos(20) };
  const buckets = { ...times, count: '3', sum: 7, explicitBounds: [1], bucketCounts: ['1', '2'] };
  const metrics = [
    { name: `${name}.runs`, sum: { aggregationTemporality, isMonotonic: true, dataPoints: [{ ...times, asInt: '5' }] } },
    { name: `${name}.wait`, histogram: { aggregationTemporality, dataPoints: [buckets] } },
    { name: `${name}.load`, gauge: { dataPoints: [{ timeUnixNano: nanos(20), asDouble: 0.5 }] } },
  ];
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] };
  return JSON.stringify({ resourceMetrics: [{ resource, scopeMetrics: [{ metrics }] }] });
}

for (const [temporality, times] of Object.entries(temporalities)) {
  test(`a request that is sent again because one of two exporters refused it: ${temporality}`, async (t) => {
    const { promise: after, resolve: release } = Promise.withResolvers<void>();
    const next = await startReceiver(t, [{ status: 200, after }, { status: 200 }]);
    const service = await startFrom(
      t,
      `receivers: {otlp: {protocols: {http: {endpoint: '127.0.0.1:0'}}}}
exporters: {prometheus: {endpoint: '127.0.0.1:0', without_scope_info: true}, otlp_http: {endpoint: '${next.origin}', sending_queue: {queue_size: 1, num_consumers: 1}}}
service: {${noOwnMetrics}, pipelines: {metrics: {receivers: [otlp], exporters: [prometheus, otlp_http]}}}`,
    );
    const [receiver = '', page = ''] = ['/v1/metrics', '/metrics'].map((path) =>
      service.urls().find((url) => new URL(url).pathname === path),
    );
    const sent = async (name: string) => {
      const answer = await send(new URL(receiver).host, {
        headers: { 'content-type': 'application/json' },
        body: bodyOf(name, times),
      });
      return [answer.status, answer.body.toString()];
    };
    assert.deepEqual(await sent('first'), [200, '{}']);
    const [status, body = ''] = await sent('m');
    assert.equal(status, 503, String(body));
    assert.match(String(body), /queue/);
    release();
    let again: readonly unknown[] = [];
    await until('the queue has room', async () => {
      again = await sent('m');
      return again[0] !== 503;
    });
    assert.deepEqual(again, [200, '{}']);
    const lines = (await (await fetch(page)).text()).split('\n').filter((line) => line.startsWith('m_'));
    assert.deepEqual(lines.sort(), [
      'm_load{job="shop"} 0.5',
      'm_runs_total{job="shop"} 5',
      'm_wait_bucket{job="shop",le="+Inf"} 3',
      'm_wait_bucket{job="shop",le="1"} 1',
      'm_wait_count{job="shop"} 3',
      'm_wait_sum{job="shop"} 7',
    ]);
    assert.doesNotMatch(service.log(), /two writers|overlap|service\.instance\.id/);
  });
}
