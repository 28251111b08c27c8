/** What a norm forbids to show is left out, and counted: what Prometheus stores and what is counted are all that was sent. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contract, gauge, meterbridge } from '../../../src/index.ts';
import { inReverse } from '../in-reverse.ts';
import { startService } from '../service.ts';
import { assertStored, generatorFor } from './stored.ts';

const series = ['x', 'y', 'z'] as const;
/** Nanoseconds since the epoch of the first point, and between two. */
const [firstTime, step] = [1_795_377_313_000_000_000n, 1_000_000_000n];
const temporalities = { unspecified: 0, delta: 1, cumulative: 2 } as const;

interface Point {
  readonly a: string;
  readonly start: bigint;
  readonly time: bigint;
  readonly value: number | 'NaN';
}

const sum = (name: string, temporality: keyof typeof temporalities, isMonotonic: boolean, { a, start, time, value }: Point) => ({
  name,
  sum: {
    aggregationTemporality: temporalities[temporality],
    isMonotonic,
    dataPoints: [{ ...identity(a), startTimeUnixNano: String(start), timeUnixNano: String(time), asDouble: value }],
  },
});

const identity = (a: string) => ({ attributes: [{ key: 'a', value: { stringValue: a } }] });

/** OpenTelemetry's data model lets the sum be absent; Prometheus' native histograms do not. */
const withoutSum = ({ a, time }: Point) => ({
  name: 'truth.exponential',
  exponentialHistogram: {
    aggregationTemporality: temporalities.cumulative,
    dataPoints: [
      { ...identity(a), timeUnixNano: String(time), count: '1', scale: 0, positive: { offset: 0, bucketCounts: ['1'] } },
    ],
  },
});

test('points that the service leaves out, by reason', async (t) => {
  const generator = generatorFor(t);
  if (generator === undefined) return;
  const { pick, between } = generator;
  const service = await startService(t, { prometheus: { endpoint: '127.0.0.1:0', enable_open_metrics: true } });
  const truth = new Map<string, number>();
  const left: Record<string, number> = {
    not_a_count: 0,
    no_sum: 0,
    overlap: 0,
    older: 0,
    delta_not_monotonic: 0,
    temporality_unspecified: 0,
  };
  const ends = new Map<string, bigint>();
  let time = firstTime;
  let rejected = 0;

  /** The metric of a random point; what it changes is known here. */
  function next(a: string, is: 'count' | 'delta' | keyof typeof left) {
    time += step;
    const value = between(0, 20);
    const [count, delta] = [`truth_count_total{a=${a}}`, `truth_delta_total{a=${a}}`];
    const end = ends.get(a) ?? firstTime;
    if (is in left) (left[is] as number)++;
    switch (is) {
      case 'count':
        truth.set(count, (truth.get(count) ?? 0) + value);
        return sum('truth.count', 'cumulative', true, { a, start: firstTime, time, value: truth.get(count) as number });
      case 'older':
        return sum('truth.count', 'cumulative', true, { a, start: firstTime, time: firstTime + 1n, value });
      case 'not_a_count':
        ends.set(a, time);
        return sum('truth.delta', 'delta', true, { a, start: end, time, value: pick([-1, 'NaN'] as const) });
      case 'overlap':
        return sum('truth.delta', 'delta', true, { a, start: end - 1n, time, value });
      case 'delta_not_monotonic':
        return sum('truth.level', 'delta', false, { a, start: end, time, value });
      case 'temporality_unspecified':
        return sum('truth.unspecified', 'unspecified', true, { a, start: end, time, value });
      case 'no_sum':
        return withoutSum({ a, start: end, time, value });
      default:
        ends.set(a, time);
        truth.set(delta, (truth.get(delta) ?? 0) + value);
        return sum('truth.delta', 'delta', true, { a, start: end, time, value });
    }
  }

  const kinds = ['count', 'delta', ...Object.keys(left)] as const;
  const first = series.flatMap((a) => (['count', 'delta'] as const).map((is) => next(a, is)));
  const requests = [
    first,
    ...Array.from({ length: 60 }, () => Array.from({ length: between(1, 5) }, () => next(pick(series), pick(kinds)))),
  ];
  for (const metrics of requests) {
    const body = JSON.stringify({ resourceMetrics: [{ scopeMetrics: [{ metrics }] }] });
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${service.endpoint}/v1/metrics`, { method: 'POST', headers, body });
    assert.equal(response.status, 200);
    const { partialSuccess } = (await response.json()) as { partialSuccess?: { rejectedDataPoints?: string } };
    rejected += Number(partialSuccess?.rejectedDataPoints ?? 0);
  }
  await assertStored(t, { service: { url: service.page, truth } }, 2 * series.length);
  const counted = await Promise.all(
    Object.keys(left).map(async (reason) => [reason, await service.count('meterbridge_points_not_taken', `reason="${reason}"`)]),
  );
  assert.deepEqual(Object.fromEntries(counted), left);
  // A delta that is not added is lost to its sender, and it alone.
  assert.equal(rejected, left.overlap);
});

test('measurements that a bridge leaves out', async (t) => {
  const generator = generatorFor(t);
  if (generator === undefined) return;
  const { pick, between } = generator;
  const bridge = meterbridge(contract('nothing', { here: gauge({ help: 'Not recorded.' }) }), {
    isolated: true,
    env: {},
    log: () => {},
    selfMetrics: true,
  });
  inReverse(t)(bridge.close);
  const counter = bridge.meterProvider.getMeter('lib').createCounter('truth.count');
  const truth = new Map(series.map((a) => [`truth_count_total{a=${a}}`, 0]));
  let left = 0;
  for (const a of series) counter.add(0, { a });
  for (let index = 0; index < 500; index++) {
    const [a, value] = [pick(series), pick([between(0, 20), between(0, 20), -1, Number.NaN, Number.POSITIVE_INFINITY])];
    const key = `truth_count_total{a=${a}}`;
    counter.add(value, { a });
    if (value >= 0 && Number.isFinite(value)) truth.set(key, (truth.get(key) ?? 0) + value);
    else left++;
  }
  const { url } = await bridge.listen('127.0.0.1:0');
  await assertStored(t, { 'store engine': { url, truth } }, series.length);
  const refused = /^meterbridge_measurements_refused_total\{.*\} (\d+)$/gm;
  const lines = [...(await (await fetch(url)).text()).matchAll(refused)];
  assert.equal(
    lines.reduce((all, [, count]) => all + Number(count), 0),
    left,
  );
});
