/** The recorder beside the SDK read plainly: the same measurements, the same sums, buckets and last values. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  AggregationTemporality,
  type Histogram,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import fc from 'fast-check';
import { contract, counter, gauge, histogram, identity, oneOf, upDownCounter } from '../../../../src/core/contract/index.ts';
import { testBridge } from '../../../../src/testing.ts';

const labels = { task: identity({ limit: 100 }), status: oneOf('ok', 'bad') };
const bounds = [0, 0.5, 1, 100];
const declared = contract('d', {
  runs: counter({ help: 'Runs.', labels }),
  depth: upDownCounter({ help: 'Depth.', labels }),
  heat: gauge({ help: 'Heat.', labels }),
  time: histogram({ unit: 's', help: 'Time.', bounds, labels }),
});

function plainSdk() {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000, exportTimeoutMillis: 3_600_000 });
  const provider = new MeterProvider({ readers: [reader] });
  const meter = provider.getMeter('d');
  const advice = { explicitBucketBoundaries: bounds };
  const instruments = {
    runs: meter.createCounter('d.runs'),
    depth: meter.createUpDownCounter('d.depth'),
    heat: meter.createGauge('d.heat'),
    time: meter.createHistogram('d.time', { advice }),
  };
  async function read(): Promise<Map<string, unknown>> {
    await reader.forceFlush();
    const [batch] = exporter.getMetrics().slice(-1);
    const points = new Map<string, unknown>();
    for (const { descriptor, dataPoints } of batch?.scopeMetrics[0]?.metrics ?? []) {
      for (const { attributes, value } of dataPoints) {
        const shown = typeof value === 'number' ? value : distribution(value as Histogram);
        points.set(`${descriptor.name} ${attributes.task} ${attributes.status}`, shown);
      }
    }
    return points;
  }
  return { instruments, read, shutdown: () => provider.shutdown() };
}

function distribution({ buckets, count, sum }: Histogram) {
  return { count, sum, counts: buckets.counts };
}

const finite = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e100, max: 1e100 });
const positive = fc.oneof(fc.double({ noNaN: true, min: 0, max: 1e100 }), fc.constantFrom(...bounds), fc.nat());
const where = fc.record({
  task: fc.constantFrom('a', 'b', 'c é', '', 'a|b'),
  status: fc.constantFrom('ok' as const, 'bad' as const),
});
const step = fc.oneof(
  fc.record({ on: fc.constant('runs' as const), value: positive, labels: where }),
  fc.record({ on: fc.constant('depth' as const), value: finite, labels: where }),
  fc.record({ on: fc.constant('heat' as const), value: finite, labels: where }),
  fc.record({ on: fc.constant('time' as const), value: positive, labels: where }),
  fc.constant({ on: 'collect' as const }),
);

test('property: random measurements, collected at random times, come out as the SDK has them', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const { metrics, value, refresh } = testBridge(declared);
      const sdk = plainSdk();
      try {
        for (const one of steps) {
          if (one.on === 'collect') {
            await refresh();
            await sdk.read();
          } else if (one.on === 'runs' || one.on === 'depth') {
            metrics[one.on].add(one.value, one.labels);
            sdk.instruments[one.on].add(one.value, one.labels);
          } else if (one.on === 'heat') {
            metrics.heat.bind(one.labels).set(one.value);
            sdk.instruments.heat.record(one.value, one.labels);
          } else {
            metrics.time.record(one.value, one.labels);
            sdk.instruments.time.record(one.value, one.labels);
          }
        }
        const points = await sdk.read();
        for (const one of steps) {
          if (one.on === 'collect') continue;
          const expected = points.get(`d.${one.on} ${one.labels.task} ${one.labels.status}`);
          assert.deepEqual(await value(one.on, one.labels), expected, JSON.stringify(one));
        }
      } finally {
        await sdk.shutdown();
      }
    }),
    { numRuns: 60 },
  );
});
