import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { exemplarCells, writeExemplar } from '../../../src/core/store/cells/exemplar-cells.ts';
import { encodeAttributes } from '../../../src/formats/otlp/value/attributes.ts';
import { metricsOf, until } from './capture.ts';
import { pushAnswers } from './push-answers.ts';
import { capture, pushBehaves, startPushing, type Way } from './push-behaves.ts';
import { pushHistograms } from './push-histograms.ts';
import { put, smallStore, specOf, startMs } from './sources.ts';

const ways: readonly Way[] = [
  { name: 'protobuf', options: {}, contentType: 'application/x-protobuf', sdk: 'meterbridge' },
  { name: 'json', options: { protocol: 'http/json' }, contentType: 'application/json', sdk: 'meterbridge' },
  { name: "the SDK's exporter", options: { exporter: 'sdk' }, contentType: 'application/json', sdk: 'opentelemetry' },
];
for (const way of ways) {
  pushBehaves(way);
  pushHistograms(way);
  pushAnswers(way);
}

const run = promisify(execFile);
// biome-ignore lint/suspicious/noExplicitAny: OTLP as JSON, read by tests only
type Any = any;

test('our own exporter needs nothing of the SDK: not when it is imported, nor when it pushes', async (t) => {
  const { url } = await capture(t);
  const at = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);
  const script = `
    const { registerHooks } = await import('node:module');
    registerHooks({ resolve: (name, context, next) => { if (name.startsWith('@opentelemetry/')) console.log(name); return next(name, context); } });
    const { createProducer, resolvePush, startPush } = await import(${at('../../../src/library/push/index.ts')});
    const { smallStore } = await import(${at('./sources.ts')});
    const settings = resolvePush({ endpoint: '${url}' }, {}, { serviceName: 'demo', log: console.log });
    const read = { view: smallStore().store.view, refresh: async () => {} };
    const push = startPush({ ...read, settings, producer: createProducer(read), log: console.log });
    console.log(await push.flush(60_000));
    await push.close();`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script], { cwd: import.meta.dirname });
  assert.equal(stdout, 'true\n');
});

for (const exporter of ['meterbridge', 'sdk'] as const) {
  // Proto3 JSON has words for them, the stock exporter writes null; so there they are left out.
  test(`values that are not finite: ${exporter}`, async (t) => {
    const { url, pushes } = await capture(t);
    const { store, source } = smallStore();
    const level = source.family(specOf('demo.level', { labels: ['n'] }), true);
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) put(level, { n: String(value) }, value);
    const { push } = startPushing(t, store.view, { endpoint: url, exporter });
    assert.equal(await push.flush(), true);
    const points = metricsOf(pushes[0])['demo.level']?.gauge.dataPoints ?? [];
    const shown = points.map(({ asDouble, attributes }: Any) => [attributes[0].value.stringValue, String(asDouble)]);
    const all = ['NaN', 'Infinity', '-Infinity'].map((text) => [text, text]);
    assert.deepEqual(shown, exporter === 'sdk' ? [] : all);
  });
}

/** Without filtered attributes: JSON has an empty list of them. */
function shownExemplars({ exemplars = [] }: Any): object[] {
  return exemplars.map(({ filteredAttributes, ...rest }: Any) => {
    assert.deepEqual(filteredAttributes ?? [], []);
    return rest;
  });
}

