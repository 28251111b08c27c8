/** A reload puts another exporter in the place of one that still has points: that one sends them. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type Batch, readBatch } from '../../../../src/formats/otlp/batch/batch.ts';
import { jsonOf } from '../../../../src/formats/otlp/json/from-protobuf.ts';
import { components } from '../../../../src/service/components.ts';
import { until } from '../../../until.ts';
import { startFrom } from '../../graph/rig.ts';
import { source } from '../../graph/source.ts';
import { type Receiver, startReceiver } from './receiver.ts';
import { batch, metric } from './rig.ts';

const endless = 'retry_on_failure: {initial_interval: 10m, max_interval: 10m, max_elapsed_time: 0s}';
const count = 100;

/** The service with one exporter, whose settings a reload changes. */
async function startWith(t: TestContext, exporter: string) {
  const { factory, send } = source();
  const reader = '{pull: {exporter: {prometheus: {host: localhost, port: 0}}}}';
  const yaml = (settings: string) =>
    `{receivers: {source: {}}, exporters: {otlp_http: {compression: none, ${settings}}}, service: {telemetry: {metrics: {readers: [${reader}]}}, pipelines: {metrics: {receivers: [source], exporters: [otlp_http]}}}}`;
  const service = await startFrom(t, yaml(exporter), [...components, factory]);
  return {
    send,
    async changeTo(settings: string) {
      const { lines } = await service.changeTo(yaml(settings));
      assert.deepEqual(lines, ['replaced: exporter otlp_http', 'kept: 2 of 3']);
    },
    log: () => service.log(),
    shutdown: () => service.shutdown(),
    /** Of an own metric of the exporter; 0 where it is not shown. */
    async own(name: string) {
      const text = await (await fetch(service.urls()[0] ?? '')).text();
      return Number(new RegExp(`^otelcol_exporter_${name}\\{.*\\} (\\d+)$`, 'm').exec(text)?.[1] ?? 0);
    },
  };
}

const total = (at: number) => batch(metric('jobs.total', at, at));
const delta = (at: number) => batch(metric('jobs', at, 1, { temporality: 1 }));
const sent = Array.from({ length: count }, (_, at) => [`jobs.total ${at + 2}`, `jobs ${at + 2}`]).flat();

function sendAll(send: (one: Batch) => unknown): void {
  for (let at = 0; at < count; at++) assert.deepEqual([send(total(at + 2)), send(delta(at + 2))], [undefined, undefined]);
}

/** Each point by its metric's name and its second. */
function arrived(...receivers: readonly Receiver[]): readonly string[] {
  const taken = receivers.flatMap(({ requests }) =>
    requests.map(({ body }) => JSON.parse(Buffer.from(jsonOf(readBatch(body))).toString())),
  );
  return taken.flatMap(({ resourceMetrics }) =>
    resourceMetrics.flatMap(({ scopeMetrics }: { scopeMetrics: readonly { metrics: readonly Sum[] }[] }) =>
      scopeMetrics.flatMap(({ metrics }) =>
        metrics.flatMap(({ name, sum }) =>
          sum.dataPoints.map(({ timeUnixNano }) => `${name} ${BigInt(timeUnixNano) / 1_000_000_000n}`),
        ),
      ),
    ),
  );
}

interface Sum {
  readonly name: string;
  readonly sum: { readonly dataPoints: readonly { readonly timeUnixNano: string }[] };
}

for (const [what, more] of [
  ['another endpoint', ''],
  ['requests are put together', 'sending_queue: {batch: {min_size: 64, flush_timeout: 20ms}}'],
  ['a queue that is smaller than what waits', 'sending_queue: {queue_size: 10}'],
  ['no queue', 'sending_queue: {enabled: false}'],
] as const) {
  test(`a reload in an outage loses nothing, and sends nothing twice: ${what}`, async (t) => {
    const [down, up] = [await startReceiver(t, [{ status: 503 }]), await startReceiver(t)];
    const { send, changeTo, own, log } = await startWith(t, `endpoint: "${down.origin}", ${endless}`);
    sendAll(send);
    // Ten are tried, and wait for their next try.
    await until('tried', () => down.requests.length === 10);
    assert.equal(await own('queue_size'), 2 * count);
    await changeTo(`endpoint: "${up.origin}", ${more === '' ? '' : `${more}, `}${endless}`);
    await until('sent', async () => (await own('sent_metric_points')) === 2 * count);
    assert.deepEqual(arrived(up).toSorted(), sent.toSorted());
    assert.deepEqual([await own('queue_size'), await own('send_failed_metric_points')], [0, 0]);
    assert.doesNotMatch(log(), /not sent/);
  });
}

