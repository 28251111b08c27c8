/** The service's own metrics over real sockets: pushed by OTLP, and with the resource of its configuration. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { batchTree, type ResourceTree, readBatch } from '../../../src/collector.ts';
import { defaultLimits } from '../../../src/service/limits.ts';
import { folderWith } from '../../examples/example.ts';
import { until } from '../../until.ts';
import { type Receiver, startReceiver } from '../exporters/otlp-http/receiver.ts';
import { startFrom } from '../graph/rig.ts';

const pipelines = `receivers: {otlp: {protocols: {http: {endpoint: "127.0.0.1:0"}}}}
exporters: {nop: }
`;
const rest = 'pipelines: {metrics: {receivers: [otlp], exporters: [nop]}}';

/** A reader that pushes to the receiver every 20 ms. */
function pushing(endpoint: string, more = ''): string {
  return `{periodic: {interval: 20, exporter: {otlp: {protocol: http/protobuf, endpoint: "${endpoint}"${more}}}}}`;
}

const withReaders = (readers: string, resource = '{}') =>
  `${pipelines}service: {telemetry: {resource: ${resource}, metrics: {readers: [${readers}]}}, ${rest}}\n`;

const treeOf = ({ requests }: Receiver, index: number): ResourceTree => {
  const body = requests.at(index)?.body ?? assert.fail('no request');
  return batchTree(readBatch(body))[0] ?? assert.fail('nothing in it');
};

const attributesOf = ({ resource }: ResourceTree) =>
  Object.fromEntries(resource.attributes.map(({ key = '', value }) => [key, value?.stringValue]));

const firstPush = async (t: TestContext, receiver: Receiver, yaml: string) => {
  const service = await startFrom(t, yaml);
  await until('a push', () => receiver.requests.length > 0);
  return service;
};

