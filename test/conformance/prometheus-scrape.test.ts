/**
 * Prometheus 3 scrapes the library's page and the service's in each of its formats, by its own Accept headers: the same series
 * and values from all of them.
 */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { contract, counter, gauge, histogram, meterbridge, oneOf, summary } from '../../src/index.ts';
import { inReverse } from './in-reverse.ts';
import { requirePeer } from './peers.ts';
import { runPrometheus } from './prometheus.ts';
import { bridgeOptions, ownRoad } from './roads.ts';
import { startService } from './service.ts';

const shop = contract('shop', {
  orders: counter({ help: 'Orders.', unit: '{order}', labels: { state: oneOf('paid', 'refused') } }),
  queue: gauge({ help: 'Orders that wait.', unit: '{order}' }),
  handling: histogram({ help: 'Time of an order.', unit: 's', bounds: [0.1, 1, 1_000_000] }),
  transfer: summary({ help: 'Time of a transfer.', unit: 's' }),
});

/** Typed from what is recorded; `le` as Prometheus 3 writes bounds, whatever the page has. */
const expected = {
  'shop_orders_total{state=paid}': '3',
  'shop_orders_total{state=refused}': '0',
  'shop_queue{}': '-2.5',
  'shop_handling_seconds_bucket{le=0.1}': '1',
  'shop_handling_seconds_bucket{le=1.0}': '2',
  'shop_handling_seconds_bucket{le=1e+06}': '3',
  'shop_handling_seconds_bucket{le=+Inf}': '3',
  'shop_handling_seconds_count{}': '3',
  'shop_handling_seconds_sum{}': '5.625',
  'shop_transfer_seconds_count{}': '2',
  'shop_transfer_seconds_sum{}': '0.75',
};

/**
 * The answer to each of `scrape_protocols`. Who has no protobuf answers the rest of that header, which is any type, with text.
 */
const formats = {
  default: /^application\/openmetrics-text; version=1\.0\.0; charset=utf-8/,
  PrometheusProto:
    /^(application\/vnd\.google\.protobuf; proto=io\.prometheus\.client\.MetricFamily; encoding=delimited|text\/plain; version=0\.0\.4)/,
  'OpenMetricsText1.0.0': /^application\/openmetrics-text; version=1\.0\.0; charset=utf-8/,
  'OpenMetricsText0.0.1': /^application\/openmetrics-text; version=0\.0\.1; charset=utf-8/,
  'PrometheusText1.0.0': /^text\/plain; version=1\.0\.0; charset=utf-8/,
  'PrometheusText0.0.4': /^text\/plain; version=0\.0\.4; charset=utf-8/,
} as const;
type Format = keyof typeof formats;
const names = Object.keys(formats) as Format[];

interface Seen {
  readonly accept: string;
  readonly contentType: string;
}

/** Stands before a page, and keeps what was asked for and answered, by the path. */
async function startWitness(t: TestContext, page: string): Promise<{ readonly host: string; readonly seen: Map<string, Seen> }> {
  const seen = new Map<string, Seen>();
  const server = createServer(async ({ url = '', headers: { accept = '' } }, response) => {
    const answer = await fetch(page, { headers: { accept } });
    const contentType = answer.headers.get('content-type') ?? '';
    seen.set(url.slice(1), { accept, contentType });
    response.writeHead(answer.status, { 'content-type': contentType }).end(Buffer.from(await answer.arrayBuffer()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

const jobsOf = (side: string, host: string) =>
  names.map((format) => ({
    job_name: `${side} ${format}`,
    honor_labels: false,
    metrics_path: `/${format}`,
    ...(format === 'default' ? {} : { scrape_protocols: [format] }),
    static_configs: [{ targets: [host], labels: { side, format } }],
  }));

test('Prometheus 3 reads the same from the library and from the service, in every format', async (t: TestContext) => {
  const binary = requirePeer(t, 'prometheus3');
  if (binary === undefined) return;
  const atEnd = inReverse(t);
  const service = await startService(t, {
    prometheus: { endpoint: '127.0.0.1:0', without_scope_info: true, enable_open_metrics: true },
  });
  atEnd(service.stop);
  const bridge = meterbridge(shop, { isolated: true, env: {}, log: () => {}, ...bridgeOptions(ownRoad, service.endpoint) });
  atEnd(bridge.close);
  const { metrics } = bridge;
  metrics.orders.add(3, { state: 'paid' });
  metrics.queue.set(-2.5);
  for (const seconds of [0.0625, 0.5625, 5]) metrics.handling.record(seconds);
  for (const seconds of [0.25, 0.5]) metrics.transfer.record(seconds);
  assert.equal(await bridge.flush(), true);

  const sides = { library: (await bridge.listen('127.0.0.1:0')).url, service: service.page };
  const witnesses = new Map<string, Awaited<ReturnType<typeof startWitness>>>();
  for (const [side, page] of Object.entries(sides)) witnesses.set(side, await startWitness(t, page));
  const scrape_configs = [...witnesses].flatMap(([side, { host }]) => jobsOf(side, host));
  const prometheus = await runPrometheus(t, binary, { scrape_configs });
  atEnd(prometheus.stop);
  const at = await prometheus.scraped();

  for (const [side, { seen }] of witnesses) {
    for (const format of names) {
      const found = await prometheus.query(`{__name__=~"shop_.+", side="${side}", format="${format}"}`, at);
      const shown = found.map(
        ({ labels: { __name__: name, side: _, format: __, exported_job: ___, exported_instance: ____, ...labels }, value }) => {
          const [pair = ''] = Object.entries(labels).map(([label, text]) => `${label}=${text}`);
          return [`${name}{${pair}}`, value];
        },
      );
      assert.deepEqual(Object.fromEntries(shown), expected, `${side} ${format}`);
      assert.match(seen.get(format)?.contentType ?? '', formats[format], `${side} ${format}: ${seen.get(format)?.accept}`);
    }
  }
  t.diagnostic(`asks by default for ${witnesses.get('library')?.seen.get('default')?.accept}`);
});
