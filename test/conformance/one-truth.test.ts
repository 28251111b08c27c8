/**
 * What Prometheus stores is what was recorded: random measurements, their attributes spelled in several ways, by each road to a page, each page scraped
 * in each format by a real Prometheus 3. The model knows no spellings: a value is its text, and an empty one is none.
 */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Attributes, MeterProvider as Meters } from '@opentelemetry/api';
import { AggregationTemporalityPreference, OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { type BridgeOptions, contract, gauge, meterbridge } from '../../src/index.ts';
import { sdkEngine } from '../../src/sdk.ts';
import { inReverse } from './in-reverse.ts';
import { requirePeer } from './peers.ts';
import { type Prometheus, runPrometheus } from './prometheus.ts';
import { type Random, random } from './random.ts';
import { startService } from './service.ts';

const formats = ['PrometheusText0.0.4', 'OpenMetricsText1.0.0', 'PrometheusProto'] as const;
const bounds = [1, 10];
/** So that nothing is pushed but what the test flushes. */
const neverMs = 86_400_000;

interface Measurement {
  readonly kind: 'count' | 'level' | 'time';
  readonly value: number;
  readonly attributes: Attributes;
}

/** Whole numbers, whose sums are exact in any order. */
function measurements({ pick, between }: Random, count: number): Measurement[] {
  const a: readonly Attributes[] = [{}, { a: '' }, { a: 1 }, { a: '1' }, { a: true }, { a: 'true' }, { a: ['x'] }, { a: '["x"]' }];
  const b: readonly Attributes[] = [{}, { b: '' }, { b: 'y' }];
  return Array.from({ length: count }, () => ({
    kind: pick(['count', 'level', 'time'] as const),
    value: between(0, 20),
    attributes: { ...pick(a), ...pick(b) },
  }));
}

function record(meters: Meters, measured: readonly Measurement[]): void {
  const meter = meters.getMeter('lib');
  const advice = { explicitBucketBoundaries: bounds };
  const [count, level, time] = [
    meter.createCounter('truth.count'),
    meter.createUpDownCounter('truth.level'),
    meter.createHistogram('truth.time', { advice }),
  ];
  for (const { kind, value, attributes } of measured) {
    if (kind === 'count') count.add(value, attributes);
    else if (kind === 'level') level.add(value, attributes);
    else time.record(value, attributes);
  }
}

/** Lines `name{labels} value`, sorted. */
function expected(measured: readonly Measurement[]): string[] {
  const totals = new Map<string, number>();
  const add = (name: string, labels: readonly string[], value: number) => {
    const key = `${name}{${[...labels].sort().join()}}`;
    totals.set(key, (totals.get(key) ?? 0) + value);
  };
  for (const { kind, value, attributes } of measured) {
    const labels = Object.entries(attributes).flatMap(([name, given]) => {
      const text = Array.isArray(given) ? JSON.stringify(given) : String(given);
      return text === '' ? [] : [`${name}=${text}`];
    });
    if (kind !== 'time') add(kind === 'count' ? 'truth_count_total' : 'truth_level', labels, value);
    else {
      for (const bound of [...bounds, Number.POSITIVE_INFINITY])
        add('truth_time_bucket', [...labels, `le=${bound}`], value <= bound ? 1 : 0);
      add('truth_time_count', labels, 1);
      add('truth_time_sum', labels, value);
    }
  }
  return [...totals].map(([key, value]) => `${key} ${value}`).sort();
}

async function stored(prometheus: Prometheus, job: string, at: number): Promise<string[]> {
  const results = await prometheus.query(`{job="${job}",__name__=~"truth_.+"}`, at);
  return results
    .map(({ labels: { __name__: name, ...labels }, value }) => {
      const own = Object.entries(labels).filter(([label]) => !/^(?:otel_scope_|exported_)/.test(label));
      const texts = own.map(([label, text]) => `${label}=${label === 'le' ? Number(text.replace('Inf', 'Infinity')) : text}`);
      return `${name}{${texts.sort().join()}} ${Number(value)}`;
    })
    .sort();
}

const nothing = contract('nothing', { here: gauge({ help: 'Not recorded.' }) });

async function bridgePage(t: TestContext, measured: readonly Measurement[], options: Pick<BridgeOptions, 'engine'>): Promise<string> {
  const bridge = meterbridge(nothing, { isolated: true, env: {}, log: () => {}, ...options });
  inReverse(t)(bridge.close);
  record(bridge.meterProvider, measured);
  return (await bridge.listen('127.0.0.1:0')).url;
}

/** By the stock SDK, which keeps spellings apart; `parts`: one export each. */
async function servicePage(
  t: TestContext,
  parts: readonly (readonly Measurement[])[],
  temporality: 'CUMULATIVE' | 'DELTA',
): Promise<string> {
  const exporter = { endpoint: '127.0.0.1:0', enable_open_metrics: true };
  const { endpoint, page } = await startService(t, { prometheus: exporter });
  const reader = new PeriodicExportingMetricReader({
    exporter: new OTLPMetricExporter({
      url: `${endpoint}/v1/metrics`,
      temporalityPreference: AggregationTemporalityPreference[temporality],
    }),
    exportIntervalMillis: neverMs,
  });
  const resource = resourceFromAttributes({ 'service.name': 'truth', 'service.instance.id': 'one' });
  const provider = new MeterProvider({ resource, readers: [reader] });
  inReverse(t)(() => provider.shutdown());
  for (const part of parts) {
    record(provider, part);
    await provider.forceFlush();
  }
  return page;
}

test('what Prometheus stores is what was recorded, by each road and in each format', async (t) => {
  const binary = requirePeer(t, 'prometheus3');
  if (binary === undefined) return;
  const generator = random();
  t.diagnostic(`METERBRIDGE_SEED=${generator.seed}`);
  const parts = [1, 2, 3].map(() => measurements(generator, 100));
  const measured = parts.flat();
  const roads = {
    'store engine': await bridgePage(t, measured, {}),
    "SDK's engine": await bridgePage(t, measured, { engine: sdkEngine() }),
    'stock SDK, cumulative, to serve': await servicePage(t, parts, 'CUMULATIVE'),
    'stock SDK, deltas, to serve': await servicePage(t, parts, 'DELTA'),
  };
  const jobs = Object.entries(roads).flatMap(([road, url]) =>
    formats.map((format) => ({ job: `${road}, ${format}`, url: new URL(url), format })),
  );
  const prometheus = await runPrometheus(t, binary, {
    scrape_configs: jobs.map(({ job, url, format }) => ({
      job_name: job,
      scrape_protocols: [format],
      fallback_scrape_protocol: 'PrometheusText0.0.4',
      metrics_path: url.pathname,
      static_configs: [{ targets: [url.host] }],
    })),
  });
  inReverse(t)(prometheus.stop);
  const at = await prometheus.scraped();
  const recorded = expected(measured);
  assert.ok(recorded.length > 50);
  for (const { job } of jobs) await t.test(job, async () => assert.deepEqual(await stored(prometheus, job, at), recorded));
});
