/** Collects the same store through the SDK's in-memory, console and OTLP exporters; answers with what each of them got. */
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
const url = `http://127.0.0.1:${server.address().port}/v1/metrics`;
const exporters = [memory, new sdk.ConsoleMetricExporter(), new OTLPMetricExporter({ url })];
const readers = exporters.map(
  (exporter) =>
    new sdk.PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000, metricProducers: [bridge.producer] }),
);
const provider = new sdk.MeterProvider({ readers });
// The host's own instruments go their own way.
provider.getMeter('host').createCounter('host.own').add(1);
await provider.forceFlush();
const all = memory
  .getMetrics()
  .flatMap(({ scopeMetrics }) => scopeMetrics)
  .flatMap(({ scope, metrics }) => metrics.map((metric) => ({ scope: scope.name, ...metric })));
await provider.shutdown();
await bridge.close();
server.closeAllConnections();
server.close();
console.dir = dir;
process.stdout.write(
  JSON.stringify({
    memory: all.map(({ scope, descriptor, dataPointType, aggregationTemporality, isMonotonic, dataPoints }) => ({
      scope,
      name: descriptor.name,
      unit: descriptor.unit,
      type: sdk.DataPointType[dataPointType],
      temporality: sdk.AggregationTemporality[aggregationTemporality],
      isMonotonic,
      points: dataPoints.map(({ attributes, value }) => [attributes, value]),
    })),
    console: shown.map(({ descriptor, dataPoints }) => [descriptor.name, dataPoints.length]),
    otlp: bodies[0],
  }),
);
