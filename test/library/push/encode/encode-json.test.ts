/** Requests in JSON: of the size that was asked for, and with all that the store has. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createStore, type Store } from '../../../../src/core/store/index.ts';
import { encodeAttributes, type RequestLimits } from '../../../../src/formats/otlp/index.ts';
import { createStoreEncoder } from '../../../../src/library/push/encode/encode-store.ts';
import { createSentSeries } from '../../../../src/library/push/encode/sent-series.ts';
import { decodeMetrics } from '../../../formats/otlp/decode-metrics.ts';
import { put, specOf } from '../sources.ts';

async function pushed(store: Store, limits: RequestLimits): Promise<Buffer[]> {
  const resource = encodeAttributes({ 'service.name': 'demo' });
  const own = {
    view: store.view,
    resource,
    sent: createSentSeries(),
    clock: () => 1_700_000_001_000,
    ageClock: () => performance.now(),
  };
  const requests: Buffer[] = [];
  for await (const { bytes } of createStoreEncoder({ ...own, encoding: 'json', limits }).push())
    requests.push(Buffer.from(bytes));
  return requests;
}

const families = {
  counters: specOf('demo.runs', { kind: 'counter' }),
  histograms: specOf('demo.time', { kind: 'histogram', bounds: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] }),
} as const;
for (const [name, spec] of Object.entries(families)) {
  test(`requests of ${name} end at their limit`, async () => {
    const store = createStore();
    const family = store.source({ scope: { name: 'demo' } }).family(spec, true);
    for (let at = 0; at < 5_000; at++)
      put(family, { status: 'success', route: `/api/orders/${at}` }, name === 'histograms' ? at : at + 0.5);
    const requests = await pushed(store, { points: 1_000_000, bytes: 100_000 });
    // Buckets are short in JSON: such requests are smaller than they might be, and not many more.
    for (const { length } of requests.slice(0, -1)) assert.ok(length < 110_000 && length > 25_000, String(length));
    const points = requests.flatMap((bytes) => {
      const { sum, histogram } = decodeMetrics('application/json', bytes).resourceMetrics[0].scopeMetrics[0].metrics[0];
      return (sum ?? histogram).dataPoints;
    });
    assert.equal(points.length, 5_000);
  });
}

test('a point goes out whatever attributes it has', async () => {
  const store = createStore();
  const names = Array.from({ length: 200 }, (_, at) => `name${String(at).padStart(3, '0')}`);
  const family = store.source({ scope: { name: 'demo' } }).family(specOf('demo.level', { labels: names }), true);
  put(family, Object.fromEntries(names.map((name) => [name, name === 'name007' ? 'x'.repeat(100_000) : 'y'])), 1);
  const [request] = await pushed(store, { points: 10, bytes: 1_000_000 });
  const [point] = decodeMetrics('application/json', request as Buffer).resourceMetrics[0].scopeMetrics[0].metrics[0].gauge
    .dataPoints;
  assert.deepEqual([point.asDouble, point.attributes.length, point.attributes[7].value.stringValue.length], [1, 200, 100_000]);
});
