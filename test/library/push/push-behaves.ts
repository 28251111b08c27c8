/** What holds of a push whichever way it goes. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test as nodeTest, type TestContext } from 'node:test';
import { promisify } from 'node:util';
import { type DiagLogger, DiagLogLevel, diag } from '@opentelemetry/api';
import { freePort } from '../../../examples/demo/free-port.ts';
import type { View } from '../../../src/core/store/index.ts';
import {
  createProducer,
  type Push,
  type PushEvent,
  type PushOptions,
  resolvePush,
  startPush,
} from '../../../src/library/push/index.ts';
import { DEADLINE_MS } from '../../until.ts';
import { type Answer, metricsOf, startCapture, until } from './capture.ts';
import { put, smallStore, specOf, startMs } from './sources.ts';

const run = promisify(execFile);

export async function capture(t: TestContext, port = 0) {
  const captured = await startCapture(port);
  t.after(() => captured.close());
  return captured;
}

/** One of the ways to push. */
export interface Way {
  readonly name: string;
  readonly options: PushOptions;
  readonly contentType: string;
  /** `telemetry.sdk.name`. */
  readonly sdk: string;
}

/** Nothing is pushed but what a test asks for, and nothing is late. */
const patient: PushOptions = { intervalMs: 86_400_000, timeoutMs: DEADLINE_MS };

export function startPushing(
  t: TestContext,
  view: View,
  options: PushOptions,
  refresh: () => Promise<void> = async () => {},
  patience = true,
) {
  const lines: string[] = [];
  const events: PushEvent[] = [];
  const log = (line: string) => lines.push(line);
  const settings = resolvePush({ ...patient, ...options }, {}, { serviceName: 'demo', log });
  assert.ok(settings);
  const producer = createProducer({ view, refresh });
  const started = startPush({ settings, view, refresh, producer, log, onPush: (event) => events.push(event) });
  t.after(() => started.close(1));
  // Not the push's own time: a first push is loaded, which takes long on a slow machine.
  const push: Push = !patience ? started : { ...started, flush: (deadlineMs = DEADLINE_MS) => started.flush(deadlineMs) };
  return { push, lines, events };
}

