/**
 * The service and a Collector push their own metrics, by one file: under the same names, of the same types, with the same
 * resource.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { batchTree, type ResourceTree, readBatch } from '../../src/collector.ts';
import { folderWith } from '../examples/example.ts';
import { type Receiver, startReceiver } from '../service/exporters/otlp-http/receiver.ts';
import { startFrom } from '../service/graph/rig.ts';
import { until } from '../until.ts';
import { startChild } from './child.ts';
import { requirePeer } from './peers.ts';

const fileFor = (endpoint: string) => `
receivers: {otlp: {protocols: {http: {endpoint: "127.0.0.1:0"}}}}
processors: {filter: {metrics: {exclude: {match_type: strict, metric_names: [b]}}}}
exporters: {otlp_http: {endpoint: "${endpoint}", metrics_endpoint: "${endpoint}/sent"}}
service:
  telemetry:
    resource: {service.name: shop, service.version: null, zone: a}
    metrics:
      readers: [{periodic: {interval: 100, exporter: {otlp: {protocol: http/protobuf, endpoint: "${endpoint}"}}}}]
  pipelines: {metrics: {receivers: [otlp], processors: [filter], exporters: [otlp_http]}}
`;
const body = '{"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"name":"a","gauge":{"dataPoints":[{"asInt":"7"}]}}]}]}]}';

/** What has been pushed last, once it counts the point that was sent to the receiver at `url`. */
async function pushed(receiver: Receiver, url: string): Promise<ResourceTree> {
  const sent = await fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
  assert.equal(sent.status, 200);
  const own = () =>
    receiver.requests.filter(({ path }) => path === '/v1/metrics').map((request) => batchTree(readBatch(request.body))[0]);
  const counting = () =>
    own().find((tree) => tree !== undefined && JSON.stringify([...kindsOf(tree)]).includes('sent_metric_points'));
  await until('a push that counts', () => counting() !== undefined);
  return counting() ?? assert.fail();
}

/** Type, unit and monotonicity by name. */
function kindsOf({ scopes }: ResourceTree): ReadonlyMap<string, readonly unknown[]> {
  const metrics = scopes.flatMap((scope) => scope.metrics);
  return new Map(
    metrics.map(({ metric, type }) => [metric.name, [type, metric.unit.replace(/^\{.*\}$/, '{}'), metric.monotonic]]),
  );
}

const attributesOf = ({ resource }: ResourceTree) =>
  Object.fromEntries(
    resource.attributes.map(({ key = '', value }) => [key, value?.stringValue]).filter(([key]) => !isOwn(String(key))),
  );

/** Random, or of the SDK. */
const isOwn = (key: string): boolean => key === 'service.instance.id' || key.startsWith('telemetry.sdk.');

test('own metrics that are pushed: names, types and resource are the Collector’s', async (t) => {
  const binary = requirePeer(t, 'collector');
  if (binary === undefined) return;
  const [there, here] = [await startReceiver(t), await startReceiver(t)];
  const { file } = folderWith(t, 'collector.yaml', fileFor(there.origin));
  const child = startChild(t, binary, ['--config', file]);
  await child.until('ready', () => child.stderr().includes('Everything is ready.'));
  const [, address = ''] = /Starting HTTP server.*"endpoint": "([^"]+)"/.exec(child.stderr()) ?? [];
  const theirs = await pushed(there, `http://${address}/v1/metrics`);
  const service = await startFrom(t, fileFor(here.origin));
  const ours = await pushed(here, service.urls()[0] ?? assert.fail(service.log()));
  assert.deepEqual(attributesOf(ours), attributesOf(theirs));
  const known = kindsOf(theirs);
  const same = [...kindsOf(ours)].filter(([name]) => known.has(name));
  for (const [name, kind] of same) assert.deepEqual(kind, known.get(name), name);
  // What the Collector has no series of before it has counted is left out.
  const expected = [
    'otelcol_exporter_sent_metric_points',
    'otelcol_receiver_accepted_metric_points',
    'otelcol_exporter_queue_size',
  ];
  const process = ['otelcol_process_uptime', 'otelcol_process_cpu_seconds', 'otelcol_process_memory_rss'];
  const filter = 'otelcol_processor_filter_datapoints.filtered';
  for (const name of [...expected, ...process, filter])
    assert.ok(
      same.some(([one]) => one === name),
      name,
    );
});