test('a periodic reader pushes what the service counts, under the Collector’s names', async (t) => {
  const receiver = await startReceiver(t);
  const service = await firstPush(t, receiver, withReaders(pushing(receiver.origin, ', headers: [{name: x-own, value: "1"}]')));
  const [url = ''] = service.urls();
  const body =
    '{"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"name":"a","gauge":{"dataPoints":[{"asInt":"7"},{"asInt":"8"}]}}]}]}]}';
  assert.equal((await fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/json' } })).status, 200);
  const accepted = () => {
    const all = treeOf(receiver, -1).scopes.flatMap(({ metrics }) => metrics);
    const found = all.find(({ metric }) => metric.name === 'otelcol_receiver_accepted_metric_points');
    return found?.type === 'sum' ? found : undefined;
  };
  await until('it is pushed', () => accepted() !== undefined);
  const { metric, points } = accepted() ?? assert.fail();
  assert.deepEqual([metric.unit, metric.monotonic, metric.temporality], ['{datapoint}', true, 2]);
  const [{ attributes, asInt, asDouble } = assert.fail()] = points;
  assert.equal(Number(asInt ?? asDouble), 2);
  assert.deepEqual(Object.fromEntries(attributes.map(({ key = '', value }) => [key, value?.stringValue])), {
    receiver: 'otlp',
    transport: 'http',
  });
  const { path, headers } = receiver.requests[0] ?? assert.fail();
  assert.deepEqual([path, headers['x-own']], ['/v1/metrics', '1']);
  // What only Prometheus needs is not pushed.
  assert.doesNotMatch(
    JSON.stringify(treeOf(receiver, -1), (_key, value) => (typeof value === 'bigint' ? String(value) : value)),
    /target/,
  );
});

test('the resource is pushed and shown, with the Collector’s defaults unless a null takes one out', async (t) => {
  const receiver = await startReceiver(t);
  const readers = `${pushing(`${receiver.origin}/own`)}, {pull: {exporter: {prometheus: {port: 0}}}}`;
  const service = await firstPush(
    t,
    receiver,
    withReaders(readers, '{service.name: shop, service.version: , foo.bar: "1", foo_bar: "2"}'),
  );
  assert.equal(receiver.requests[0]?.path, '/own');
  const { 'service.instance.id': id = '', ...others } = attributesOf(treeOf(receiver, 0));
  const own = Object.entries(others).filter(([name]) => !name.startsWith('telemetry.sdk.'));
  assert.deepEqual(Object.fromEntries(own), { 'service.name': 'shop', 'foo.bar': '1', foo_bar: '2' });
  const url = service.urls().find((one) => one.endsWith('/metrics')) ?? assert.fail(service.log());
  const page = await (await fetch(url)).text();
  const labels = `foo_bar="1;2",service_instance_id="${id}",service_name="shop"`;
  assert.ok(page.includes(`\ntarget_info{${labels}} 1\n`), page);
});

test('a reload changes the resource', async (t) => {
  const receiver = await startReceiver(t);
  const service = await firstPush(t, receiver, withReaders(pushing(receiver.origin), '{zone: a}'));
  assert.equal(attributesOf(treeOf(receiver, -1)).zone, 'a');
  const changed = withReaders(pushing(receiver.origin), '{zone: b}');
  assert.equal((await service.changeTo(changed)).outcome, 'done');
  await until('a push of the new one', () => attributesOf(treeOf(receiver, -1)).zone === 'b');
});

test('a receiver that never answers, or is gone, does not hold up the end; the log says so', async (t) => {
  const never = new Promise<void>(() => {});
  const receiver = await startReceiver(t, [{ status: 200, after: never }]);
  const service = await firstPush(t, receiver, withReaders(pushing(receiver.origin)));
  await service.shutdown();
  const gone = await startFrom(t, withReaders(pushing('http://127.0.0.1:1')));
  await until('it is said', () => /push to http:\/\/127\.0\.0\.1:1\/v1\/metrics failed/.test(gone.log()));
  await gone.shutdown();
});

test('a certificate that cannot be read keeps the service from starting, and is named', async (t) => {
  const none = join(folderWith(t, 'empty', '').folder, 'ca.pem');
  await assert.rejects(startFrom(t, withReaders(pushing('https://127.0.0.1:1', `, certificate: "${none}"`))), {
    code: 'COLLECTOR_CONFIG_INVALID',
    message:
      /^service\.telemetry\.metrics\.readers\[0\]\.periodic\.exporter\.otlp\.certificate: got ".*", a file that cannot be read/,
  });
});

test('what the service holds of what senders sent is shown, with its limit', async (t) => {
  const yaml = `receivers: {otlp: {protocols: {http: {endpoint: "127.0.0.1:0"}}}}
exporters: {prometheus: {endpoint: "127.0.0.1:0"}}
service: {telemetry: {metrics: {readers: [{pull: {exporter: {prometheus: {port: 0}}}}]}}, pipelines: {metrics: {receivers: [otlp], exporters: [prometheus]}}}
`;
  const service = await startFrom(t, yaml);
  const urls = service.urls();
  const ofTheService = async () => {
    const pages = await Promise.all(urls.filter((url) => !url.includes('/v1/')).map(async (url) => (await fetch(url)).text()));
    const page = pages.find((text) => text.includes('meterbridge_memory_limit_bytes')) ?? assert.fail(service.log());
    const sample = (name: string) => Number(new RegExp(`^${name} (.*)$`, 'm').exec(page)?.[1]);
    return { held: sample('meterbridge_memory_held_bytes'), limit: sample('meterbridge_memory_limit_bytes') };
  };
  const before = await ofTheService();
  assert.equal(before.limit, defaultLimits.maxMemory);
  const points = Array.from({ length: 500 }, (_, k) => `{"asInt":"7","attributes":[{"key":"k","value":{"stringValue":"${k}"}}]}`);
  const body = `{"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"name":"a","gauge":{"dataPoints":[${points}]}}]}]}]}`;
  const url = urls.find((one) => one.includes('/v1/metrics')) ?? assert.fail();
  assert.equal((await fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/json' } })).status, 200);
  const { held } = await ofTheService();
  assert.ok(held - before.held > 500 * 50, `${before.held} to ${held}`);
});
