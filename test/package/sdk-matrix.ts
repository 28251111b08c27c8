/**
 * Beside each line of OpenTelemetry's SDK that a host may have: npm installs both without a flag, they share one API, and the
 * host's metric readers take `bridge.producer`. Each program runs in a process of its own.
 */
import assert from 'node:assert/strict';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { installNodes } from './nodes.ts';
import { packed } from './packed.ts';

// biome-ignore lint/suspicious/noExplicitAny: what an SDK of another version says
type Any = any;

const it = await packed();
const nodes = await installNodes();

/** What a host asks for, and what must come of it. The last two are the newest of their lines. */
const hosts = [
  { sdkNode: '0.57.0', metrics: /^1\.30\.0$/, api: /^1\.9\./ },
  { sdkNode: '0.200.0', metrics: /^2\.0\.0$/, api: /^1\.9\./ },
  { sdkNode: '>=0.223.0 <0.300.0', metrics: /^2\.\d+\.\d+$/, api: /^1\.9\./ },
  { sdkNode: '>=0.301.0 <0.400.0', metrics: /^3\.\d+\.\d+$/, api: /^1\.10\./ },
];

const points = {
  'matrix.runs': [
    [{ status: 'failed' }, 0],
    [{ status: 'success' }, 3],
  ],
  'matrix.time': [[{}, { buckets: { boundaries: [1, 10], counts: [1, 1, 1] }, sum: 55.5, count: 3 }]],
  'matrix.level': [[{}, 0.25]],
};

/** For the host's compiler. The types of 1.x ask for a field that no SDK reads, so that a host of that line has to cast. */
const typed = (producer: string) => `
import { metrics } from '@opentelemetry/api';
import { AggregationTemporality, InMemoryMetricExporter, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { contract, counter, meterbridge } from 'meterbridge';
const bridge = meterbridge(contract('shop', { orders: counter({ help: 'Orders.' }) }));
metrics.setGlobalMeterProvider(bridge.meterProvider);
const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
export const reader = new PeriodicExportingMetricReader({ exporter, metricProducers: [${producer}] });
`;

const versionIn = (project: string, name: string): string =>
  JSON.parse(readFileSync(join(project, 'node_modules', name, 'package.json'), 'utf8')).version;

/** Two at the same time: npm waits much. */
describe("beside OpenTelemetry's SDK", { concurrency: 2 }, () => {
  for (const { sdkNode, metrics, api } of hosts) {
    test(`@opentelemetry/sdk-node ${sdkNode}`, async (t) => {
      const host = await it.beside({ '@opentelemetry/sdk-node': sdkNode });
      for (const name of ['host', 'producer']) {
        cpSync(join(import.meta.dirname, 'programs', `${name}.mjs`), join(host.project, `${name}.mjs`));
      }
      const sdk = versionIn(host.project, '@opentelemetry/sdk-metrics');
      const shared = versionIn(host.project, '@opentelemetry/api');
      t.diagnostic(`sdk-node ${versionIn(host.project, '@opentelemetry/sdk-node')}, sdk-metrics ${sdk}, api ${shared}`);
      assert.match(sdk, metrics);
      assert.match(shared, api);
      const seen = { orders: '3', calls: '2', exemplar: true };
      for (const { version, path } of nodes.supported) {
        const quiet = ['OTEL_TRACES_EXPORTER', 'OTEL_METRICS_EXPORTER', 'OTEL_LOGS_EXPORTER'].map((name) => `${name}=none`);
        const answer = JSON.parse(await host.run('env', ...quiet, path, 'host.mjs'));
        assert.deepEqual(answer, { oneApi: true, store: seen, sdk: seen }, `Node.js ${version}`);
        assertCollected(JSON.parse(await host.run(path, 'producer.mjs')));
      }
      writeFileSync(join(host.project, 'typed.ts'), typed(sdk.startsWith('1.') ? 'bridge.producer as never' : 'bridge.producer'));
      await host.typeCheck('typed.ts');
    });
  }
});

function assertCollected(got: Any): void {
  const own = got.memory.filter(({ scope }: { scope: string }) => scope === 'matrix');
  const sorted = own.map((metric: Any) => ({
    ...metric,
    points: metric.points.toSorted((a: Any, b: Any) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
  }));
  const cumulative = { scope: 'matrix', temporality: 'CUMULATIVE' };
  assert.deepEqual(sorted, [
    { ...cumulative, name: 'matrix.runs', unit: '{run}', type: 'SUM', isMonotonic: true, points: points['matrix.runs'] },
    { ...cumulative, name: 'matrix.time', unit: 's', type: 'HISTOGRAM', points: points['matrix.time'] },
    { ...cumulative, name: 'matrix.level', unit: '1', type: 'GAUGE', points: points['matrix.level'] },
  ]);
  const counts = Object.entries(points).map(([metric, all]) => [metric, all.length]);
  assert.deepEqual(new Map(got.console), new Map([...counts, ['host.own', 1]] as [string, number][]));
  const pushed = got.otlp.resourceMetrics.flatMap((one: Any) => one.scopeMetrics).flatMap((one: Any) => one.metrics);
  const data = new Map<string, Any>(pushed.map((metric: Any) => [metric.name, metric]));
  assert.deepEqual([...data.keys()].toSorted(), ['host.own', 'matrix.level', 'matrix.runs', 'matrix.time']);
  const success = data
    .get('matrix.runs')
    .sum.dataPoints.find((point: Any) => point.attributes[0].value.stringValue === 'success');
  assert.equal(success.asDouble, 3);
  assert.deepEqual(data.get('matrix.time').histogram.dataPoints[0].bucketCounts.map(Number), [1, 1, 1]);
  assert.equal(data.get('matrix.level').gauge.dataPoints[0].asDouble, 0.25);
}
