/** Which measurements leave an exemplar, on both engines, as a scrape in OpenMetrics shows it. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { type Context, context, ROOT_CONTEXT } from '@opentelemetry/api';
import { contract, counter, histogram, identity, oneOf } from '../../../src/core/contract/index.ts';
import { parseExposition } from '../../../src/formats/exposition/index.ts';
import type { Bridge } from '../../../src/index.ts';
import { sdkEngine } from '../../../src/sdk.ts';
import { testBridge } from '../../../src/testing.ts';
import { ids, spanContext, useContexts } from './spans.ts';

after(useContexts());

const declared = contract('e', {
  runs: counter({ help: 'Runs.', labels: { status: oneOf('ok', 'failed') }, exemplars: true }),
  time: histogram({ unit: 's', help: 'Time.', bounds: [1, 2], exemplars: true }),
  plain: counter({ help: 'Plain.' }),
});
const labelled = ` # {trace_id="${ids.traceId}",span_id="${ids.spanId}"}`;
/** `testClock` begins at 2026-01-01T00:00:00Z. */
const begin = 1_767_225_600;

type Format = 'openmetrics' | 'text';
const accepts = { openmetrics: 'application/openmetrics-text; version=1.0.0', text: 'text/plain; version=0.0.4' } as const;

async function page({ scrape }: Pick<Bridge, 'scrape'>, format: Format = 'openmetrics'): Promise<string> {
  const header = (name: string) => (name === 'accept' ? accepts[format] : undefined);
  const { body } = await scrape({ method: 'GET', path: '/metrics', query: new URLSearchParams(), header, peer: '127.0.0.1' });
  const text = new TextDecoder().decode(body);
  const parsed = parseExposition(text, format);
  assert.ok(parsed.ok, JSON.stringify(parsed));
  return text;
}

/** The sample lines that have an exemplar. */
async function shown(bridge: Pick<Bridge, 'scrape'>): Promise<string[]> {
  return (await page(bridge)).split('\n').filter((line) => line.includes(' # {'));
}

const span = spanContext();
const inSpan = (run: () => void, within = span): void => context.with(within, run);

