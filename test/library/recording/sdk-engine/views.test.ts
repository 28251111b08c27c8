import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ExponentialHistogram, type Histogram, MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';
import { contract, counter, gauge, histogram, oneOf, summary } from '../../../../src/core/contract/index.ts';
import { viewsOf } from '../../../../src/library/recording/sdk-engine/views.ts';

const declared = contract('v', {
  runs: counter({ help: 'Runs.', labels: { status: oneOf('ok', 'bad') } }),
  time: histogram({ unit: 's', help: 'Time.', bounds: [1, 2] }),
  wait: histogram({ unit: 's', help: 'Wait.', exponential: { maxSize: 4 }, minMax: true }),
  size: summary({ help: 'Size.' }),
  seen: gauge({ observed: true, help: 'Seen.' }),
});

class Reader extends MetricReader {
  protected override async onForceFlush() {}
  protected override async onShutdown() {}
}

test('one view a recorded metric: the allow-list, the bounds or exponential buckets, no bounds for a summary', async () => {
  const reader = new Reader();
  const provider = new MeterProvider({ views: viewsOf(declared), readers: [reader] });
  const meter = provider.getMeter('v');
  meter.createCounter('v.runs').add(5, { status: 'ok', user: 'a' });
  meter.createCounter('v.runs').add(7, { status: 'ok', user: 'b' });
  meter.createHistogram('v.time').record(1.5);
  meter.createHistogram('v.size').record(1.5);
  for (const value of [1.5, 3, 6, 12, 20]) meter.createHistogram('v.wait').record(value);
  provider.getMeter('other').createCounter('v.runs').add(1, { user: 'a' });
  const { resourceMetrics } = await reader.collect();
  const points = (meterName: string, name: string) =>
    resourceMetrics.scopeMetrics
      .find(({ scope }) => scope.name === meterName)
      ?.metrics.find(({ descriptor }) => descriptor.name === name)
      ?.dataPoints.map(({ attributes, value }) => [attributes, value]);
  assert.deepEqual(points('v', 'v.runs'), [[{ status: 'ok' }, 12]]);
  assert.deepEqual(points('other', 'v.runs'), [[{ user: 'a' }, 1]], "another meter's instruments are not touched");
  const [[, time] = []] = (points('v', 'v.time') ?? []) as [object, Histogram][];
  assert.deepEqual(time?.buckets, { boundaries: [1, 2], counts: [0, 1, 0] });
  const [[, size] = []] = (points('v', 'v.size') ?? []) as [object, Histogram][];
  assert.deepEqual(size?.buckets, { boundaries: [], counts: [1] });
  assert.ok(!('min' in (time ?? {})) || time?.min === undefined);
  const [[, wait] = []] = (points('v', 'v.wait') ?? []) as [object, ExponentialHistogram][];
  assert.deepEqual([wait?.scale, wait?.positive, wait?.min, wait?.max], [-1, { offset: 0, bucketCounts: [2, 2, 1] }, 1.5, 20]);
  assert.equal(viewsOf(declared).length, 4);
  await provider.shutdown();
});
