/** Each recipe is a program: it runs here, gets requests over a socket, and its exposition shows them. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import { parseAllDocuments } from 'yaml';
import { sampleOf, testInFull } from '../full.ts';
import { until } from '../until.ts';
import { ask, ends, page, printed, recipes, samples, started } from './recipe.ts';

for (const name of sampleOf(['fastify.ts', 'express.ts', 'hono.ts', 'node-http.ts'])) {
  test(`${name}: requests are counted by the template of their route`, async (t) => {
    const program = started(t, name);
    const [api, metrics] = (await printed(program, 'the API', 'its metrics')) as [string, string];
    assert.equal((await ask(`${api}/orders`, 'POST')).status, 201);
    for (const id of ['1', '2', '3']) assert.deepEqual(await (await ask(`${api}/orders/${id}`)).json(), { id });
    for (const path of ['/wp-login.php', '/nowhere/at/all']) assert.equal((await ask(`${api}${path}`)).status, 404);
    const exposition = await page(metrics);
    const requests = Object.entries(samples(exposition, /^http_server_request_duration_seconds_count\{.*http_request_method/));
    const byRoute = requests.map(([series, count]) => [
      ['http_request_method', 'http_route', 'http_response_status_code']
        .map((label) => new RegExp(`${label}="([^"]*)"`).exec(series)?.[1])
        .join(' '),
      count,
    ]);
    assert.deepEqual(Object.fromEntries(byRoute), { 'POST /orders 201': 1, 'GET /orders/:id 200': 3, 'GET  404': 2 });
    assert.deepEqual(samples(exposition, /^shop_orders_total/), {
      'shop_orders_total{payment="card"}': 1,
      'shop_orders_total{payment="invoice"}': 0,
    });
    assert.match(exposition, /^shop_memory_used_bytes [1-9]/m);
    await ends(program);
  });
}

test('container.ts: listens as its image and its manifest say, and ends on SIGTERM', async (t) => {
  const program = started(t, 'container.ts', { METRICS_ADDRESS: '0.0.0.0:0' });
  const [metrics] = (await printed(program, 'its metrics')) as [string];
  assert.match(await page(metrics.replace('0.0.0.0', '127.0.0.1')), /^shop_orders_total/m);
  await ends(program);

  const source = readFileSync(join(recipes, 'container.ts'), 'utf8');
  const ports = [/PORT \?\? (\d+)/, /'0\.0\.0\.0:(\d+)'/].map((pattern) => Number(pattern.exec(source)?.[1]));
  const image = readFileSync(join(recipes, 'Dockerfile'), 'utf8');
  assert.match(image, new RegExp(`^EXPOSE ${ports.join(' ')}$`, 'm'));
  assert.match(image, /^CMD \["node", "container\.ts"\]$/m);
  const [deployment, service, monitor] = parseAllDocuments(readFileSync(join(recipes, 'kubernetes.yaml'), 'utf8')).map((one) =>
    one.toJS(),
  );
  const [container] = deployment.spec.template.spec.containers;
  assert.deepEqual(
    container.ports.map((one: { containerPort: number }) => one.containerPort),
    ports,
  );
  assert.deepEqual(service.spec.selector, deployment.spec.template.metadata.labels);
  assert.deepEqual(monitor.spec.selector.matchLabels, deployment.spec.template.metadata.labels);
  assert.equal(monitor.spec.podMetricsEndpoints[0].port, container.ports[1].name);
});

test('batch-job.ts: everything has arrived when it exits', async (t) => {
  const bodies: string[] = [];
  const receiver = createServer(async (request, response) => {
    assert.equal(request.url, '/v1/metrics');
    bodies.push((await request.setEncoding('utf8').toArray()).join(''));
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
  await once(receiver.listen(0, '127.0.0.1'), 'listening');
  t.after(() => receiver.close());
  const { port } = receiver.address() as AddressInfo;
  const program = started(t, 'batch-job.ts', {
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
  });
  assert.deepEqual(await program.exited, [0, null], program.errors());
  const pushed = JSON.parse(bodies.at(-1) ?? '').resourceMetrics[0].scopeMetrics[0].metrics;
  const files = pushed.find((metric: { name: string }) => metric.name === 'cleanup.files');
  const byOutcome = files.sum.dataPoints.map((point: { attributes: [{ value: { stringValue: string } }]; asDouble: number }) => [
    point.attributes[0].value.stringValue,
    point.asDouble,
  ]);
  assert.deepEqual(Object.fromEntries(byOutcome), { removed: 2, kept: 1 });
});

/** Samples by name and labels, without the labels and families that each exporter adds for itself. */
function ofShop(exposition: string): Record<string, number> {
  const own = exposition.replaceAll(/otel_scope_\w+="[^"]*",?/g, '').replaceAll(/,\}/g, '}');
  return samples(own, /^shop_/);
}

