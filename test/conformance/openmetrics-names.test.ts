/**
 * Names that OpenMetrics reserves: Prometheus' parsers read both metrics in text and protobuf, and the strictest reader accepts
 * our page of OpenMetrics.
 */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { createStore } from '../../src/core/store/index.ts';
import { createRenderer, type ExpositionFormat, type Rendering } from '../../src/formats/exposition/index.ts';
import { takeRow } from '../core/store/labels.ts';
import { decodeExposition } from './go-parsers.ts';
import { requirePeer } from './peers.ts';
import { checkMetrics } from './promtool.ts';
import { parseWithPython } from './strict-openmetrics.ts';

const both =
  '# TYPE http_requests counter\nhttp_requests_total 3\n# TYPE http_requests_created gauge\nhttp_requests_created 4\n# EOF\n';
const types = {
  openmetrics: 'application/openmetrics-text; version=1.0.0',
  text: 'text/plain; version=0.0.4',
  protobuf: 'application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited',
} as const;

async function pageOf(format: ExpositionFormat): Promise<Uint8Array> {
  const store = createStore();
  const source = store.source({ scope: { name: 'test' } });
  const metrics = [
    ['queue', 'gauge', 2],
    ['http.requests', 'counter', 3],
    ['http.requests.created', 'gauge', 4],
    ['queue', 'counter', 7],
  ] as const;
  for (const [name, kind, value] of metrics) {
    const family = source.family({ name, kind, unit: '', help: 'Help.', labels: [], maxAgeMs: 60_000 }, true);
    family.cells[takeRow(family, {}, 0) * family.stride] = value;
  }
  return ((await createRenderer(store.view).render(format)) as Rendering).body;
}

for (const format of ['text', 'protobuf'] as const) {
  test(`${format}: Prometheus' parser has all four`, async (t: TestContext) => {
    if (requirePeer(t, 'goParsers') === undefined) return;
    const { samples, error } = decodeExposition(await pageOf(format), types[format]);
    assert.equal(error, undefined);
    assert.deepEqual(
      samples.map(({ labels, value }) => [labels[0]?.[1], value]),
      [
        ['queue', 2],
        ['http_requests_total', 3],
        ['http_requests_created', 4],
        ['queue_total', 7],
      ],
    );
  });
}

test('text: promtool reads it', async (t: TestContext) => {
  const promtool = requirePeer(t, 'promtool');
  if (promtool === undefined) return;
  assert.deepEqual(checkMetrics(promtool, await pageOf('text')), []);
});

test('OpenMetrics: the strictest reader refuses both, and accepts the page, which has the first of each two by name', async (t: TestContext) => {
  const python = requirePeer(t, 'parser');
  if (python === undefined) return;
  assert.throws(() => parseWithPython(python, both, 'openmetrics'), /Clashing name/);
  const samples = parseWithPython(python, await pageOf('openmetrics'), 'openmetrics');
  assert.deepEqual(
    samples.map(({ name, value }) => [name, value]),
    [
      ['queue', 2],
      ['http_requests_created', 4],
    ],
  );
});
