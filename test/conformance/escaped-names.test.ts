/**
 * Attributes that a page with escaped names does not keep apart: what Prometheus stores is all that was recorded of them, by each
 * road, and whichever version scrapes. The model is the specification's ("Metric Attributes"): an illegal character is `_`, and
 * the values of attributes that become one label are joined.
 */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Attributes, MeterProvider as Meters } from '@opentelemetry/api';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { type BridgeOptions, contract, gauge, meterbridge } from '../../src/index.ts';
import { sdkEngine } from '../../src/sdk.ts';
import { inReverse } from './in-reverse.ts';
import { requirePeer } from './peers.ts';
import { type Prometheus, runPrometheus } from './prometheus.ts';
import { startService } from './service.ts';

const sets: readonly Attributes[] = [
  { a_b: '1' },
  { 'a.b': '1' },
  { 'a-b': '1', x: 'y' },
  { 'a.b': '1', x: 'y' },
  { 'a.b': '1', a_b: '2' },
  { a_b: '1;2' },
  { 'c.d': '1' },
];
const bound = 4;
/** So that nothing is pushed but what the test flushes. */
const neverMs = 86_400_000;

function record(meters: Meters): void {
  const meter = meters.getMeter('lib');
  const count = meter.createCounter('truth.count');
  const time = meter.createHistogram('truth.time', { advice: { explicitBucketBoundaries: [bound] } });
  for (const [at, attributes] of sets.entries()) {
    count.add(10 ** at, attributes);
    time.record(at, attributes);
  }
}

/** Lines `name{labels} value`, sorted. */
function expected(written: (name: string) => string): string[] {
  const totals = new Map<string, number>();
  for (const [at, attributes] of sets.entries()) {
    const labels = new Map<string, string>();
    for (const [name, value] of Object.entries(attributes).sort(([one], [other]) => (one < other ? -1 : 1))) {
      const before = labels.get(written(name));
      labels.set(written(name), before === undefined ? String(value) : `${before};${value}`);
    }
    const add = (name: string, value: number, own: readonly string[] = []) => {
      const key = `${written(name)}{${[...[...labels].map((pair) => pair.join('=')), ...own].sort().join()}}`;
      totals.set(key, (totals.get(key) ?? 0) + value);
    };
    add('truth.count_total', 10 ** at);
    add('truth.time_count', 1);
    add('truth.time_sum', at);
    add('truth.time_bucket', at <= bound ? 1 : 0, [`le=${bound}`]);
    add('truth.time_bucket', 1, ['le=Infinity']);
  }
  return [...totals].map(([key, value]) => `${key} ${value}`).sort();
}

const escaped = expected((name) => name.replaceAll(/[^a-zA-Z0-9]/g, '_'));
const asSent = expected((name) => name);

async function stored(prometheus: Prometheus, job: string, at: number): Promise<string[]> {
  const results = await prometheus.query(`{job="${job}",__name__=~"truth.+"}`, at);
  return results
    .map(({ labels: { __name__: name, ...labels }, value }) => {
      const own = Object.entries(labels).filter(([label]) => !/^(?:job|instance|otel_scope_.*|exported_.*)$/.test(label));
      const texts = own.map(([label, text]) => `${label}=${label === 'le' ? Number(text.replace('Inf', 'Infinity')) : text}`);
      return `${name}{${texts.sort().join()}} ${Number(value)}`;
    })
    .sort();
}

const nothing = contract('nothing', { here: gauge({ help: 'Not recorded.' }) });

async function bridgePage(t: TestContext, options: Pick<BridgeOptions, 'engine'>, thread = false): Promise<string> {
  const bridge = meterbridge(nothing, { isolated: true, env: {}, log: () => {}, ...options });
  inReverse(t)(bridge.close);
  record(bridge.meterProvider);
  return (await bridge.listen('127.0.0.1:0', { thread })).url;
}

async function servicePage(t: TestContext, strategy: string): Promise<string> {
  const exporter = { endpoint: '127.0.0.1:0', enable_open_metrics: true, translation_strategy: strategy };
  const { endpoint, page } = await startService(t, { prometheus: exporter });
  const reader = new PeriodicExportingMetricReader({
    exporter: new OTLPMetricExporter({ url: `${endpoint}/v1/metrics` }),
    exportIntervalMillis: neverMs,
  });
  const resource = resourceFromAttributes({ 'service.name': 'truth', 'service.instance.id': 'one' });
  const provider = new MeterProvider({ resource, readers: [reader] });
  inReverse(t)(() => provider.shutdown());
  record(provider);
  await provider.forceFlush();
  return page;
}

test('what Prometheus 2 and 3 store is what was recorded', async (t) => {
  const [three, two] = [requirePeer(t, 'prometheus3'), requirePeer(t, 'prometheus')];
  if (three === undefined || two === undefined) return;
  const utf8 = await servicePage(t, 'NoUTF8EscapingWithSuffixes');
  const roads = {
    'store engine': await bridgePage(t, {}),
    'from a thread': await bridgePage(t, {}, true),
    "SDK's engine": await bridgePage(t, { engine: sdkEngine() }),
    serve: await servicePage(t, 'UnderscoreEscapingWithSuffixes'),
    'serve with UTF-8 names': utf8,
  };
  const target = (page: string) => {
    const { host, pathname } = new URL(page);
    return { metrics_path: pathname, static_configs: [{ targets: [host] }] };
  };
  const formats = ['PrometheusText0.0.4', 'OpenMetricsText1.0.0', 'PrometheusProto'];
  const jobs = Object.entries(roads).flatMap(([road, page]) =>
    formats.map((format) => ({ job_name: `${road}, ${format}`, scrape_protocols: [format], ...target(page) })),
  );
  const newer = await runPrometheus(t, three, {
    scrape_configs: [
      ...jobs.map((job) => ({
        ...job,
        metric_name_escaping_scheme: 'underscores',
        fallback_scrape_protocol: 'PrometheusText0.0.4',
      })),
      { job_name: 'as sent', ...target(utf8) },
    ],
  });
  inReverse(t)(newer.stop);
  const older = await runPrometheus(t, two, {
    scrape_configs: Object.entries(roads).map(([road, page]) => ({ job_name: road, ...target(page) })),
  });
  inReverse(t)(older.stop);
  const at = await newer.scraped();
  for (const { job_name } of jobs)
    await t.test(job_name, async () => assert.deepEqual(await stored(newer, job_name, at), escaped));
  await t.test('names in UTF-8', async () => assert.deepEqual(await stored(newer, 'as sent', at), asSent));
  const olderAt = await older.scraped();
  for (const road of Object.keys(roads))
    await t.test(`${road}, Prometheus 2`, async () => assert.deepEqual(await stored(older, road, olderAt), escaped));
});
