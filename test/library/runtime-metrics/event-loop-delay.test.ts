import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { delayBounds, watchEventLoopDelay } from '../../../src/library/runtime-metrics/event-loop-delay.ts';
import { until } from '../../until.ts';

const total = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count, 0);

test('a blocked loop is in the summary and in its bucket, once', async (t) => {
  const delay = watchEventLoopDelay();
  t.after(() => delay.stop());
  await sleep(50);
  const until = performance.now() + 300;
  while (performance.now() < until);
  await sleep(50);

  const summary = delay.read();
  assert.ok(summary !== undefined && summary.max >= 0.29, JSON.stringify(summary));
  assert.ok(summary.min <= summary.p50 && summary.p50 <= summary.p90 && summary.p90 <= summary.p99 && summary.p99 <= summary.max);
  const { counts, sum } = delay.histogram();
  const late = delayBounds.indexOf(0.25) + 1;
  assert.ok(total(counts.slice(late)) >= 1, counts.join(' '));
  assert.ok(sum >= 0.28, String(sum));
  assert.ok(total(delay.histogram().counts) - total(counts) <= 1, 'a reading adds nothing');
});

test('the histogram has the samples that the timer took, whoever read the summary meanwhile', async (t) => {
  const delay = watchEventLoopDelay();
  t.after(() => delay.stop());
  const from = performance.now();
  for (let turn = 0; turn < 10; turn++) {
    await sleep(25);
    delay.read();
  }
  const most = (performance.now() - from) / 10;
  const { counts } = delay.histogram();
  assert.ok(total(counts) > 3 && total(counts) <= most + 1, `${total(counts)} of ${most}`);
});

test('without a new sample the last summary stays', async (t) => {
  const delay = watchEventLoopDelay();
  t.after(() => delay.stop());
  let first = delay.read();
  assert.equal(first, undefined);
  await until('a sample', () => {
    first = delay.read();
    return first !== undefined;
  });
  assert.deepEqual(delay.read(), first);
});
