/** Deltas on their way to a receiver that refuses, takes a part, or does not answer. What they are is `baseline.test.ts`. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type Answer, type Captured, metricsOf, until } from './capture.ts';
import { capture, startPushing } from './push-behaves.ts';
import { put, smallStore, specOf } from './sources.ts';

const ways = [{ protocol: 'http/protobuf' }, { protocol: 'http/json' }] as const;
/** Nobody at the gate: answered at once, and not tried again within one push. */
const refusal: Answer = { status: 500 };
const success: Answer = { status: 200 };

async function start(t: TestContext, options: (typeof ways)[number] = ways[0]) {
  const receiver = await capture(t);
  const { store, source, runs, row } = smallStore();
  const { push, lines } = startPushing(t, store.view, { ...options, endpoint: receiver.url, temporality: 'delta' });
  const set = (total: number) => {
    runs.cells[row] = total;
  };
  return { receiver, push, lines, set, source };
}

function runsOf(captured: Captured | undefined): { value: number; start: string; time: string; temporality: number } {
  const { aggregationTemporality: temporality, dataPoints } = metricsOf(captured)['demo.runs'].sum;
  const [{ asDouble: value, startTimeUnixNano: start, timeUnixNano: time }] = dataPoints;
  return { value, start, time, temporality };
}

for (const options of ways) {
  test(`${options.protocol}: what a refused push carried is in the next one`, async (t) => {
    const { receiver, push, set, source } = await start(t, options);
    const time = source.family(specOf('demo.time', { kind: 'histogram', bounds: [1] }), true);
    const at = put(time, {}, 1, 0, 0.5) * time.stride;
    assert.equal(await push.flush(), true);
    receiver.answer(refusal);
    set(5);
    assert.equal(await push.flush(), false);
    receiver.answer(success);
    set(10);
    time.cells.set([1, 2, 8.5], at);
    assert.equal(await push.flush(), true);
    const [first, , last] = receiver.pushes;
    assert.deepEqual([runsOf(first).value, runsOf(last).value], [3, 7]);
    assert.deepEqual([runsOf(first).temporality, runsOf(last).start], [1, runsOf(first).time]);
    const { aggregationTemporality, dataPoints } = metricsOf(last)['demo.time'].histogram;
    const [{ bucketCounts, count, sum }] = dataPoints;
    assert.deepEqual(
      { aggregationTemporality, bucketCounts: bucketCounts.map(Number), count: Number(count), sum },
      {
        aggregationTemporality: 1,
        bucketCounts: [0, 2],
        count: 2,
        sum: 8,
      },
    );
  });
}

test('what a receiver took in part is not sent again', async (t) => {
  const { receiver, push, lines, set } = await start(t);
  receiver.answer({ status: 200, body: '{"partialSuccess":{"rejectedDataPoints":"1","errorMessage":"too old"}}' });
  assert.equal(await push.flush(), true);
  set(4);
  assert.equal(await push.flush(), true);
  assert.equal(runsOf(receiver.pushes[1]).value, 1);
  assert.match(lines[0] ?? '', /accepted in part only: 1 points rejected/);
});

test('of a push in several requests, what arrived is not sent again', async (t) => {
  const { receiver, push, source } = await start(t);
  const many = source.family(specOf('demo.many', { kind: 'counter', labels: ['n'] }), true);
  for (let n = 0; n < 7_000; n++) put(many, { n: String(n) }, 1);
  receiver.answer(undefined);
  const flushed = push.flush(60_000);
  await until(() => receiver.pushes.length === 1);
  receiver.answer(refusal);
  receiver.answerNow(success);
  assert.equal(await flushed, false);
  receiver.answer(success);
  assert.equal(await push.flush(60_000), true);
  const taken = receiver.pushes.filter((_, at) => at !== 1);
  const points = taken.flatMap((one) => metricsOf(one)['demo.many']?.sum.dataPoints ?? []);
  assert.equal(
    points.reduce((sum, { asDouble }) => sum + asDouble, 0),
    7_000,
  );
});

test('the last push carries what none before it brought there', async (t) => {
  const { receiver, push, set } = await start(t);
  await push.flush();
  set(8);
  await push.close(60_000);
  assert.deepEqual(
    receiver.pushes.map((one) => runsOf(one).value),
    [3, 5],
  );
});

/** A push of 3 that gets no answer; then there is 8, and what comes next is answered well. */
async function unanswered(t: TestContext) {
  const { receiver, push, set } = await start(t);
  receiver.answer(undefined);
  const flushed = push.flush(60_000);
  await until(() => receiver.pushes.length === 1);
  set(8);
  receiver.answer(success);
  return { receiver, push, flushed };
}

test('close waits for the answer to what is under way, so that it is not counted twice', async (t) => {
  const { receiver, push, flushed } = await unanswered(t);
  const closed = push.close(60_000);
  receiver.answerNow(success);
  await closed;
  assert.equal(await flushed, true);
  assert.deepEqual(
    receiver.pushes.map((one) => runsOf(one).value),
    [3, 5],
  );
});

test('close cuts off what gets no answer, in time for the last push', async (t) => {
  const { receiver, push, flushed } = await unanswered(t);
  await push.close(3_000);
  assert.equal(await flushed, false);
  assert.equal(runsOf(receiver.pushes[1]).value, 8);
});
