import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recordExponential } from '../../../../src/core/store/index.ts';
import type { Temporality } from '../../../../src/library/push/settings/temporality.ts';
import { takeRow } from '../../../core/store/labels.ts';
import { deltaRig, type Told } from '../delta-rig.ts';
import { startMs } from '../sources.ts';

/** `AggregationTemporality` of opentelemetry-proto. */
const delta = 1;
const cumulative = 2;

function values(told: readonly Told[]): unknown[] {
  return told.map(({ asDouble, bucketCounts, sum }) => asDouble ?? [...(bucketCounts ?? []), sum]);
}

test('each push carries what came since the last one that arrived, from when that was', async () => {
  const { family, row, push, now } = deltaRig();
  const runs = family('runs');
  const one = row(runs, 'a');
  const add = (value: number) => {
    runs.cells[one] = (runs.cells[one] as number) + value;
  };
  add(3);
  const began = now();
  const [first] = await push();
  const firstAt = now();
  add(4);
  await push(0);
  add(5);
  await push(0);
  const [second] = await push();
  const [third] = await push();
  assert.deepEqual(values([first, second, third] as Told[]), [3, 9, 0]);
  assert.deepEqual(
    [first, second, third].map((told) => [told?.startTimeUnixNano, told?.timeUnixNano]),
    [
      [`${began}000000`, `${firstAt}000000`],
      [`${firstAt}000000`, `${firstAt + 3_000}000000`],
      [`${firstAt + 3_000}000000`, `${firstAt + 4_000}000000`],
    ],
  );
});

test('what a push that was broken off had written is not in the next one', async () => {
  const { family, row, push } = deltaRig('cumulative', 2);
  const runs = family('runs');
  for (const [at, n] of ['a', 'b', 'c'].entries()) runs.cells[row(runs, n)] = at;
  await push(0);
  assert.deepEqual(values(await push()), [0, 1, 2]);
});

test('of exponential buckets a push has those that came, at the scale of now, and no minimum or maximum: theirs is all time', async () => {
  const { family, row, push } = deltaRig();
  const exponential = { maxSize: 3, maxScale: 1 };
  const wait = family('wait', { kind: 'histogram', exponential, minMax: true });
  const at = row(wait, 'a') * wait.stride;
  const record = (...values: number[]) => {
    for (const value of values) recordExponential(wait.cells, at, exponential, value);
  };
  const pushed = async (requests?: number) =>
    (await push(requests)).map(({ attributes, startTimeUnixNano, timeUnixNano, metric, ...rest }) => rest);
  const point = (more: object) => ({ temporality: delta, zeroCount: 0, negative: {}, ...more });
  // Half an octave a bucket: 1.5 and 2 are in (1.41, 2], 3 in (2.83, 4].
  record(1.5, 2, 3);
  assert.deepEqual(await pushed(), [point({ count: 3, sum: 6.5, scale: 1, positive: { offset: 1, bucketCounts: [2, 0, 1] } })]);
  record(2, 0);
  assert.deepEqual(await pushed(0), []);
  // (1, 2] (2, 4] (4, 8] by now.
  record(7);
  // Protobuf does not write a scale, nor an offset, of 0.
  assert.deepEqual(await pushed(), [point({ count: 3, sum: 9, zeroCount: 1, positive: { bucketCounts: [1, 0, 1] } })]);
  const [nothing] = await pushed();
  assert.deepEqual([nothing?.positive?.bucketCounts ?? [], nothing?.sum], [[], 0]);
});

// OpenTelemetry specification, "Metrics Exporters: OTLP": counter and observable counter, up-down counters of both kinds,
// histogram.
const preferences: readonly [Temporality, Record<string, number | undefined>][] = [
  [
    'delta',
    { counter: delta, observed: delta, updown: cumulative, observedUpdown: cumulative, histogram: delta, gauge: undefined },
  ],
  [
    'lowmemory',
    { counter: delta, observed: cumulative, updown: cumulative, observedUpdown: cumulative, histogram: delta, gauge: undefined },
  ],
];
for (const [preference, expected] of preferences) {
  test(`${preference}: the temporality of each kind`, async () => {
    const { source, family, row, push } = deltaRig(preference);
    const families = {
      counter: family('counter'),
      observed: family('observed', {}, false),
      updown: family('updown', { kind: 'updowncounter' }),
      observedUpdown: family('observedUpdown', { kind: 'updowncounter' }, false),
      histogram: family('histogram', { kind: 'histogram', bounds: [1] }),
      gauge: family('gauge', { kind: 'gauge' }),
    };
    source.replace([families.observed, families.observedUpdown], () => {
      for (const one of [families.observed, families.observedUpdown]) one.cells[row(one, 'a')] = 7;
    });
    for (const one of [families.counter, families.updown, families.gauge, families.histogram])
      one.cells[row(one, 'a') * one.stride] = 7;
    await push();
    const told = await push();
    assert.deepEqual(Object.fromEntries(told.map(({ metric, temporality }) => [metric, temporality])), expected);
    const shown = Object.fromEntries(told.map((one) => [one.metric, values([one])[0]]));
    const observed = preference === 'delta' ? 0 : 7;
    assert.deepEqual(shown, { counter: 0, observed, updown: 7, observedUpdown: 7, histogram: [0, 0, 0], gauge: 7 });
  });
}

