/** `bridge.producer` in the readers of a host that brings its own SDK, of any version that can be met, each in a process of its own. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { packed } from './packed.ts';

// biome-ignore lint/suspicious/noExplicitAny: what an SDK of another version says
type Any = any;

const it = await packed();

/** The host's SDK and exporter, as it would ask for them; the version that must come of it, where that is pinned. */
const hosts = [
  { name: '2.0.0', sdk: '2.0.0', exporter: '0.200.0', version: /^2\.0\.0$/ },
  { name: 'newest 2.x', sdk: '^2.0.0', exporter: '>=0.200.0 <0.300.0', version: /^2\.\d+\.\d+$/ },
  { name: '3.1.0', sdk: '3.1.0', exporter: '0.301.0', version: /^3\.1\.0$/ },
  { name: 'newest 3.x', sdk: '^3.0.0', exporter: '>=0.300.0 <0.400.0', version: /^3\.\d+\.\d+$/ },
];

/** Collects the same store through the SDK's in-memory, console and OTLP exporters; answers with what each of them got. */
const program = `
import { once } from 'node:events';
import { createServer } from 'node:http';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import * as sdk from '@opentelemetry/sdk-metrics';
import { contract, counter, gauge, histogram, meterbridge, oneOf } from 'meterbridge';

const matrix = contract('matrix', {
  runs: counter({ unit: '{run}', help: 'Finished runs.', labels: { status: oneOf('success', 'failed') } }),
  time: histogram({ unit: 's', help: 'Time.', bounds: [1, 10] }),
  level: gauge({ observed: true, unit: '1', help: 'Level.' }),
});
const bridge = meterbridge(matrix, { push: false, isolated: true });
bridge.metrics.runs.add(3, { status: 'success' });
for (const seconds of [0.5, 5, 50]) bridge.metrics.time.record(seconds);
bridge.metrics.level.observe(() => 0.25);

const bodies = [];
const server = createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    bodies.push(JSON.parse(Buffer.concat(chunks).toString('utf8')));
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');

const shown = [];
const dir = console.dir;
console.dir = (value) => void shown.push(value);
const memory = new sdk.InMemoryMetricExporter(sdk.AggregationTemporality.CUMULATIVE);
const url = 'http://127.0.0.1:' + server.address().port + '/v1/metrics';
const exporters = [memory, new sdk.ConsoleMetricExporter(), new OTLPMetricExporter({ url })];
const readers = exporters.map((exporter) => new sdk.PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000, metricProducers: [bridge.producer] }));
const provider = new sdk.MeterProvider({ readers });
// The host's own instruments go their own way.
provider.getMeter('host').createCounter('host.own').add(1);
await provider.forceFlush();
const all = memory.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics).flatMap(({ scope, metrics }) => metrics.map((metric) => ({ scope: scope.name, ...metric })));
await provider.shutdown();
await bridge.close();
server.closeAllConnections();
server.close();
console.dir = dir;
process.stdout.write(JSON.stringify({
  memory: all.map(({ scope, descriptor, dataPointType, aggregationTemporality, isMonotonic, dataPoints }) => ({
    scope, name: descriptor.name, unit: descriptor.unit, type: sdk.DataPointType[dataPointType], temporality: sdk.AggregationTemporality[aggregationTemporality],
    isMonotonic, points: dataPoints.map(({ attributes, value }) => [attributes, value]),
  })),
  console: shown.map(({ descriptor, dataPoints }) => [descriptor.name, dataPoints.length]),
  otlp: bodies[0],
}));
`;

const points = {
  'matrix.runs': [
    [{ status: 'failed' }, 0],
    [{ status: 'success' }, 3],
  ],
  'matrix.time': [[{}, { buckets: { boundaries: [1, 10], counts: [1, 1, 1] }, sum: 55.5, count: 3 }]],
  'matrix.level': [[{}, 0.25]],
};

// At the same time: npm waits much.
describe('the producer in another SDK', { concurrency: 2 }, () => {
  for (const { name, sdk, exporter, version } of hosts) {
    test(`beside @opentelemetry/sdk-metrics ${name}`, async (t) => {
      const packages = { '@opentelemetry/sdk-metrics': sdk, '@opentelemetry/exporter-metrics-otlp-http': exporter };
      const host = await it.beside(packages);
      const installed = JSON.parse(readFileSync(join(host.project, 'node_modules/@opentelemetry/sdk-metrics/package.json'), 'utf8'));
      assert.match(installed.version, version);
      t.diagnostic(`@opentelemetry/sdk-metrics ${installed.version}`);
      writeFileSync(join(host.project, 'program.js'), program);
      const got = JSON.parse(await host.run('node', 'program.js'));
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
      const success = data.get('matrix.runs').sum.dataPoints.find((point: Any) => point.attributes[0].value.stringValue === 'success');
      assert.equal(success.asDouble, 3);
      assert.deepEqual(data.get('matrix.time').histogram.dataPoints[0].bucketCounts.map(Number), [1, 1, 1]);
      assert.equal(data.get('matrix.level').gauge.dataPoints[0].asDouble, 0.25);
    });
  }
});