const ownWays = [{ protocol: 'http/protobuf' }, { protocol: 'http/json' }] as const;
for (const options of ownWays) {
  test(`${options.protocol}: exemplars, as far as they are no older than their point's start`, async (t) => {
    const { url, pushes } = await capture(t);
    const { store, source } = smallStore();
    const [traceId, spanId] = ['4bf92f3577b34da6a3ce929d0e0e4736', '00f067aa0ba902b7'];
    const times = source.family(specOf('demo.time', { kind: 'histogram', bounds: [1], exemplars: true }), true);
    const calls = source.family(specOf('demo.calls', { kind: 'counter', exemplars: true }), true);
    const at = put(times, {}, 2, 1, 7.5) * times.stride;
    writeExemplar(times.cells, at + 3, 0.5, startMs + 1, traceId, spanId);
    writeExemplar(times.cells, at + 3 + exemplarCells, 7, startMs - 1, traceId, spanId);
    const row = put(calls, { a: 'b' }, 3);
    writeExemplar(calls.cells, row * calls.stride + 1, 2, startMs, traceId, spanId);
    put(calls, { a: 'c' }, 4);
    const { push } = startPushing(t, store.view, { ...options, endpoint: url });
    assert.equal(await push.flush(), true);
    const metrics = metricsOf(pushes[0]);
    const [time] = metrics['demo.time'].histogram.dataPoints;
    assert.deepEqual([time.bucketCounts, time.sum], [[2, 1], 7.5]);
    const of = (ms: string, value: number) => ({ timeUnixNano: `${ms}000000`, asDouble: value, traceId, spanId });
    assert.deepEqual(shownExemplars(time), [of('1700000000124', 0.5)]);
    const [with_, without] = metrics['demo.calls'].sum.dataPoints;
    assert.deepEqual([with_.asDouble, shownExemplars(with_)], [3, [of('1700000000123', 2)]]);
    assert.deepEqual([without.asDouble, shownExemplars(without)], [4, []]);
  });

  test(`${options.protocol}: a summary goes out as a summary, with sum and count and no quantiles`, async (t) => {
    const { url, pushes } = await capture(t);
    const { store, source } = smallStore();
    put(source.family(specOf('demo.time', { kind: 'summary', unit: 's' }), true), { a: 'b' }, 7, 2.5);
    const { push } = startPushing(t, store.view, { ...options, endpoint: url });
    assert.equal(await push.flush(), true);
    const [point] = metricsOf(pushes[0])['demo.time'].summary.dataPoints;
    assert.deepEqual([point.count, point.sum, point.quantileValues ?? []], [7, 2.5, []]);
    assert.equal(point.startTimeUnixNano, `${startMs}000000`);
    assert.deepEqual(point.attributes, [{ key: 'a', value: { stringValue: 'b' } }]);
  });

  test(`${options.protocol}: the quantiles that a summary has go out with it`, async (t) => {
    const { url, pushes } = await capture(t);
    const { store, source } = smallStore();
    const quantiles = [0.5, 0.99];
    put(source.family(specOf('demo.time', { kind: 'summary', quantiles }), true), {}, 7, 2.5, 0.25, 1);
    const { push } = startPushing(t, store.view, { ...options, endpoint: url });
    assert.equal(await push.flush(), true);
    const [point] = metricsOf(pushes[0])['demo.time'].summary.dataPoints;
    assert.deepEqual(point.quantileValues, [
      { quantile: 0.5, value: 0.25 },
      { quantile: 0.99, value: 1 },
    ]);
  });

  test(`${options.protocol}: a source with a resource of its own goes out under that`, async (t) => {
    const { url, pushes } = await capture(t);
    const { store } = smallStore();
    const remote = store.source({
      scope: { name: 'agent', version: '2', schemaUrl: 'urn:x' },
      resource: encodeAttributes({ 'service.name': 'far' }),
    });
    put(remote.family(specOf('far.level'), true), {}, 4);
    const local = store.source({ scope: { name: 'near' } });
    put(local.family(specOf('near.level'), true), {}, 5);
    const { push } = startPushing(t, store.view, { ...options, endpoint: url });
    assert.equal(await push.flush(), true);
    const shown = pushes[0]?.json.resourceMetrics.map(({ resource, scopeMetrics }: Any) => [
      resource.attributes.find(({ key }: Any) => key === 'service.name').value.stringValue,
      scopeMetrics.map(({ scope, schemaUrl, metrics }: Any) => [
        scope.name,
        scope.version,
        schemaUrl,
        metrics.map(({ name }: Any) => name),
      ]),
    ]);
    assert.deepEqual(shown, [
      ['demo', [['demo', undefined, undefined, ['demo.runs']]]],
      ['far', [['agent', '2', 'urn:x', ['far.level']]]],
      ['demo', [['near', undefined, undefined, ['near.level']]]],
    ]);
  });

  test(`${options.protocol}: a series that went away is said to be gone, once`, async (t) => {
    const { url, pushes } = await capture(t);
    const { store, source, runs, row } = smallStore();
    const kept = source.family(specOf('demo.level'), true);
    put(kept, {}, 1);
    const { push } = startPushing(t, store.view, { ...options, endpoint: url });
    await push.flush();
    runs.drop(row);
    await push.flush();
    await push.flush();
    const [, second, third] = pushes;
    const [point] = metricsOf(second)['demo.runs'].sum.dataPoints;
    assert.deepEqual([point.flags, point.asDouble, point.startTimeUnixNano], [1, undefined, `${startMs}000000`]);
    assert.deepEqual(point.attributes, [{ key: 'status', value: { stringValue: 'success' } }]);
    assert.equal(metricsOf(second)['demo.level'].gauge.dataPoints[0].flags ?? 0, 0);
    assert.equal(metricsOf(third)['demo.runs'], undefined);
  });

  test(`${options.protocol}: every series that went away is in a metric of its own`, async (t) => {
    const { url, pushes } = await capture(t);
    const { store, source, runs } = smallStore();
    const rows = ['failed', 'missed'].map((status) => put(runs, { status }, 1));
    put(source.family(specOf('demo.level'), true), {}, 1);
    const { push } = startPushing(t, store.view, { ...options, endpoint: url });
    await push.flush();
    for (const row of rows) runs.drop(row);
    await push.flush();
    const shown = pushes[1]?.json.resourceMetrics.flatMap(({ scopeMetrics }: Any) =>
      scopeMetrics.flatMap(({ metrics }: Any) =>
        metrics.map(({ name, sum, gauge }: Any) => [name, ...(sum ?? gauge).dataPoints.map(({ flags = 0 }: Any) => flags)]),
      ),
    );
    assert.deepEqual(shown, [
      ['demo.runs', 0],
      ['demo.level', 0],
      ['demo.runs', 1],
      ['demo.runs', 1],
    ]);
  });
}