testInFull("from-opentelemetry.ts: series are those of OpenTelemetry's own exporter, with the unit in their names", async (t) => {
  const exporter = new PrometheusExporter({ preventServerStart: true });
  const provider = new MeterProvider({ readers: [exporter] });
  t.after(() => provider.shutdown());
  const meter = provider.getMeter('orders', '1.0.0');
  meter.createCounter('shop.orders', { unit: '{order}' }).add(2, { payment: 'card' });
  meter.createHistogram('shop.wait', { unit: 's', advice: { explicitBucketBoundaries: [0.1, 1] } }).record(0.25);
  const response = { statusCode: 0, setHeader() {}, end: (text: string) => theirs.resolve(text) };
  const theirs = Promise.withResolvers<string>();
  exporter.getMetricsRequestHandler({} as never, response as never);

  const program = started(t, 'from-opentelemetry.ts');
  const [url] = (await printed(program, 'its metrics')) as [string];
  const ours = await page(url);
  // The one difference, of which the page warns: OpenTelemetry's exporter leaves the unit out of a name, and a Collector does
  // not.
  const expected = (await theirs.promise).replaceAll('shop_wait', 'shop_wait_seconds');
  assert.deepEqual(ofShop(ours), ofShop(expected));
  await ends(program);
});

testInFull('from-prom-client.ts: the registry is shown beside the contract, as prom-client shows it', async (t) => {
  const program = started(t, 'from-prom-client.ts');
  const [metrics] = (await printed(program, 'its metrics')) as [string];
  const exposition = await page(metrics);
  const register = new Registry();
  new Counter({ name: 'cacheHits', help: 'Hits of the cache.', registers: [register] }).inc(2);
  new Counter({ name: 'orders_total', help: 'Orders taken.', labelNames: ['payment'], registers: [register] }).inc({
    payment: 'card',
  });
  const wait = {
    name: 'wait_seconds',
    help: 'Time in the queue.',
    labelNames: ['queue'],
    buckets: [0.1, 1],
    registers: [register],
  };
  new Histogram(wait).observe({ queue: 'mail' }, 0.25);
  const own = /^(cacheHits|orders_total|wait_seconds)/;
  assert.deepEqual(
    samples(exposition, own),
    samples((await register.metrics()).replaceAll(/\{(le="[^"]*"),(queue="[^"]*")\}/g, '{$2,$1}'), own),
  );
  collectDefaultMetrics({ register });
  const types = [...(await register.metrics()).matchAll(/^# TYPE .*$/gm)].map(([line]) => line);
  assert.deepEqual(new Set([...exposition.matchAll(/^# TYPE .*$/gm)].map(([line]) => line)), new Set(types));
  await ends(program);
});

test('from-prom-client-fastify.ts: the port that prom-client had shows its registry and the contract', async (t) => {
  const program = started(t, 'from-prom-client-fastify.ts');
  const [api, metrics] = (await printed(program, 'the API', 'its metrics')) as [string, string];
  assert.equal(metrics, `${api}/metrics`);
  for (const path of ['accounts', 'orders']) assert.equal((await ask(`${api}/${path}`, 'POST')).status, 201);
  assert.deepEqual(samples(await page(metrics), /^(signups|shop)_/), {
    signups_total: 1,
    'shop_orders_total{payment="card"}': 1,
    'shop_orders_total{payment="invoice"}': 0,
  });
  await ends(program);
});

testInFull(
  'threads.ts: the main thread, which hashes nothing itself, shows what its threads have',
  {
    skip: process.platform === 'win32',
  },
  async (t) => {
    const program = started(t, 'threads.ts');
    const [metrics] = (await printed(program, 'its metrics')) as [string];
    await until('each thread has its turn', async () => {
      const shown = samples(await page(metrics), /^passwords_(hashed_total|hash_duration_seconds_count)/);
      return (shown.passwords_hashed_total ?? 0) >= 8 && (shown.passwords_hash_duration_seconds_count ?? 0) >= 8;
    });
    await ends(program);
  },
);
