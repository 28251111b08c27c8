/**
 * The exporter as a whole, over a socket. Expected values: what the Collector v0.159 shows of the same requests, or the norm
 * where it is named.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { prometheusExporter as prometheus } from '../../../../src/service/exporters/prometheus/index.ts';
import type { SentMetric, SentResource } from '../../received/sender.ts';
import { openMetrics, settingsOf, startExporter } from './rig.ts';

const service = { 'service.name': 'svc', 'service.instance.id': 'i1' };
const minute = 60_000;
const second = 1_000_000_000n;
const time = 1_795_377_313_000n * 1_000_000n;

function from(attributes: Readonly<Record<string, string>>, ...metrics: readonly SentMetric[]): SentResource {
  return { attributes, scope: 'sc', metrics };
}

function gauge(name: string, value: number, at = time): SentMetric {
  return { name, type: 'gauge', points: [{ double: value, time: at }] };
}

function counter(name: string, value: number, over: Partial<SentMetric['points'][0]> = {}): SentMetric {
  return { name, type: 'sum', temporality: 2, monotonic: true, points: [{ int: value, time, ...over }] };
}

const histogram: SentMetric = {
  name: 'h',
  unit: 's',
  type: 'histogram',
  temporality: 2,
  points: [{ count: 3, sum: 4, bounds: [1, 2], counts: [1, 1, 1], time }],
};

test('shows what it was sent, with job, instance, scope and target_info', async (context) => {
  const rig = await startExporter(context);
  assert.match(rig.url, /^http:\/\/127\.0\.0\.1:\d+\/metrics$/);
  rig.send(from(service, { ...counter('jobs.done', 7), unit: 'By', description: 'Done.' }, histogram));
  const labels = 'instance="i1",job="svc",otel_scope_name="sc",otel_scope_schema_url="",otel_scope_version=""';
  assert.deepEqual(await rig.samples(), [
    `h_seconds_bucket{${labels},le="+Inf"} 3`,
    `h_seconds_bucket{${labels},le="1"} 1`,
    `h_seconds_bucket{${labels},le="2"} 2`,
    `h_seconds_count{${labels}} 3`,
    `h_seconds_sum{${labels}} 4`,
    `jobs_done_bytes_total{${labels}} 7`,
    'target_info{instance="i1",job="svc"} 1',
  ]);
  assert.match(await rig.text(), /# HELP jobs_done_bytes_total Done\.\n# TYPE jobs_done_bytes_total counter\n/);
});

test('gives OpenMetrics only where the file enables it', async (context) => {
  const without = await startExporter(context);
  assert.match((await without.get(openMetrics)).headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/);
  const rig = await startExporter(context, { enable_open_metrics: true });
  assert.match((await rig.get(openMetrics)).headers.get('content-type') ?? '', /^application\/openmetrics-text; version=1\.0\.0/);
  assert.match((await rig.get()).headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/);
});

test('shows exemplars in OpenMetrics', async (context) => {
  const rig = await startExporter(context, { enable_open_metrics: true, without_scope_info: true });
  const trace = Buffer.from('0102030405060708090a0b0c0d0e0f10', 'hex');
  rig.send(from({}, counter('x', 4, { exemplars: [{ time, double: 1, trace }] })));
  assert.match(
    await rig.text(openMetrics),
    /^x_total 4(\.0)? # \{trace_id="0102030405060708090a0b0c0d0e0f10"\} 1(\.0)? 1795377313/m,
  );
});

test('send_timestamps: milliseconds in text, seconds in OpenMetrics, none for target_info', async (context) => {
  const rig = await startExporter(context, { send_timestamps: true, enable_open_metrics: true, without_scope_info: true });
  rig.send(from(service, gauge('x', 1)));
  assert.deepEqual(await rig.samples(), ['target_info{instance="i1",job="svc"} 1', 'x{instance="i1",job="svc"} 1 1795377313000']);
  assert.match(await rig.text(openMetrics), /^x\{instance="i1",job="svc"\} 1(\.0)? 1795377313(\.0+)?$/m);
});

test('a series goes metric_expiration after it was last received, and target_info with the last one', async (context) => {
  const rig = await startExporter(context, { without_scope_info: true });
  rig.send(from(service, gauge('old', 1), gauge('kept', 1)));
  rig.pass(4 * minute);
  rig.send(from(service, gauge('kept', 2, time + second)));
  rig.pass(2 * minute);
  assert.deepEqual(await rig.samples(), ['kept{instance="i1",job="svc"} 2', 'target_info{instance="i1",job="svc"} 1']);
  rig.pass(4 * minute);
  assert.equal(await rig.text(), '');
  assert.deepEqual(
    { ...rig.state(), notTaken: undefined },
    {
      series: 0,
      families: 0,
      expired: 2,
      resets: 0,
      gaps: 0,
      silent: 0,
      forgotten: 0,
      conflicts: 0,
      omitted: 0,
      exemplarLabels: 0,
      notTaken: undefined,
    },
  );
});

test('without suffixes, with a namespace', async (context) => {
  const rig = await startExporter(context, {
    namespace: 'acme',
    translation_strategy: 'UnderscoreEscapingWithoutSuffixes',
    without_scope_info: true,
  });
  rig.send(from({ 'service.name': 'svc' }, { ...counter('jobs.done', 7), unit: 'By' }));
  assert.equal(await rig.text(), '# TYPE acme_jobs_done counter\nacme_jobs_done{job="svc"} 7\n');
});

test('more than 4 MiB are shown', async (context) => {
  const rig = await startExporter(context, { without_scope_info: true });
  const value = 'v'.repeat(60_000);
  const points = Array.from({ length: 100 }, (_, at) => ({ double: at, time, attributes: { k: `${at}${value}` } }));
  rig.send(from({}, { name: 'x', type: 'gauge', points }));
  assert.equal((await rig.samples()).length, 100);
});

test('listens where the file says, and declares it', () => {
  const settings = settingsOf();
  assert.deepEqual(prometheus.listens?.(settings), [{ key: 'endpoint', address: { host: '127.0.0.1', port: 0 } }]);
  assert.equal(settings.metric_expiration, 5 * minute);
});

test('a port in use: start rejects, and shutdown is fine behind it', async (context) => {
  const rig = await startExporter(context);
  const { port } = new URL(rig.url);
  await assert.rejects(
    startExporter(context, { endpoint: { host: '127.0.0.1', port: Number(port) } }),
    /exporters\.prometheus\.endpoint/,
  );
});
