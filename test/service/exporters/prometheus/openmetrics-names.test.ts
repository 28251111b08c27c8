/** Names that only OpenMetrics keeps apart ("MetricFamily", "Name"). Text and protobuf: the Collector shows both metrics. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SentMetric, SentResource } from '../../received/sender.ts';
import { openMetrics, startExporter } from './rig.ts';

const time = 1_795_377_313_000n * 1_000_000n;

function from(service: string, ...metrics: readonly SentMetric[]): SentResource {
  return { attributes: { 'service.name': service }, metrics };
}

function gauge(name: string, value: number): SentMetric {
  return { name, type: 'gauge', points: [{ double: value, time, attributes: {} }] };
}

function counter(name: string, value: number): SentMetric {
  return { name, type: 'sum', temporality: 2, monotonic: true, points: [{ int: value, time, attributes: {} }] };
}

const sent = [
  from('a', counter('queue', 7), counter('http.requests', 3)),
  from('b', gauge('queue', 2), gauge('http.requests.created', 4)),
];
const lineOf = (family: string, stays: string) =>
  `a metric ${family} is not shown in OpenMetrics: ${stays} has or reserves the same name there. Rename one of the two metrics`;

for (const order of ['sent', 'reversed'] as const) {
  test(`whichever came first (${order}): text shows both, OpenMetrics the first by name, which is told once and counted`, async (context) => {
    const rig = await startExporter(context, { enable_open_metrics: true, without_scope_info: true });
    for (const resource of order === 'sent' ? sent : sent.toReversed()) assert.equal(rig.send(resource), undefined);
    assert.deepEqual(await rig.samples(), [
      'http_requests_created{job="b"} 4',
      'http_requests_total{job="a"} 3',
      'queue_total{job="a"} 7',
      'queue{job="b"} 2',
    ]);
    assert.deepEqual([rig.warnings, rig.state().conflicts], [[], 0]);
    for (let scrape = 0; scrape < 2; scrape++) {
      assert.deepEqual(await rig.samples(openMetrics), ['http_requests_created{job="b"} 4', 'queue{job="b"} 2']);
    }
    assert.deepEqual([...rig.warnings].sort(), [
      lineOf('http_requests_total', 'http_requests_created'),
      lineOf('queue_total', 'queue'),
    ]);
    assert.equal(rig.state().conflicts, 2);
  });
}
