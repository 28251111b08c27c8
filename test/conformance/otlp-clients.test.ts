/** Real clients of OTLP, whose points arrive whole at the receiver. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { describe, type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { decodeMetrics } from '../formats/otlp/decode-metrics.ts';
import { send } from '../service/receivers/otlp/http-client.ts';
import { type Received, request, startReceiver } from '../service/receivers/otlp/receiver.ts';
import { DEADLINE_MS, until } from '../until.ts';
import { startCollector } from './collector.ts';
import { foreignPrograms, push } from './foreign-programs.ts';
import { requirePeer } from './peers.ts';

interface Point {
  readonly asInt?: number;
  readonly asDouble?: number;
  readonly count?: number;
  readonly sum?: number;
  readonly attributes?: readonly { readonly key: string; readonly value: { readonly stringValue?: string } }[];
}
interface Metric {
  readonly name: string;
  readonly unit?: string;
  readonly [type: string]: unknown;
}

/** A receiver that keeps the metrics that it was sent. */
async function keeping(t: TestContext): Promise<Received & { readonly metrics: Metric[] }> {
  const metrics: Metric[] = [];
  const receiver = await startReceiver(t, {}, ({ bytes }) => {
    for (const { scopeMetrics } of decodeMetrics('application/x-protobuf', bytes).resourceMetrics)
      for (const scope of scopeMetrics) metrics.push(...scope.metrics);
    return undefined;
  });
  return { ...receiver, metrics };
}

function pointsOf(metrics: readonly Metric[], name: string, type: string): readonly Point[] {
  return metrics
    .filter((metric) => metric.name === name)
    .flatMap((metric) => (metric[type] as { dataPoints: Point[] }).dataPoints);
}

/** Rejects, with what it said, when the program ends with another code than 0. */
async function run(program: string, args: readonly string[]): Promise<void> {
  await promisify(execFile)(program, args, { timeout: DEADLINE_MS });
}

describe('telemetrygen', () => {
  const types = { Gauge: 'gauge', Sum: 'sum', Histogram: 'histogram', ExponentialHistogram: 'exponentialHistogram' };
  for (const protocol of ['http', 'grpc'] as const)
    for (const [option, type] of Object.entries(types))
      test(`sends ${option} over ${protocol}`, async (t) => {
        const program = requirePeer(t, 'telemetrygen');
        if (program === undefined) return;
        const receiver = await keeping(t);
        const args = [
          'metrics',
          '--otlp-insecure',
          '--otlp-endpoint',
          receiver[protocol],
          '--metrics',
          '3',
          '--rate',
          '100',
          '--metric-type',
          option,
        ];
        await run(program, protocol === 'http' ? [...args, '--otlp-http'] : args);
        assert.deepEqual(receiver.accepted, { [protocol]: 3 });
        assert.equal(pointsOf(receiver.metrics, 'gen', type).length, 3);
        assert.deepEqual([receiver.refused, receiver.refusals], [{}, {}]);
      });
});

describe('the SDK for Python', () => {
  for (const [protocol, compressions] of [
    ['http', ['none', 'gzip', 'deflate']],
    ['grpc', ['none', 'gzip', 'deflate']],
  ] as const)
    for (const compression of compressions)
      test(`sends over ${protocol}, compression ${compression}`, async (t) => {
        const program = requirePeer(t, 'pythonSdk');
        if (program === undefined) return;
        const receiver = await keeping(t);
        await run(program, [
          fileURLToPath(new URL('./otlp-clients.py', import.meta.url)),
          protocol,
          receiver[protocol],
          compression,
        ]);
        assert.deepEqual([receiver.accepted, receiver.refusals], [{ [protocol]: 3 }, {}]);
        const [done] = pointsOf(receiver.metrics, 'jobs.done', 'sum');
        const [time] = pointsOf(receiver.metrics, 'jobs.time', 'histogram');
        const [now] = pointsOf(receiver.metrics, 'jobs.now', 'gauge');
        assert.deepEqual([done?.asInt, time?.count, time?.sum, now?.asDouble], [7, 1, 0.3, 2.5]);
        assert.equal(receiver.metrics.find(({ name }) => name === 'jobs.done')?.unit, 'By');
        assert.equal(done?.attributes?.[0]?.value.stringValue, 'v');
      });
});

for (const [language, program] of Object.entries(foreignPrograms))
  test(`the SDK for ${language} sends each kind of instrument`, async (t) => {
    const path = requirePeer(t, program.peer);
    if (path === undefined) return;
    const receiver = await keeping(t);
    await push(program, path, `http://${receiver.http}`);
    const values = (name: string, type: string, field: keyof Point) =>
      pointsOf(receiver.metrics, name, type).map((point) => point[field]);
    const both = (name: string, type: string) =>
      pointsOf(receiver.metrics, name, type).map(({ asInt, asDouble }) => asInt ?? asDouble);
    assert.deepEqual(both('shop.orders', 'sum').sort(), [1, 3]);
    assert.deepEqual(both('shop.carts', 'sum'), [3]);
    assert.deepEqual(both('shop.busy.time', 'sum'), [12.5]);
    assert.deepEqual(both('shop.stock.size', 'gauge').sort(), [4096, 512]);
    assert.deepEqual(values('shop.checkout.duration', 'histogram', 'sum'), [10.05]);
    assert.deepEqual(values('shop.upload.size', 'exponentialHistogram', 'count'), [4]);
    assert.deepEqual([receiver.accepted, receiver.refused, receiver.refusals], [{ http: 8 }, {}, {}]);
  });

describe('the Collector', () => {
  const cases = [
    ['http', 'otlp_http', ['gzip', 'zstd', 'zlib', 'deflate', 'none'], (host: string) => `http://${host}`],
    ['grpc', 'otlp_grpc', ['gzip', 'none'], (host: string) => host],
  ] as const;
  for (const [protocol, exporter, compressions, endpointOf] of cases)
    for (const compression of compressions)
      test(`sends on by ${exporter}, compression ${compression}`, async (t) => {
        const program = requirePeer(t, 'collector');
        if (program === undefined) return;
        const receiver = await keeping(t);
        const key = `yaml:exporters::${exporter}`;
        const collector = await startCollector(t, program, {
          over: [
            `${key}::endpoint: "${endpointOf(receiver[protocol])}"`,
            `${key}::compression: ${compression}`,
            `${key}::tls::insecure: true`,
            `yaml:service::pipelines::metrics::exporters: [${exporter}]`,
          ],
        });
        // Above 64 KiB in one of its encodings, below in the other.
        const sent = { headers: { 'content-type': 'application/x-protobuf' }, body: request(3_000) };
        assert.equal((await send(collector.endpoint.replace('http://', ''), sent)).status, 200);
        await until('taken', () => (receiver.accepted[protocol] ?? 0) > 0);
        const values = pointsOf(receiver.metrics, 'm', 'gauge').map(({ asInt, asDouble }) => asInt ?? asDouble);
        assert.deepEqual(
          values,
          Array.from({ length: 3_000 }, (_, at) => at),
        );
        assert.deepEqual([receiver.refused, receiver.refusals], [{}, {}]);
      });
});
