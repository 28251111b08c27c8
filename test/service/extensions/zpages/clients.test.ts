/** Who sends, and who scrapes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultLimits } from '../../../../src/service/limits.ts';
import { until } from '../../../until.ts';
import { otlp, requestOf, startWithPage, withPage } from './page.ts';

const yaml = withPage(
  `receivers: {otlp: ${otlp}, otlp/2: ${otlp}}\nexporters: {prometheus: {endpoint: '127.0.0.1:0'}}`,
  '{metrics: {receivers: [otlp, otlp/2], exporters: [prometheus]}}',
);

test('a producer: who it is, what it sends, and how far its clock is off', async (t) => {
  const page = await startWithPage(t, yaml);
  const resource = {
    'service.name': 'cart',
    'service.instance.id': 'i1',
    'telemetry.sdk.name': 'opentelemetry',
    'telemetry.sdk.version': '2.1.0',
    'telemetry.sdk.language': 'go',
  };
  const hourAhead = 3_600_000;
  for (const receiver of [0, 1]) {
    await page.send(requestOf({ points: 5, resource, timeMs: Date.now() + hourAhead }), receiver);
    await until(
      'a second later',
      async () => (await page.get('tick')).edges['receiver otlp > exporter prometheus (metrics)']?.now !== undefined,
    );
  }
  const { known, producers } = await page.get('producers');
  assert.equal(known, 1);
  const [
    { key, rate, firstSeen, lastSeen, skewSeconds = 0, everySeconds, ...producer } = {
      firstSeen: 1,
      lastSeen: 0,
      rate: undefined,
    },
  ] = producers;
  assert.ok(firstSeen <= lastSeen && (rate?.minutes.length ?? 0) === 15);
  assert.ok(Math.abs(skewSeconds - 3_600) < 60, String(skewSeconds));
  assert.deepEqual(producer, {
    job: 'cart',
    instance: 'i1',
    sdk: 'opentelemetry',
    sdkVersion: '2.1.0',
    language: 'go',
    receivers: ['receiver otlp', 'receiver otlp/2'],
    points: 10,
    series: 5,
    silent: false,
    refused: 0,
  });
});

test('whoever sends the points of 20 s at once is in step, in one resource, in several, and in parts', async (t) => {
  const page = await startWithPage(t, yaml);
  const [seconds, second] = [20, 1_000];
  const now = Date.now();
  const pieces = (name: string, points: number) =>
    Array.from({ length: seconds }, (_, at) =>
      requestOf({ metric: `m${at}`, points, resource: { 'service.name': name }, timeMs: now - (seconds - 1 - at) * second }),
    );
  // Messages in a row are one message with all of their parts; the second one is more than what is handed on in one piece.
  for (const [name, points] of [
    ['several', 1],
    ['parts', 100],
  ] as const)
    assert.equal(await page.send(Buffer.concat(pieces(name, points))), 200);
  await page.send(requestOf({ resource: { 'service.name': 'late' }, timeMs: now - seconds * second }));
  const { producers } = await page.get('producers');
  const skewOf = (name: string) => producers.find(({ job }) => job === name)?.skewSeconds ?? Number.NaN;
  for (const name of ['several', 'parts']) assert.ok(Math.abs(skewOf(name)) < 5, `${name}: ${skewOf(name)}`);
  assert.ok(skewOf('late') <= -seconds, String(skewOf('late')));
  assert.match(await (await fetch(page.origin)).text(), /2\d(\.\d)? s behind, or sent late/);
});

test('one that sent regularly and stops is silent', async (t) => {
  let now = Date.now();
  const page = await startWithPage(t, yaml, { clock: () => now });
  const silent = async () => (await page.get('producers')).producers[0]?.silent;
  await page.send(requestOf({ resource: { 'service.name': 'cart' } }));
  assert.equal(await silent(), false);
  now += 5_000;
  assert.equal(await silent(), false);
  now += 600_000;
  assert.equal(await silent(), true);
  assert.equal((await page.get('tick')).producers?.silent, 1);
});

test('a thousand producers, some in one request: each with its points, and no more than the limit are known', async (t) => {
  const page = await startWithPage(t, yaml, { limits: defaultLimits });
  const requests = Array.from({ length: 1_000 }, (_, at) =>
    requestOf({ points: 1 + (at % 3), resource: { 'service.name': 'fleet', 'service.instance.id': String(at) } }),
  );
  // Messages in a row are one message with all of their parts.
  for (let from = 0; from < 1_000; from += 100) await page.send(Buffer.concat(requests.slice(from, from + 100)));
  const { known, producers, forgotten } = await page.get('producers?all=1');
  assert.deepEqual([known, producers.length, forgotten], [1_000, 1_000, 0]);
  for (const { instance, points, series } of producers)
    assert.deepEqual([points, series], [1 + (Number(instance) % 3), points], instance);
  assert.equal((await page.get('producers')).producers.length, 200);
  const more = Array.from({ length: 3_000 }, (_, at) =>
    requestOf({ resource: { 'service.name': 'flood', 'service.instance.id': String(at) } }),
  );
  for (let from = 0; from < 3_000; from += 1_000) await page.send(Buffer.concat(more.slice(from, from + 1_000)));
  const after = await page.get('producers');
  assert.ok(after.known <= after.limit, String(after.known));
  assert.equal(after.known + after.forgotten, 4_000);
});

test('a scraper: who, what it got, and how often', async (t) => {
  const page = await startWithPage(t, yaml);
  const metrics = page.urls().find((url) => url.endsWith('/metrics') && !url.includes('/v1/')) ?? '';
  await page.send(requestOf({ points: 3 }));
  const openMetrics = { accept: 'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited' };
  const scrape = async (headers: Readonly<Record<string, string>>) => (await fetch(metrics, { headers })).arrayBuffer();
  const { byteLength } = await scrape({ 'user-agent': 'Prometheus/3.5', 'accept-encoding': 'identity' });
  await scrape({ 'user-agent': 'Prometheus/3.5', 'accept-encoding': 'identity' });
  await scrape({ 'user-agent': 'vmagent', ...openMetrics });
  const { scrapers } = await page.get('scrapers');
  assert.deepEqual(
    scrapers.map(({ client, userAgent, endpoint, format, scrapes, status, failed }) => [
      client,
      userAgent,
      endpoint,
      format,
      scrapes,
      status,
      failed,
    ]),
    [
      ['127.0.0.1', 'vmagent', 'exporter prometheus', 'protobuf', 1, 200, 0],
      ['127.0.0.1', 'Prometheus/3.5', 'exporter prometheus', 'text', 2, 200, 0],
    ],
  );
  const [
    ,
    { bytes, seconds, slowestSeconds, firstAt, lastAt } = { bytes: 0, seconds: 0, slowestSeconds: 0, firstAt: 1, lastAt: 0 },
  ] = scrapers;
  assert.equal(bytes, byteLength);
  assert.ok(seconds > 0 && slowestSeconds >= seconds && firstAt <= lastAt);
  assert.equal((await page.get('tick')).scrapes, 3);
});