test('what waits because the receiver wants no request goes to the new receiver at once', async (t) => {
  const [down, up] = [await startReceiver(t, [{ status: 429, headers: { 'retry-after': '600' } }]), await startReceiver(t)];
  const { send, changeTo, own, log } = await startWith(t, `endpoint: "${down.origin}"`);
  for (let at = 0; at < count; at++) send(total(at + 2));
  await until('tried', () => down.requests.length === 10);
  await until('said', () => log().includes('tried again in 600 s'));
  await changeTo(`endpoint: "${up.origin}"`);
  await until('sent', async () => (await own('sent_metric_points')) === count);
  assert.deepEqual(arrived(up).toSorted(), Array.from({ length: count }, (_, at) => `jobs.total ${at + 2}`).toSorted());
  assert.deepEqual([await own('queue_size'), await own('send_failed_metric_points')], [0, 0]);
});

test('requests that are on their way stay there, and what waits does not wait for them; what fails goes to the new receiver', async (t) => {
  const { promise, resolve } = Promise.withResolvers<void>();
  t.after(() => resolve());
  const [slow, up] = [await startReceiver(t, [{ status: 200, after: promise }]), await startReceiver(t)];
  const { send, changeTo, own } = await startWith(t, `endpoint: "${slow.origin}", sending_queue: {num_consumers: 2}, ${endless}`);
  slow.answers = [
    { status: 200, after: promise },
    { status: 503, after: promise },
  ];
  sendAll(send);
  await until('on their way', () => slow.requests.length === 2);
  for (const timeout of ['7s', '8s', '9s']) await changeTo(`endpoint: "${up.origin}", timeout: ${timeout}, ${endless}`);
  await until('the others are sent', async () => (await own('sent_metric_points')) === 2 * count - 2);
  assert.equal(await own('queue_size'), 2);
  resolve();
  await until('all is sent', async () => (await own('sent_metric_points')) === 2 * count);
  const [first = '', ...again] = arrived(slow);
  assert.deepEqual([first, ...arrived(up)].toSorted(), sent.toSorted());
  assert.equal(arrived(up).at(-1), again[0]);
});

test('senders that wait for room or for an answer get it from the new exporter', async (t) => {
  const [down, up] = [await startReceiver(t, [{ status: 503 }]), await startReceiver(t)];
  const waits = 'sending_queue: {queue_size: 2, block_on_overflow: true, wait_for_result: true}';
  const { send, changeTo } = await startWith(t, `endpoint: "${down.origin}", ${waits}, ${endless}`);
  const verdicts = [2, 3, 4, 5].map((at) => send(delta(at)));
  await until('tried', () => down.requests.length === 2);
  await changeTo(`endpoint: "${up.origin}", ${waits}, ${endless}`);
  assert.deepEqual(await Promise.all(verdicts), [undefined, undefined, undefined, undefined]);
  assert.deepEqual(arrived(up).toSorted(), ['jobs 2', 'jobs 3', 'jobs 4', 'jobs 5']);
});

test('at the end of the service, what former exporters have on their way counts with what waits', async (t) => {
  const { promise, resolve } = Promise.withResolvers<void>();
  t.after(() => resolve());
  const slow = await startReceiver(t, [{ status: 200, after: promise }]);
  const { send, changeTo, shutdown, log } = await startWith(
    t,
    `endpoint: "${slow.origin}", sending_queue: {num_consumers: 2}, ${endless}`,
  );
  sendAll(send);
  await until('on their way', () => slow.requests.length === 2);
  await changeTo(`endpoint: "${slow.origin}", timeout: 20s, sending_queue: {num_consumers: 2}, ${endless}`);
  await until('on their way, too', () => slow.requests.length === 4);
  await shutdown();
  assert.match(log(), new RegExp(`\\t${2 * count} points were not sent before the exporter ended`));
});
