/**
 * The exporter `otlp_http` in a real Collector and in the service: the same arrives behind both, whatever the receiver there
 * answers.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gunzipSync, inflateSync, zstdDecompressSync } from 'node:zlib';
import { readBatch } from '../../../src/formats/otlp/batch/batch.ts';
import { jsonToProtobuf } from '../../../src/formats/otlp/json/to-protobuf.ts';
import { detailedLines } from '../../../src/service/exporters/debug/text/detailed.ts';
import { encodePartialSuccess } from '../../service/exporters/otlp-http/partial-success.ts';
import { type Receiver, type Request, startReceiver } from '../../service/exporters/otlp-http/receiver.ts';
import { send } from '../../service/receivers/otlp/http-client.ts';
import { until } from '../../until.ts';
import { type ExporterMetrics, exporterMetrics, ownMetricsYaml } from './own-metrics.ts';
import { randomRequests } from './random.ts';
import { from, gauge, number, sum } from './requests.ts';
import { sendToBoth } from './send.ts';
import { traffic } from './traffic/index.ts';
import { askBoth, type Both, type Side, startTwin, type Twin } from './twin.ts';

const codings = {
  none: (bytes: Buffer) => bytes,
  gzip: gunzipSync,
  zstd: zstdDecompressSync,
  deflate: inflateSync,
  zlib: inflateSync,
  json: jsonToProtobuf,
};
const sides = ['collector', 'service'] as const;

/** In the order of the queue: one request at a time. */
const ordered = 'sending_queue::num_consumers: 1';

function overOf({ origin }: Receiver, exporters: Readonly<Record<string, readonly string[]>>): string[] {
  const settings = Object.entries(exporters).flatMap(([name, keys]) =>
    [`metrics_endpoint: ${origin}/${name}`, ...keys].map((key) => `yaml:exporters::otlp_http/${name}::${key}`),
  );
  const ids = Object.keys(exporters).map((name) => `otlp_http/${name}`);
  return [...settings, `yaml:service::pipelines::metrics::exporters: [${ids}]`];
}

const senderOf = ({ headers }: Request) => (headers['user-agent']?.startsWith('Meterbridge') ? 'service' : 'collector');

function requestsOf({ requests }: Receiver, side: Side['name'], name: string): readonly Request[] {
  return requests.filter((request) => request.path === `/${name}` && senderOf(request) === side);
}

test('the same arrives in each compression', async (t) => {
  const receiver = await startReceiver(t);
  const exporters = Object.fromEntries(
    Object.keys(codings).map((name) => [
      name,
      [...(name === 'json' ? ['encoding: json', 'compression: none'] : [`compression: ${name}`]), ordered],
    ]),
  );
  const twin = await startTwin(t, overOf(receiver, exporters));
  if (twin === undefined) return;
  for (const [index, requests] of Object.values(traffic).entries())
    await sendToBoth(twin, requests(`t${index}t`, { 'service.name': 'svc', 'service.instance.id': 'i' }));
  await sendToBoth(twin, randomRequests(30, 1));
  await sendToBoth(twin, [from({ 'service.name': 'last' }, [gauge('the.last', [number(1, 1n)])])]);
  for (const [name, decompress] of Object.entries(codings)) {
    const textOf = (side: Side['name']) =>
      requestsOf(receiver, side, name).map(({ body }) => [...detailedLines(readBatch(decompress(body)))].join('\n'));
    for (const side of sides) await until('all there', () => textOf(side).at(-1)?.includes('the.last') === true);
    assert.deepEqual(textOf('service'), textOf('collector'), name);
    // What the Collector writes as JSON is the norm for its bytes, too.
    const jsonOf = (side: Side['name']) => requestsOf(receiver, side, 'json').map(({ body }) => JSON.parse(String(body)));
    if (name === 'json') assert.deepEqual(jsonOf('service'), jsonOf('collector'));
    const codingOf = (side: Side['name']) =>
      new Set(requestsOf(receiver, side, name).map(({ headers }) => headers['content-encoding']));
    assert.deepEqual(codingOf('service'), codingOf('collector'), name);
  }
});