const refusals: [Answer, RegExp][] = [
  [
    { status: 401, body: 'who are you, Bearer abcdef?' },
    /failed: 401 Unauthorized, "who are you, \[redacted\]\?"\. Fix: set the credentials/,
  ],
  [{ status: 404, body: '404 page not found' }, /failed: 404 Not Found, "404 page not found"\. Fix: check the path/],
  [{ status: 400, body: '{"code":3,"message":"bad\\nvalue"}' }, /failed: 400 Bad Request, "bad value"\./],
  [{ status: 500, body: '' }, /failed: 500 Internal Server Error\. Fix: see the receiver's log/],
  [
    { status: 503, headers: { 'retry-after': '3600' }, body: '{"code":14,"message":"queue is full"}' },
    /failed: 503 Service Unavailable, "queue is full"\./,
  ],
];
export function pushBehaves(way: Way): void {
  const test = (name: string, body: (t: TestContext) => Promise<void>) => nodeTest(`${way.name}: ${name}`, body);
  const start = (t: TestContext, view: View, options: PushOptions, refresh?: () => Promise<void>) =>
    startPushing(t, view, { ...way.options, ...options }, refresh);

  test('a flush posts the store as OTLP, cumulative, under the resource', async (t) => {
    const { url, pushes } = await capture(t);
    const { store, source } = smallStore();
    put(source.family(specOf('demo.time', { kind: 'histogram', unit: 's', bounds: [1, 10] }), true), {}, 2, 0, 1, 42.5);
    put(source.family(specOf('demo.queue', { kind: 'updowncounter' }), true), {}, 2);
    put(source.family(specOf('demo.level'), true), {}, 2 ** 60);
    const { push, lines, events } = start(t, store.view, { endpoint: url, headers: { authorization: 'Bearer abc' } });
    assert.equal(await push.flush(), true);
    const [pushed] = pushes;
    assert.equal(pushes.length, 1);
    assert.equal(pushed?.path, '/v1/metrics');
    assert.equal(pushed?.headers['content-type'], way.contentType);
    assert.match(pushed?.headers['user-agent'] ?? '', /^Meterbridge/);
    assert.equal(pushed?.headers.authorization, 'Bearer abc');
    const [{ resource, scopeMetrics }] = pushed?.json.resourceMetrics ?? [];
    // biome-ignore lint/suspicious/noExplicitAny: OTLP as JSON
    const attributes = Object.fromEntries(resource.attributes.map(({ key, value }: any) => [key, value.stringValue]));
    assert.equal(attributes['service.name'], 'demo');
    assert.match(attributes['service.instance.id'], /^[\da-f-]{36}$/);
    assert.deepEqual([attributes['telemetry.sdk.name'], attributes['telemetry.sdk.language']], [way.sdk, 'nodejs']);
    assert.equal(scopeMetrics[0].scope.name, 'demo');
    const { 'demo.runs': runs, 'demo.time': time, 'demo.queue': queue, 'demo.level': level } = metricsOf(pushed);
    assert.deepEqual(
      [runs.unit, runs.description, runs.sum.isMonotonic, runs.sum.aggregationTemporality],
      ['{run}', 'demo.runs in words.', true, 2],
    );
    const [point] = runs.sum.dataPoints;
    assert.deepEqual(point.attributes, [{ key: 'status', value: { stringValue: 'success' } }]);
    assert.equal(point.startTimeUnixNano, `${startMs}000000`);
    assert.ok(BigInt(point.timeUnixNano) > BigInt(point.startTimeUnixNano));
    assert.equal(point.asDouble, 3);
    assert.equal(time.histogram.aggregationTemporality, 2);
    const { explicitBounds, bucketCounts, count, sum } = time.histogram.dataPoints[0];
    assert.deepEqual(
      { explicitBounds, bucketCounts, count, sum },
      { explicitBounds: [1, 10], bucketCounts: [2, 0, 1], count: 3, sum: 42.5 },
    );
    assert.equal(queue.sum.isMonotonic, false);
    assert.equal(level.gauge.dataPoints[0].asDouble, 2 ** 60);
    assert.deepEqual(lines, []);
    assert.deepEqual(
      events.map(({ outcome }) => outcome),
      ['success'],
    );
  });

  test('gzip when asked for', async (t) => {
    const { url, pushes } = await capture(t);
    const { push } = start(t, smallStore().store.view, { endpoint: url, compression: 'gzip' });
    assert.equal(await push.flush(), true);
    assert.equal(pushes[0]?.headers['content-encoding'], 'gzip');
    assert.deepEqual(Object.keys(metricsOf(pushes[0])), ['demo.runs']);
  });

  test('an empty store is not pushed, and that is no failure', async (t) => {
    const { url, pushes } = await capture(t);
    const { store, runs, row } = smallStore();
    runs.drop(row);
    const { push } = start(t, store.view, { endpoint: url });
    assert.equal(await push.flush(), true);
    assert.equal(pushes.length, 0);
  });

  test('pushes come by themselves at the interval', async (t) => {
    const { url, pushes } = await capture(t);
    start(t, smallStore().store.view, { endpoint: url, intervalMs: 200, timeoutMs: 200 });
    await until(() => pushes.length >= 3);
  });

  test('a receiver that is absent and then appears costs one line each, and no totals', async (t) => {
    const port = await freePort();
    const { store, runs, row } = smallStore();
    const { push, lines, events } = start(t, store.view, { endpoint: `http://u:secret@127.0.0.1:${port}`, timeoutMs: 2_000 });
    assert.equal(await push.flush(), false);
    assert.equal(await push.flush(), false);
    assert.equal(lines.length, 1);
    assert.match(
      lines[0] ?? '',
      /^push to http:\/\/\[redacted\]@127\.0\.0\.1:\d+\/v1\/metrics failed: ECONNREFUSED\. Fix: start the Collector/,
    );
    runs.cells[row] = 11;
    const { pushes } = await capture(t, port);
    assert.equal(await push.flush(), true);
    assert.equal(await push.flush(), true);
    assert.equal(lines.length, 2);
    assert.match(lines[1] ?? '', /works again after 2 failed pushes/);
    assert.equal(metricsOf(pushes[0])['demo.runs'].sum.dataPoints[0].asDouble, 11);
    assert.deepEqual(
      events.map(({ outcome }) => outcome),
      ['failed', 'failed', 'success', 'success'],
    );
  });

  for (const [answer, line] of refusals) {
    test(`a receiver that answers ${answer.status} is told with its message`, async (t) => {
      const receiver = await capture(t);
      receiver.answer(answer);
      const headers = { authorization: 'Bearer abcdef' };
      const { push, lines } = start(t, smallStore().store.view, { endpoint: receiver.url, headers });
      for (let n = 0; n < 2; n++) assert.equal(await push.flush(), false);
      assert.equal(lines.length, 1, lines.join('\n'));
      assert.match(lines[0] ?? '', line);
    });
  }

  test('another cause within an outage is one line more, one that comes back is none', async (t) => {
    const receiver = await capture(t);
    const { push, lines } = start(t, smallStore().store.view, { endpoint: receiver.url });
    for (const status of [500, 404, 500, 404]) {
      receiver.answer({ status });
      await push.flush();
    }
    assert.equal(lines.length, 2);
  });

  test('what a receiver took in part is told once', async (t) => {
    const receiver = await capture(t);
    receiver.answer({ status: 200, body: '{"partialSuccess":{"rejectedDataPoints":"2","errorMessage":"too old"}}' });
    const { push, lines } = start(t, smallStore().store.view, { endpoint: receiver.url });
    for (let n = 0; n < 2; n++) assert.equal(await push.flush(), true);
    assert.equal(lines.length, 1);
    assert.match(lines[0] ?? '', /accepted in part only: 2 points rejected, "too old"/);
  });

  test('a failing push says nothing in the diagnostics of the host', async (t) => {
    const noise: unknown[][] = [];
    const note = (...words: unknown[]) => void noise.push(words);
    const quiet = () => {};
    const logger: DiagLogger = { error: note, warn: note, info: quiet, debug: quiet, verbose: quiet };
    diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
    t.after(() => diag.disable());
    const receiver = await capture(t);
    receiver.answer({ status: 500 });
    const { push } = start(t, smallStore().store.view, { endpoint: receiver.url }, () => Promise.reject(new Error('callback')));
    assert.equal(await push.flush(), false);
    await push.close(DEADLINE_MS);
    assert.deepEqual(noise, []);
  });

  test('close pushes a last time, again is the same, and nothing comes after', async (t) => {
    const { url, pushes } = await capture(t);
    const { push } = start(t, smallStore().store.view, { endpoint: url });
    assert.equal(push.close(DEADLINE_MS), push.close());
    await push.close();
    assert.equal(pushes.length, 1);
    assert.equal(await push.flush(), false);
    assert.equal(pushes.length, 1);
  });

  test('close in the middle of a push that gets no answer still pushes', async (t) => {
    const receiver = await capture(t);
    const { store, runs, row } = smallStore();
    receiver.answer(undefined);
    const { push } = start(t, store.view, { endpoint: receiver.url });
    const flushed = push.flush(60_000);
    await until(() => receiver.pushes.length === 1);
    runs.cells[row] = 12;
    receiver.answer({ status: 200 });
    await push.close();
    assert.equal(await flushed, false);
    assert.equal(metricsOf(receiver.pushes[1])['demo.runs'].sum.dataPoints[0].asDouble, 12);
  });

  test('close in the middle of a collection that hangs pushes what the store holds', async (t) => {
    const { url, pushes } = await capture(t);
    const hanging = Promise.withResolvers<void>();
    const { push } = start(t, smallStore().store.view, { endpoint: url }, () => {
      hanging.resolve();
      return new Promise(() => {});
    });
    push.flush(60_000);
    await hanging.promise;
    await push.close(3_000);
    assert.equal(pushes.length, 1);
  });

  test('close and flush end at their deadline when nobody answers', async (t) => {
    const receiver = await capture(t);
    receiver.answer(undefined);
    const { push } = start(t, smallStore().store.view, { endpoint: receiver.url });
    assert.equal(await push.flush(20), false);
    await push.close(20);
  });

  test('many points go out in several requests, all of them', async (t) => {
    const { url, pushes } = await capture(t);
    const { store, source } = smallStore();
    const family = source.family(specOf('demo.many', { labels: ['n'] }), true);
    for (let n = 0; n < 12_000; n++) put(family, { n: String(n) }, n);
    const { push, events } = start(t, store.view, { endpoint: url });
    assert.equal(await push.flush(), true);
    const points = pushes.flatMap((pushed) => metricsOf(pushed)['demo.many']?.gauge.dataPoints ?? []);
    assert.deepEqual([pushes.length, points.length, new Set(points.map(({ asDouble }) => asDouble)).size], [3, 12_000, 12_000]);
    assert.equal(events.length, 1);
  });

  for (const [closes, expected] of [
    ['close', 1],
    ['leave', 0],
  ] as const) {
    test(`a program of 50 ms that ends with ${closes} pushes ${expected} time(s), and ends`, async (t) => {
      const { url, pushes } = await capture(t);
      const { stderr } = await run(process.execPath, [
        `${import.meta.dirname}/short-lived.ts`,
        url,
        closes,
        way.options.exporter ?? 'meterbridge',
      ]);
      assert.equal(stderr, '');
      assert.equal(pushes.length, expected);
      if (expected === 1) assert.equal(metricsOf(pushes[0])['demo.runs'].sum.dataPoints[0].asDouble, 3);
    });
  }
}