test('a receiver that says in protobuf what it did not take is understood, and an empty partial success is a success', async (t) => {
  const receiver = await capture(t);
  const headers = { 'content-type': 'application/x-protobuf' };
  const { push, lines } = startPushing(t, smallStore().store.view, { endpoint: receiver.url });
  // ExportMetricsServiceResponse.partial_success: empty, as a Collector sends it; then rejected_data_points 2, error_message "too
  // old".
  receiver.answer({ status: 200, headers, body: Buffer.from('0a00', 'hex') });
  assert.equal(await push.flush(), true);
  assert.deepEqual(lines, []);
  receiver.answer({ status: 200, headers, body: Buffer.from(`0a0b08021207${Buffer.from('too old').toString('hex')}`, 'hex') });
  assert.equal(await push.flush(), true);
  assert.match(lines[0] ?? '', /accepted in part only: 2 points rejected, "too old"/);
  // google.rpc.Status: code 3, message "bad value".
  receiver.answer({ status: 400, headers, body: Buffer.from(`08031209${Buffer.from('bad value').toString('hex')}`, 'hex') });
  assert.equal(await push.flush(), false);
  assert.match(lines[1] ?? '', /failed: 400 Bad Request, "bad value"\./);
});

for (const status of [429, 502, 503, 504]) {
  test(`${status} is tried again when the receiver says, within the same push`, async (t) => {
    const receiver = await capture(t);
    receiver.answer({ status, headers: { 'retry-after': '0' } });
    const { push, lines, events } = startPushing(t, smallStore().store.view, { endpoint: receiver.url });
    const flushed = push.flush();
    await until(() => receiver.pushes.length >= 2);
    receiver.answer({ status: 200 });
    assert.equal(await flushed, true);
    assert.deepEqual([lines, events.length], [[], 1]);
  });
}

test('a Retry-After beyond the time of the push ends it at once', async (t) => {
  const receiver = await capture(t);
  receiver.answer({ status: 503, headers: { 'retry-after': '3600' } });
  const { push, lines } = startPushing(t, smallStore().store.view, { endpoint: receiver.url });
  assert.equal(await push.flush(60_000), false);
  assert.match(lines[0] ?? '', /failed: 503/);
  assert.equal(receiver.pushes.length, 1);
});

test('a connection that the receiver gave up between two pushes costs no push', async (t) => {
  const receiver = await capture(t);
  const { push } = startPushing(t, smallStore().store.view, { endpoint: receiver.url });
  for (let n = 0; n < 3; n++) {
    assert.equal(await push.flush(), true);
    receiver.hangUp();
  }
  assert.equal(receiver.pushes.length, 3);
});
