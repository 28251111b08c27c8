/** What the page says without a script: every fact of the model, and a dash for what is not known. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Node as ViewNode } from '../../../src/status/view/node.ts';
import { page } from '../../../src/status/view/page.ts';
import type { PageData } from '../../../src/status/view/page-data.ts';
import { toHtml } from '../../../src/status/view/to-html.ts';
import { at, fixtureData, fixtureSource, flow, nodes } from '../fixture-source.ts';

const textOf = (node: ViewNode): string =>
  typeof node === 'string' ? node : node.children.map(textOf).join(node.tag === 'tr' ? '|' : '');
const has = (data: PageData, text: string) => assert.ok(textOf(page(data)).includes(text), `no "${text}"`);

test('facts of each part are in the page', async () => {
  const data = await fixtureData();
  for (const fact of [
    'receiver otlp|processor memory_limiter|metrics|12.3k points/s|',
    'processor batch|exporter prometheus|metrics|12.5k points/s|',
    '1,204 points',
    '310 points',
    '412 of 1,000 requests, the oldest came 2 min ago',
    'http://127.0.0.1:4320/v1/metrics: connection refused',
    'authorization: "[REDACTED]"',
    'shop/checkout checkout-7f9c',
    'go opentelemetry 1.38.0',
    'silent, was every 15 s',
    '42 s ahead',
    'Prometheus/3.14.0 from 10.0.0.7|exporter prometheus|15 s|6 s ago|OpenMetrics text, gzip|207 KiB|41.2 ms, slowest 310 ms|200',
    'about 9,311 values ± 2 %',
    'Drop the attribute url.path in the sender, or raise the limit.',
    '18,213 series in 213 families, which take 8.77 MiB. What was sent is 18,211 of 1,000,000 series and 212 of 20,000 families.',
    'histogram_quantile(0.95, sum by (le) (rate(http_server_request_duration_seconds_bucket[5m])))',
    '+   debug: {}',
    '13:42:11 UTC applied added: exporter otlp_http.',
  ])
    has(data, fact);
});

test('what needs attention comes first, the worst at the top', async () => {
  const text = textOf(page(await fixtureData()));
  const places = [
    'exporter otlp_http does not deliver',
    '1,204 points refused',
    'shop/mail mail-1 went silent',
    'The configuration on disk differs',
    'Comes in',
  ];
  const found = places.map((place) => text.indexOf(place));
  assert.ok(found.every((place) => place >= 0));
  assert.deepEqual(
    found,
    [...found].sort((a, b) => a - b),
  );
});

test('what is not known is a dash, and never 0', async () => {
  const data = await fixtureData();
  const unknown = { minutes: [null, null] };
  const edges = data.graph.edges.map((edge) => ({ ...edge, rate: unknown }));
  const parts = {
    ...data.graph,
    edges,
    nodes: nodes.map((node) => ({ ...node, received: undefined, sent: undefined }) as never),
  };
  const text = textOf(page({ ...data, graph: parts }));
  assert.ok(text.includes('receiver otlp|processor memory_limiter|metrics|–|no data yet|8,812,004 points'));
  assert.doesNotMatch(text, /Comes in0|Goes out0/);
});

test('label values that are hidden: the way to see them is one that the program has', async () => {
  const data = await fixtureData();
  const textFor = (kind: 'serve' | 'bridge') => textOf(page({ ...data, status: { ...data.status, kind, showsValues: false } }));
  assert.match(textFor('serve'), /Values are not shown, because they may name people\. Start with --show-values to show them\./);
  assert.match(textFor('bridge'), /because they may name people\. They are shown where NODE_ENV is not production\./);
  assert.doesNotMatch(textFor('bridge'), /--show-values/);
});

test('what an exporter loses behind its queue stands beside its connection, which lost nothing', async () => {
  const data = await fixtureData();
  const lossy = nodes.map((node) => (node.id === 'otlp_http' ? { ...node, sent: flow(0, 7_100_000, 0, 920) } : node));
  const edges = data.graph.edges.map((edge) => ({ ...edge, failed: 0 }));
  has({ ...data, graph: { ...data.graph, nodes: lossy, edges } }, 'none here, 920 points behind its queue');
});

test('a part that the source does not have is not in the page', async () => {
  const source = fixtureSource();
  const data: PageData = { status: { ...source.status(), parts: ['graph'] }, now: at, graph: source.graph(), live: 'still' };
  const html = toHtml(page(data));
  assert.match(html, /id="flow"/);
  assert.doesNotMatch(html, /id="(producers|scrapers|series|refused|configuration)"/);
});

test('where nothing has come yet, the page says what to do', async () => {
  const data = await fixtureData(
    fixtureSource({
      graph: () => ({ at, edges: [], pipelines: [], reloads: [], nodes: [{ ...nodes[0], received: undefined } as never] }),
      producers: () => ({ at, known: 0, limit: 10, forgotten: 0, producers: [] }),
      scrapers: () => ({ at, limit: 10, forgotten: 0, scrapers: [] }),
      refusals: () => ({ at, limit: 10, forgotten: 0, refusals: [] }),
      family: async () => undefined,
    }),
  );
  for (const todo of [
    'OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318, or have one send OTLP to http://127.0.0.1:4318/v1/metrics.',
    'A producer appears with its first request',
    'Nobody has scraped yet.',
    'Nothing was refused, folded or dropped since the start.',
    'There is no such family now',
  ])
    has(data, todo);
});
