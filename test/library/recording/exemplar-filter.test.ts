/**
 * Exemplars of instruments that no contract names, and which measurements can become one (Metrics SDK, "ExemplarFilter"; "SDK
 * environment variables", "Exemplar": `OTEL_METRICS_EXEMPLAR_FILTER`).
 */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { context, ROOT_CONTEXT, ValueType } from '@opentelemetry/api';
import { contract, counter } from '../../../src/core/contract/index.ts';
import { createStore } from '../../../src/core/store/index.ts';
import type { Bridge } from '../../../src/index.ts';
import { createStoreEngine } from '../../../src/library/recording/index.ts';
import { sdkEngine } from '../../../src/sdk.ts';
import { testBridge } from '../../../src/testing.ts';
import { accepts } from '../../tools/check/hold/pages.ts';
import { metricsOf } from '../push/capture.ts';
import { capture } from '../push/push-behaves.ts';
import { ids, spanContext, useContexts } from './spans.ts';

const declared = contract('e', { runs: counter({ help: 'Runs.', exemplars: true }) });
const variable = 'OTEL_METRICS_EXEMPLAR_FILTER';

/** The lines of a page that have an exemplar: `series # {labels} value`. */
async function shown(bridge: Pick<Bridge, 'scrape'>): Promise<string[]> {
  const header = (name: string) => (name === 'accept' ? accepts.openmetrics : undefined);
  const { body } = await bridge.scrape({ method: 'GET', path: '/metrics', query: new URLSearchParams(), header, peer: '::1' });
  const lines = new TextDecoder().decode(body).split('\n');
  return lines
    .filter((line) => line.includes(' # {'))
    .map((line) =>
      line
        .replace(/,?otel_scope_\w+="[^"]*"/g, '')
        .replace('{,', '{')
        .replace(/(\{\})? \S+ # (\{.*\} \S+) \S+$/, ' # $2'),
    );
}

function open(t: TestContext, env: Record<string, string> = {}) {
  t.after(useContexts());
  const opened = testBridge(declared, { env });
  return { ...opened, meter: opened.bridge.meterProvider.getMeter('lib') };
}

const inSpan = (work: () => void, given = spanContext()) => context.with(given, work);
const labelled = `{trace_id="${ids.traceId}",span_id="${ids.spanId}"}`;

test('counters and histograms show the span that a measurement was made in', async (t) => {
  const { bridge, meter } = open(t);
  const requests = meter.createCounter('requests');
  const time = meter.createHistogram('time', { advice: { explicitBucketBoundaries: [1, 2] } });
  inSpan(() => requests.add(3, { route: '/a' }));
  requests.add(4, { route: '/b' });
  for (const value of [0.5, 1.5]) inSpan(() => time.record(value));
  assert.deepEqual(await shown(bridge), [
    `requests_total{route="/a"} # ${labelled} 3`,
    `time_bucket{le="1.0"} # ${labelled} 0.5`,
    `time_bucket{le="2.0"} # ${labelled} 1.5`,
  ]);
});

test('of the active context, or of the one that is given; also where fractions are cut off', async (t) => {
  const { bridge, meter } = open(t);
  const bytes = meter.createCounter('bytes', { valueType: ValueType.INT });
  bytes.add(3.5, {}, spanContext());
  assert.deepEqual(await shown(bridge), [`bytes_total # ${labelled} 3`]);
  const others = meter.createCounter('others');
  inSpan(() => others.add(1, {}, ROOT_CONTEXT));
  others.add(1, {}, spanContext({ sampled: false }));
  assert.equal((await shown(bridge)).length, 1);
});

test('a push has those of every kind', async (t) => {
  t.after(useContexts());
  const receiver = await capture(t);
  const push = { endpoint: receiver.url, protocol: 'http/json', intervalMs: 3_600_000 } as const;
  const { bridge } = testBridge(declared, { push });
  t.after(bridge.close);
  const meter = bridge.meterProvider.getMeter('lib');
  inSpan(() => {
    meter.createCounter('c').add(1);
    meter.createUpDownCounter('u').add(2);
    meter.createGauge('g').record(3);
    meter.createHistogram('h').record(4);
  });
  assert.equal(await bridge.flush(), true);
  const metrics = metricsOf(receiver.pushes[0]);
  const found = ['c', 'u', 'g', 'h'].map((name) => {
    const [{ exemplars }] = (metrics[name].sum ?? metrics[name].gauge ?? metrics[name].histogram).dataPoints;
    return exemplars?.map(({ asDouble, traceId, spanId }: Record<string, unknown>) => ({ asDouble, traceId, spanId }));
  });
  assert.deepEqual(
    found,
    [1, 2, 3, 4].map((asDouble) => [{ asDouble, ...ids }]),
  );
});

for (const filter of ['always_on', 'Always_On', ' always_on ']) {
  test(`${variable}="${filter}": every measurement, in a span or not, of contracts and others`, async (t) => {
    const { bridge, meter, metrics } = open(t, { [variable]: filter });
    meter.createCounter('requests').add(3);
    inSpan(() => meter.createCounter('sampled').add(4));
    inSpan(() => meter.createCounter('unsampled').add(5), spanContext({ sampled: false }));
    inSpan(() => meter.createCounter('odd').add(6), spanContext({ traceId: 'x'.repeat(32) }));
    metrics.runs.bind().add(7);
    assert.deepEqual(await shown(bridge), [
      'e_runs_total # {} 7',
      'requests_total # {} 3',
      `sampled_total # ${labelled} 4`,
      `unsampled_total # ${labelled} 5`,
      'odd_total # {} 6',
    ]);
  });
}

test(`${variable}="always_on": also without a context manager`, async () => {
  const { bridge } = testBridge(declared, { env: { [variable]: 'always_on' } });
  bridge.meterProvider.getMeter('lib').createCounter('requests').add(3);
  assert.deepEqual(await shown(bridge), ['requests_total # {} 3']);
});

for (const engine of [undefined, sdkEngine()]) {
  test(`${variable}="always_off": none, of contracts neither (${engine?.name ?? 'store'})`, async (t) => {
    t.after(useContexts());
    const { bridge, metrics } = testBridge(declared, {
      env: { [variable]: 'always_off' },
      ...(engine === undefined ? {} : { engine }),
    });
    inSpan(() => {
      bridge.meterProvider.getMeter('lib').createCounter('requests').add(3);
      metrics.runs.add(1);
    });
    assert.deepEqual(await shown(bridge), []);
  });
}

for (const [filter, fix] of [
  ['with_sampled_trace', 'Fix: write one of these'],
  ['trace-based', 'Fix: write trace_based'],
] as const) {
  test(`${variable}="${filter}" is told of, and ignored`, async (t) => {
    const { bridge, meter, log } = open(t, { [variable]: filter });
    assert.equal(log.length, 1);
    assert.ok(log[0]?.startsWith(`${variable}: got "${filter}"; known are always_on, always_off, trace_based. `), log[0]);
    assert.ok(log[0]?.includes(fix), log[0]);
    const requests = meter.createCounter('requests');
    requests.add(1);
    inSpan(() => requests.add(3));
    assert.deepEqual(await shown(bridge), [`requests_total # ${labelled} 3`]);
  });
}

/** Cells of a row of each family. */
function strides(filter?: 'always_on' | 'always_off' | 'trace_based'): number[] {
  const store = createStore();
  const engine = createStoreEngine(store, { clock: Date.now, ...(filter === undefined ? {} : { exemplars: filter }) });
  const meter = engine.meterProvider.getMeter('lib');
  meter.createCounter('requests').add(1);
  meter.createObservableCounter('observed');
  const found: number[] = [];
  store.view.walk({ family: ({ stride }) => found.push(stride) > 0, row() {} });
  return found;
}

test('they take no memory without a context manager, nor where they are off, nor of what is observed', (t) => {
  assert.deepEqual(strides(), [1, 1]);
  assert.equal(strides('always_on')[0], 12);
  t.after(useContexts());
  assert.deepEqual(strides(), [12, 1]);
  assert.deepEqual(strides('always_off'), [1, 1]);
});