for (const [name, engine] of [
  ['store engine', undefined],
  ['SDK engine', sdkEngine()],
] as const) {
  const open = () => testBridge(declared, engine === undefined ? {} : { engine });

  test(`${name}: a measurement in a sampled span stands behind _total and its own bucket, with value and time`, async () => {
    const { metrics, bridge, clock } = open();
    inSpan(() => metrics.runs.add(3, { status: 'failed' }));
    metrics.time.record(0.5);
    clock.advance(1_500);
    inSpan(() => metrics.time.record(1.25));
    inSpan(() => metrics.time.record(7));
    assert.deepEqual(await shown(bridge), [
      `e_runs_total{status="failed"} 3${labelled} 3 ${begin}`,
      `e_time_seconds_bucket{le="2.0"} 2${labelled} 1.25 ${begin + 1}.5`,
      `e_time_seconds_bucket{le="+Inf"} 3${labelled} 7 ${begin + 1}.5`,
    ]);
  });

  test(`${name}: not in text 0.0.4`, async () => {
    const { metrics, bridge } = open();
    inSpan(() => metrics.runs.add(3, { status: 'failed' }));
    assert.match(await page(bridge, 'text'), /^e_runs_total\{status="failed"\} 3$/m);
  });

  test(`${name}: none without a span, in one that is not sampled, with ids that are none, and where it was not asked for`, async () => {
    const { metrics, bridge } = open();
    metrics.time.record(1);
    inSpan(() => metrics.time.record(1), spanContext({ sampled: false }));
    inSpan(() => metrics.time.record(1), spanContext({ traceId: '0'.repeat(32) }));
    inSpan(() => metrics.time.record(1), spanContext({ spanId: '0'.repeat(16) }));
    inSpan(() => metrics.time.record(1), spanContext({ traceId: 'x'.repeat(32) }));
    inSpan(() => metrics.time.record(1), spanContext({ spanId: 'a' }));
    inSpan(() => metrics.plain.add(1));
    inSpan(() => metrics.time.record(Number.NaN));
    inSpan(() => metrics.time.zero());
    assert.deepEqual(await shown(bridge), []);
  });

  test(`${name}: bound instruments, timers, and the OpenTelemetry API with the active and with a given context`, async () => {
    const { metrics, bridge, clock } = open();
    const meter = bridge.meterProvider.getMeter('e');
    const total = meter.createCounter('e.runs');
    const ways: readonly (() => void)[] = [
      () => inSpan(() => metrics.runs.bind({ status: 'ok' }).add(1)),
      () => inSpan(() => total.add(1, { status: 'ok' })),
      () => total.add(1, { status: 'ok' }, span),
      () => inSpan(() => total.add(1, { status: 'ok' }, span), ROOT_CONTEXT),
    ];
    for (const [at, way] of ways.entries()) {
      way();
      const [line, ...others] = await shown(bridge);
      assert.deepEqual([line, others], [`e_runs_total{status="ok"} 1${labelled} 1 ${begin}`, []], `way ${at}`);
      metrics.runs.remove();
    }
    inSpan(() => total.add(1, { status: 'ok' }, ROOT_CONTEXT));
    total.add(1, { status: 'ok' }, 'no context' as unknown as Context);
    assert.deepEqual(await shown(bridge), []);

    const stop = metrics.time.startTimer();
    clock.advance(1_500);
    inSpan(stop);
    assert.match((await shown(bridge)).join('\n'), /^e_time_seconds_bucket\{le="2\.0"\} 1 # .* 1\.5 1767225601\.5$/);
  });

  test(`${name}: a measurement that a getter makes within another has no part in its span`, async () => {
    const { metrics, bridge } = open();
    const labels = {
      get status(): 'ok' {
        context.with(ROOT_CONTEXT, () => metrics.runs.add(1, { status: 'failed' }));
        return 'ok';
      },
    };
    inSpan(() => metrics.runs.add(1, labels));
    assert.match((await shown(bridge)).join('\n'), /^e_runs_total\{status="ok"\} 1 # [^\n]*$/);
  });

  test(`${name}: a series that comes back begins without`, async () => {
    const { metrics, bridge, reset } = open();
    inSpan(() => metrics.runs.add(1, { status: 'ok' }));
    metrics.runs.remove();
    metrics.runs.add(1, { status: 'ok' });
    assert.deepEqual(await shown(bridge), []);
    inSpan(() => metrics.runs.add(1, { status: 'ok' }));
    assert.equal((await shown(bridge)).length, 1);
    reset();
    assert.deepEqual(await shown(bridge), []);
  });

  test(`${name}: it stays until a later collection offers another`, async () => {
    const { metrics, bridge } = open();
    inSpan(() => metrics.time.record(1.25));
    for (let scrapes = 0; scrapes < 3; scrapes++) assert.match((await shown(bridge)).join('\n'), / 1\.25 1767225600$/);
    // However many were offered before, the first of a collection takes the place.
    inSpan(() => metrics.time.record(1.75));
    assert.match((await shown(bridge)).join('\n'), / 1\.75 1767225600$/);
  });

  test(`${name}: the values are those of a metric that has no exemplars`, async () => {
    const { metrics, bridge, value } = open();
    for (let at = 0; at < 50; at++) {
      inSpan(() => metrics.time.record(at / 16));
      inSpan(() => metrics.runs.add(1, { status: at % 2 === 0 ? 'ok' : 'failed' }));
      if (at % 10 === 0) await page(bridge);
    }
    assert.deepEqual(await value('time'), { count: 50, sum: 76.5625, counts: [17, 16, 17] });
    assert.equal(await value('runs', { status: 'ok' }), 25);
  });
}

test('SDK engine: they and the values stay when a provider is replaced, because too many series were removed', async () => {
  const labels = { task: identity({ limit: 5_000 }) };
  const many = contract('e', { runs: counter({ help: 'Runs.', labels, exemplars: true }) });
  const { metrics, bridge, value } = testBridge(many, { engine: sdkEngine() });
  inSpan(() => metrics.runs.add(3, { task: 'kept' }));
  for (let at = 0; at < 1_100; at++) metrics.runs.add(1, { task: `gone ${at}` });
  await page(bridge);
  for (let at = 0; at < 1_100; at++) metrics.runs.remove({ task: `gone ${at}` });
  for (let scrapes = 0; scrapes < 3; scrapes++) {
    assert.deepEqual(await shown(bridge), [`e_runs_total{task="kept"} 3${labelled} 3 ${begin}`]);
  }
  metrics.runs.add(1, { task: 'kept' });
  assert.equal(await value('runs', { task: 'kept' }), 4);
});

test('a listener in a thread of its own shows them', async (t) => {
  const { metrics, bridge } = testBridge(declared);
  t.after(bridge.close);
  inSpan(() => metrics.time.record(1.25));
  const { url } = await bridge.listen('127.0.0.1:0', { thread: true });
  const text = await (await fetch(url, { headers: { accept: accepts.openmetrics } })).text();
  assert.match(text, new RegExp(`^e_time_seconds_bucket\\{le="2\\.0"\\} 1${labelled.replace('{', '\\{')} 1\\.25 ${begin}$`, 'm'));
});

test('every measurement between two collections has the same chance', async () => {
  const rounds = 2_000;
  const values = [0.25, 0.5, 0.75, 1];
  const { metrics, bridge } = testBridge(declared);
  const seen = new Map(values.map((value) => [value, 0]));
  for (let round = 0; round < rounds; round++) {
    for (const value of values) inSpan(() => metrics.time.record(value));
    const parsed = parseExposition(await page(bridge), 'openmetrics');
    assert.ok(parsed.ok);
    for (const { samples } of parsed.families) {
      for (const { exemplar } of samples)
        if (exemplar !== undefined) seen.set(exemplar.value, (seen.get(exemplar.value) ?? 0) + 1);
    }
  }
  // Binomial(2000, 1/4): 500 expected, 19.4 standard deviation; beyond seven of them once in 10¹¹ runs.
  for (const [value, times] of seen) assert.ok(times > 364 && times < 636, `${value} was shown ${times} times`);
});