test('a row that another series took starts anew, and what went away is not told of', async () => {
  const { family, row, push, now } = deltaRig();
  const runs = family('runs');
  const level = family('level', { kind: 'gauge' });
  const [a, l] = [row(runs, 'a'), row(level, 'a')];
  runs.cells[a] = 10;
  await push();
  runs.drop(a);
  level.drop(l);
  assert.equal(row(runs, 'b'), a);
  runs.cells[a] = 4;
  const began = now();
  const told = await push();
  assert.deepEqual(
    told.map(({ metric, asDouble, startTimeUnixNano, flags = 0 }) => [metric, asDouble, startTimeUnixNano, flags]),
    [
      ['runs', 4, `${began}000000`, 0],
      // A gauge's last value stands until it is taken back.
      ['level', undefined, '0', 1],
    ],
  );
});

test('a total of which nobody knows when it began counts from its first push on, also where that did not arrive', async () => {
  const { family, push, now } = deltaRig();
  const runs = family('runs');
  const time = family('time', { kind: 'histogram', bounds: [1] });
  const add = (series: string) => {
    return { one: takeRow(runs, { n: series }, 0, 1_000), at: takeRow(time, { n: series }) * time.stride };
  };
  const { one, at } = add('a');
  time.cells.set([500, 500, 700], at);
  await push(0);
  const firstAt = now();
  runs.cells[one] = 1_003;
  time.cells.set([500, 501, 702], at);
  const second = await push();
  assert.deepEqual(values(second), [3, [0, 1, 2]]);
  assert.deepEqual(
    second.map(({ startTimeUnixNano }) => startTimeUnixNano),
    [`${firstAt}000000`, `${firstAt}000000`],
  );
  // One more that is found later; more of them than there was room for.
  for (let n = 0; n < 20; n++) add(String(n));
  const third = await push();
  assert.deepEqual(new Set(values(third).flat()), new Set([0]));
  // Data model, "Resets and Gaps": equal times say that it is not known what was before.
  const [, found] = third;
  assert.deepEqual([found?.startTimeUnixNano, found?.timeUnixNano], [`${now()}000000`, `${now()}000000`]);
});

test('a series that comes back begins at 0', async () => {
  const { family, row, push } = deltaRig();
  const runs = family('runs');
  runs.cells[row(runs, 'a')] = 10;
  await push();
  runs.drop(1);
  await push();
  runs.cells[row(runs, 'a')] = 2;
  assert.deepEqual(values(await push()), [2]);
});

test('a total that fell counts nothing, and goes on from where it fell to', async () => {
  const { family, row, push } = deltaRig();
  const runs = family('runs');
  const one = row(runs, 'a');
  const pushed = async (total: number, requests?: number) => {
    runs.cells[one] = total;
    return values(await push(requests));
  };
  assert.deepEqual(await pushed(100), [100]);
  assert.deepEqual(await pushed(99), [0]);
  assert.deepEqual(await pushed(101), [2]);
  assert.deepEqual(await pushed(50, 0), []);
  assert.deepEqual(await pushed(53), [3]);
});

for (const unknown of [Number.NaN, Number.POSITIVE_INFINITY]) {
  test(`a total of ${unknown} is left out, and the next one carries all`, async () => {
    const { family, row, push } = deltaRig();
    const runs = family('runs');
    const one = row(runs, 'a');
    runs.cells[one] = 1;
    await push();
    runs.cells[one] = unknown;
    assert.deepEqual(values(await push()), []);
    runs.cells[one] = 5;
    const [told] = await push();
    assert.deepEqual([told?.asDouble, told?.startTimeUnixNano], [4, `${startMs + 1_000}000000`]);
  });
}

test('a family whose values are too old is not pushed, and goes on from its baseline', async () => {
  const { source, family, row, push } = deltaRig();
  const runs = family('runs', { maxAgeMs: 1_500 }, false);
  let one = 0;
  const observe = (total: number) =>
    source.replace([runs], () => {
      if (one === 0) one = row(runs, 'a');
      else runs.keep(one);
      runs.cells[one] = total;
    });
  observe(5);
  assert.deepEqual(values(await push()), [5]);
  assert.deepEqual(values(await push()), []);
  observe(8);
  assert.deepEqual(values(await push()), [3]);
});

test('what is known of families and rows that are gone is freed', async () => {
  const { source, family, row, push } = deltaRig();
  const runs = family('runs');
  const rows = Array.from({ length: 100_000 }, (_, n) => row(runs, String(n)));
  await push();
  const full = process.memoryUsage().arrayBuffers;
  for (const one of rows.slice(1)) runs.drop(one);
  await push();
  await push();
  // 20 bytes a row, in columns of 2^17 rows; the collector of garbage has to see that they are gone.
  assert.ok(await shrinks(() => full - process.memoryUsage().arrayBuffers >= 2_000_000));
  runs.cells[rows[0] as number] = 3;
  assert.deepEqual(values(await push()), [3]);
  source.close();
  await push();
});

async function shrinks(condition: () => boolean): Promise<boolean> {
  const collect = (globalThis as { gc?: () => void }).gc ?? (await collector());
  for (let attempt = 0; attempt < 50 && !condition(); attempt++) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return condition();
}

async function collector(): Promise<() => void> {
  const [{ setFlagsFromString }, { runInNewContext }] = await Promise.all([import('node:v8'), import('node:vm')]);
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}
