import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deltaRig, type Told } from '../delta-rig.ts';

function values(told: readonly Told[]): unknown[] {
  return told.map(({ bucketCounts, sum }) => [...(bucketCounts ?? []), sum]);
}

test('a histogram: buckets and sum', async () => {
  const { family, row, push } = deltaRig();
  const time = family('time', { kind: 'histogram', bounds: [1, 10] });
  const at = row(time, 'a') * time.stride;
  time.cells.set([1, 0, 2, 40.5], at);
  assert.deepEqual(values(await push()), [[1, 0, 2, 40.5]]);
  time.cells.set([1, 5, 3, 100], at);
  await push(0);
  time.cells.set([2, 5, 3, 100.5], at);
  assert.deepEqual(values(await push()), [[1, 5, 1, 60]]);
});

test('a histogram of which a part fell counts nothing', async () => {
  const { family, row, push } = deltaRig();
  const time = family('time', { kind: 'histogram', bounds: [1] });
  const at = row(time, 'a') * time.stride;
  time.cells.set([5, 5, 20], at);
  await push();
  time.cells.set([4, 8, 30], at);
  assert.deepEqual(values(await push()), [[0, 0, 0]]);
  time.cells.set([4, 9, 35], at);
  assert.deepEqual(values(await push()), [[0, 1, 5]]);
});

// metrics.proto, "HistogramDataPoint.sum": "Negative events *can* be recorded, but sum should not be filled out when doing so."
// Its counts are.
test('a histogram whose sum falls by negative values: what came, and no sum', async () => {
  const { family, row, push } = deltaRig();
  const change = family('change', { kind: 'histogram', bounds: [0, 10] });
  const at = row(change, 'a') * change.stride;
  // 20, 5.
  change.cells.set([0, 1, 1, 25], at);
  assert.deepEqual(values(await push()), [[0, 1, 1, 25]]);
  // -15, 2.
  change.cells.set([1, 2, 1, 12], at);
  assert.deepEqual(values(await push()), [[1, 1, 0, undefined]]);
  // -100, in a push that is lost, and 3 beside it.
  change.cells.set([2, 2, 1, -88], at);
  assert.deepEqual(values(await push(0)), []);
  change.cells.set([2, 3, 1, -85], at);
  assert.deepEqual(values(await push()), [[1, 1, 0, undefined]]);
  assert.deepEqual(values(await push()), [[0, 0, 0, 0]]);
});

for (const preference of ['cumulative', 'delta'] as const) {
  test(`${preference}: a histogram of negative values has its counts, and no sum`, async () => {
    const { family, row, push } = deltaRig(preference);
    const below = family('below', { kind: 'histogram', bounds: [1] });
    const both = family('both', { kind: 'histogram', bounds: [-1, 1] });
    const above = family('above', { kind: 'histogram', bounds: [-1, 1] });
    // -5 and 2; -5, 7 and 8; 0, 1 and 2.
    below.cells.set([1, 1, -3], row(below, 'a') * below.stride);
    both.cells.set([1, 0, 2, 10], row(both, 'a') * both.stride);
    above.cells.set([0, 2, 1, 3], row(above, 'a') * above.stride);
    const told = await push();
    assert.deepEqual(Object.fromEntries(told.map((one) => [one.metric, values([one])[0]])), {
      below: [1, 1, undefined],
      both: [1, 0, 2, undefined],
      above: [0, 2, 1, 3],
    });
  });
}

test('a histogram that began again counts nothing, also where its sum alone fell', async () => {
  const { family, row, push, now } = deltaRig();
  const time = family('time', { kind: 'histogram', bounds: [1] });
  const one = row(time, 'a');
  time.cells.set([1, 1, 50], one * time.stride);
  await push();
  time.setStart(one, now() + 500);
  time.cells.set([2, 2, 40], one * time.stride);
  assert.deepEqual(values(await push()), [[0, 0, 0]]);
  time.cells.set([2, 3, 45], one * time.stride);
  assert.deepEqual(values(await push()), [[0, 1, 5]]);
});
