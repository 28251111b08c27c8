/**
 * Where the delta of a series begins that no push had before: with those of the other series of its instrument, at the last push,
 * or, before there was one, when its instrument was made (Metrics SDK, "Start timestamps"). sdk-metrics 3.1 takes the first
 * measurement of a new series instead.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { takeRow } from '../../../core/store/labels.ts';
import { deltaRig, type Told } from '../delta-rig.ts';
import { startMs } from '../sources.ts';

const madeMs = startMs - 5_000;

/** `series start..end`, in seconds from the start of the test. */
function spans(told: readonly Told[]): string[] {
  const second = (nanos: string) => (Number(BigInt(nanos) / 1_000_000n) - startMs) / 1_000;
  return told.map(
    ({ attributes, startTimeUnixNano, timeUnixNano }) =>
      `${attributes[0]?.value.stringValue} ${second(startTimeUnixNano)}..${second(timeUnixNano)}`,
  );
}

test('in the first interval all begin when their instrument was made', async () => {
  const { family, row, push } = deltaRig();
  const runs = family('runs', { madeMs });
  row(runs, 'a');
  await push(0);
  row(runs, 'b');
  assert.deepEqual(spans(await push()), ['a -5..2', 'b -5..2']);
});

test('where that is not known, each begins with its own first measurement', async () => {
  const { family, row, push } = deltaRig();
  const runs = family('runs');
  row(runs, 'a');
  await push(0);
  row(runs, 'b');
  assert.deepEqual(spans(await push()), ['a 0..2', 'b 1..2']);
});

test('a new series begins at the push before its first measurement', async () => {
  const { family, row, push } = deltaRig();
  const runs = family('runs', { madeMs });
  row(runs, 'a');
  await push();
  await push();
  row(runs, 'b');
  assert.deepEqual(spans(await push()), ['a 2..3', 'b 2..3']);
});

test('also where its instrument had no series before', async () => {
  const { family, row, push } = deltaRig();
  row(family('runs', { madeMs }), 'a');
  const late = family('late', { madeMs });
  await push();
  row(late, 'b');
  assert.deepEqual(spans(await push()), ['a 1..2', 'b 1..2']);
});

test('an instrument that was made since the last push: then', async () => {
  const { family, row, push } = deltaRig();
  row(family('runs', { madeMs }), 'a');
  await push();
  takeRow(family('late', { madeMs: startMs + 1_500 }), { n: 'b' }, startMs + 1_700);
  assert.deepEqual(spans(await push()), ['a 1..2', 'b 1.5..2']);
});

test('a push that failed is no end of an interval', async () => {
  const { family, row, push } = deltaRig();
  const runs = family('runs', { madeMs });
  row(runs, 'a');
  await push();
  row(runs, 'b');
  await push(0);
  row(runs, 'c');
  assert.deepEqual(spans(await push()), ['a 1..3', 'b 1..3', 'c 1..3']);
});

test('of one that arrived in part, what did arrive is', async () => {
  const { family, row, push } = deltaRig('delta', 1);
  const runs = family('runs', { madeMs });
  for (const n of ['a', 'b']) row(runs, n);
  await push();
  row(runs, 'c');
  assert.deepEqual(spans(await push(1)), ['a 1..2']);
  row(runs, 'd');
  assert.deepEqual(spans(await push()), ['a 2..3', 'b 1..3', 'c 1..3', 'd 1..3']);
});

test('a series that comes back does not begin before the end of its last point', async () => {
  const { family, row, push } = deltaRig();
  const runs = family('runs', { madeMs });
  const a = row(runs, 'a');
  await push();
  await push();
  runs.drop(a);
  row(runs, 'a');
  assert.deepEqual(spans(await push()), ['a 2..3']);
});

test('a value that could not be sent before keeps its own start', async () => {
  const { family, push } = deltaRig();
  const runs = family('runs');
  const a = takeRow(runs, { n: 'a' }, startMs + 500, Number.POSITIVE_INFINITY);
  await push();
  await push();
  runs.cells[a] = 3;
  assert.deepEqual(spans(await push()), ['a 0.5..3']);
});