test('the same answers are tried again, and the same are final', async (t) => {
  const receiver = await startReceiver(t);
  const statuses = [200, 202, 204, 400, 401, 403, 404, 405, 408, 413, 415, 429, 500, 501, 502, 503, 504, 507];
  const tried = new Set<string>();
  receiver.answer = (request) => {
    const first = `${senderOf(request)} ${request.path}`;
    if (request.path === '/held') return { status: 200, after: held.promise };
    if (tried.has(first)) return undefined;
    tried.add(first);
    return request.path === '/partial'
      ? { status: 200, headers: { 'content-type': 'application/x-protobuf' }, body: encodePartialSuccess(1, 'no') }
      : { status: Number(request.path.slice(2)) };
  };
  const held = Promise.withResolvers<void>();
  const small = ['sending_queue::queue_size: 3', 'sending_queue::sizer: items'];
  const pauses = ['retry_on_failure::initial_interval: 1ms', 'retry_on_failure::max_interval: 1ms'];
  const names = [...statuses.map((status) => `s${status}`), 'partial'];
  const exporters = { ...Object.fromEntries(names.map((name) => [name, [ordered, ...pauses]])), held: [ordered, ...small] };
  const twin = await startTwin(t, [...overOf(receiver, exporters), ownMetricsYaml], ['--no-compaction']);
  if (twin === undefined) return;
  for (const value of [1n, 2n]) await sendToBoth(twin, [from({ 'service.name': 'x' }, [gauge('g', [number(1, value)])])]);
  const values = (side: Side['name'], name: string) =>
    requestsOf(receiver, side, name).map(
      ({ body }) => /Value: (\d)/.exec([...detailedLines(readBatch(gunzipSync(body)))].join('\n'))?.[1],
    );
  for (const side of sides) for (const name of names) await until('the second is there', () => values(side, name).includes('2'));
  const all = (side: Side['name']) => Object.fromEntries(names.map((name) => [name, values(side, name).join()]));
  assert.deepEqual(all('service'), all('collector'));

  await t.test('their own metrics count the same of it', async () => {
    // Two points, where the queue of `held` has room for one.
    const body = JSON.stringify(from({}, [gauge('g', [number(1, 3n), number(2, 3n)])]));
    const answers = await askBoth(twin, ({ http }) => send(http, { headers: { 'content-type': 'application/json' }, body }));
    assert.deepEqual([answers.collector.status, answers.service.status], [503, 503]);
    const waiting = await settled(twin, ['otlp_http/held']);
    assert.deepEqual(waiting.service, waiting.collector);
    const { values } = waiting.service;
    const of = (name: string, exporter: string) => values[`otelcol_exporter_${name} otlp_http/${exporter}`];
    assert.equal(of('enqueue_failed_metric_points', 'held'), 2);
    assert.equal(of('queue_size', 'held data_type=metrics'), 2);
    assert.equal(of('queue_capacity', 'held data_type=metrics'), 3);
    assert.deepEqual([of('sent_metric_points', 's400'), of('send_failed_metric_points', 's400')], [3, 1]);
    held.resolve();
    const { collector, service } = await settled(twin);
    assert.deepEqual(service, collector);
    assert.equal(service.values['otelcol_exporter_sent_metric_points otlp_http/held'], 2);
  });
});

/** Points that a receiver has rejected in part count as failed in the service, and as sent in the Collector. */
const rejected = {
  sent: 'otelcol_exporter_sent_metric_points otlp_http/partial',
  failed: 'otelcol_exporter_send_failed_metric_points otlp_http/partial',
};

/** What both count, without the difference above, which is held here. */
async function settled(twin: Twin, waiting: readonly string[] = []): Promise<Both<ExporterMetrics>> {
  let both: Both<ExporterMetrics> | undefined;
  await until('nothing is under way', async () => {
    both = await exporterMetrics(twin, waiting);
    return both !== undefined;
  });
  assert.ok(both !== undefined);
  const { [rejected.sent]: sent, [rejected.failed]: failed, ...values } = both.service.values;
  const { [rejected.sent]: sentThere, ...valuesThere } = both.collector.values;
  assert.deepEqual([sent, failed, sentThere], [3, 1, 4]);
  return { collector: { ...both.collector, values: valuesThere }, service: { ...both.service, values } };
}

test('a full queue answers 503 for deltas; totals are compacted by the service alone', async (t) => {
  const receiver = await startReceiver(t, [{ status: 503 }]);
  const queue = [
    'sending_queue::queue_size: 4',
    'sending_queue::sizer: items',
    'sending_queue::num_consumers: 1',
    'retry_on_failure::max_elapsed_time: 0s',
  ];
  const twin = await startTwin(t, overOf(receiver, { full: queue }));
  if (twin === undefined) return;
  const statuses = (temporality: 'cumulative' | 'delta') =>
    askBoth(twin, async ({ http }) => {
      const seen: unknown[] = [];
      for (let at = 1; at <= 8; at++) {
        const body = JSON.stringify(
          from({ 'service.name': 'x' }, [sum('s', [number(at, BigInt(at), { start: 0 })], { temporality })]),
        );
        const { status, body: text } = await send(http, { headers: { 'content-type': 'application/json' }, body });
        seen.push(status === 200 ? 200 : `${status} ${JSON.parse(String(text)).message}`);
      }
      return seen;
    });
  const totals = await statuses('cumulative');
  const refusal = '503 sending queue is full';
  assert.deepEqual(totals.collector, [200, 200, 200, 200, refusal, refusal, refusal, refusal]);
  assert.deepEqual(totals.service, Array(8).fill(200));
  const deltas = await statuses('delta');
  assert.equal(deltas.collector.at(-1), refusal);
  assert.equal(deltas.service.at(-1), refusal);
});
