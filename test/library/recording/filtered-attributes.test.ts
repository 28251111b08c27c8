/**
 * The attributes that a series does not have are in its exemplars (Metrics SDK, "ExemplarReservoir"), on pages as labels
 * ("Prometheus and OpenMetrics Compatibility", "Exemplars"), in a push as `filtered_attributes` (opentelemetry-proto,
 * `Exemplar`).
 */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { type Attributes, context } from '@opentelemetry/api';
import { contract, counter, histogram, oneOf } from '../../../src/core/contract/index.ts';
import type { Bridge } from '../../../src/index.ts';
import { sdkEngine } from '../../../src/sdk.ts';
import { testBridge } from '../../../src/testing.ts';
import { accepts } from '../../tools/check/hold/pages.ts';
import { metricsOf } from '../push/capture.ts';
import { capture } from '../push/push-behaves.ts';
import { ids, spanContext, useContexts } from './spans.ts';

const declared = contract('e', {
  runs: counter({ help: 'Runs.', labels: { status: oneOf('ok', 'failed') }, exemplars: true }),
  time: histogram({ unit: 's', help: 'Time.', bounds: [1], exemplars: true }),
});
const span = `trace_id="${ids.traceId}",span_id="${ids.spanId}"`;

after(useContexts());
const inSpan = (work: () => void) => context.with(spanContext(), work);

/** The labels of each exemplar of a page. */
async function shown(bridge: Pick<Bridge, 'scrape'>): Promise<string[]> {
  const header = (name: string) => (name === 'accept' ? accepts.openmetrics : undefined);
  const { body } = await bridge.scrape({ method: 'GET', path: '/metrics', query: new URLSearchParams(), header, peer: '::1' });
  return [...new TextDecoder().decode(body).matchAll(/ # \{(.*)\} /g)].map(([, labels]) => labels ?? '');
}

for (const engine of [undefined, sdkEngine()]) {
  const name = engine?.name ?? 'store';
  const open = (more: Parameters<typeof testBridge<typeof declared>>[1] = {}) => {
    const opened = testBridge(declared, { ...more, ...(engine === undefined ? {} : { engine }) });
    const total = opened.bridge.meterProvider.getMeter('e').createCounter('e.runs');
    return { ...opened, add: (attributes: Attributes) => inSpan(() => total.add(1, attributes)) };
  };

  const cases: readonly [what: string, attributes: Attributes, labels: string][] = [
    ['none was dropped', { status: 'ok' }, span],
    ['under a legal name, as a label', { status: 'ok', 'user.id': 'u1' }, `${span},user_id="u1"`],
    ['of every type', { n: 5, status: 'ok', t: true, l: ['a'] }, `${span},n="5",t="true",l="[\\"a\\"]"`],
    ['a long one has no room, a short one behind it does', { long: 'x'.repeat(60), status: 'ok', s: 'y' }, `${span},s="y"`],
    ['an empty one is none', { status: 'ok', e: '' }, span],
  ];
  for (const [what, attributes, labels] of cases) {
    test(`${name}: ${what}`, async () => {
      const { bridge, add } = open();
      add(attributes);
      assert.deepEqual(await shown(bridge), [labels]);
    });
  }

  test(`${name}: recorders, timers and bindings keep them too`, async () => {
    const { bridge, metrics } = open();
    const untyped = metrics.time as unknown as { record(value: number, labels: object): void };
    inSpan(() => untyped.record(0.5, { route: '/a' }));
    assert.deepEqual(await shown(bridge), [`${span},route="/a"`]);
    const bound = (metrics.runs.bind as (labels: object) => { add(value: number): void })({ status: 'ok', route: '/b' });
    inSpan(() => bound.add(1));
    assert.deepEqual((await shown(bridge)).toSorted(), [`${span},route="/a"`, `${span},route="/b"`]);
  });

  test(`${name}: a push has them under their own names`, async (t) => {
    const receiver = await capture(t);
    const push = { endpoint: receiver.url, protocol: 'http/json', exporter: 'meterbridge', intervalMs: 3_600_000 } as const;
    const { bridge, add } = open({ push });
    t.after(bridge.close);
    add({ status: 'ok', 'user.id': 'u1' });
    assert.equal(await bridge.flush(), true);
    const [point] = metricsOf(receiver.pushes[0])['e.runs'].sum.dataPoints.filter(({ exemplars = [] }) => exemplars.length > 0);
    assert.deepEqual(point.exemplars[0].filteredAttributes, [{ key: 'user.id', value: { stringValue: 'u1' } }]);
  });
}

test('an instrument that no contract names keeps what a view drops', async () => {
  const views = [{ instrumentName: 'lib.requests', attributeKeys: { excluded: ['user.id'] } }];
  const { bridge } = testBridge(declared, { views });
  const requests = bridge.meterProvider.getMeter('lib').createCounter('lib.requests');
  inSpan(() => requests.add(1, { route: '/a', 'user.id': 'u1' }));
  assert.deepEqual(await shown(bridge), [`${span},user_id="u1"`]);
});
