import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { MessageChannel } from 'node:worker_threads';
import { untilAborted, within } from '../../../src/core/node/within.ts';

const never = new Promise<never>(() => {});
const late = () => 'late';
const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;

test('what comes in time is the answer, and leaves neither timer nor listener', async () => {
  const { signal } = new AbortController();
  const before = timers();
  assert.equal(await within(Promise.resolve('done'), { ms: 60_000, signal }, late), 'done');
  await assert.rejects(within(Promise.reject(new Error('own')), { ms: 60_000, signal }, late), /own/);
  assert.equal(timers(), before);
  assert.deepEqual(getEventListeners(signal, 'abort'), []);
});

test('what is late is answered by what `late` returns or throws', async () => {
  assert.equal(await within(never, { ms: 1 }, late), 'late');
  const thrown = within(never, { ms: 1 }, () => {
    throw new Error('too late');
  });
  await assert.rejects(thrown, /too late/);
});

test('a signal ends the waiting, also one that was aborted before; the timer goes with it', async () => {
  const controller = new AbortController();
  const before = timers();
  const waiting = within(never, { ms: 60_000, signal: controller.signal }, late);
  controller.abort();
  assert.equal(await waiting, 'late');
  assert.equal(await within(never, { signal: controller.signal }, late), 'late');
  assert.equal(timers(), before);
});

test('work that is done goes before a signal that is aborted', async () => {
  assert.equal(await within(Promise.resolve('done'), { signal: AbortSignal.abort() }, late), 'done');
});

test('until aborted: the reason of the signal, as it is', async () => {
  const reason = new Error('enough');
  await assert.rejects(untilAborted(never, AbortSignal.abort(reason)), (error) => error === reason);
  assert.equal(await untilAborted(Promise.resolve(1), new AbortController().signal), 1);
});

test('work that fails late is no unhandled rejection', async () => {
  const { promise, reject } = Promise.withResolvers<never>();
  assert.equal(await within(promise, { ms: 1 }, late), 'late');
  reject(new Error('too late to matter'));
  // The runner fails a test with an unhandled rejection.
  await sleep(1);
});

test('a delay beyond 32 bits is not one of 1 ms', async (t) => {
  const controller = new AbortController();
  t.after(() => controller.abort());
  const waiting = within(never, { ms: Number.POSITIVE_INFINITY, signal: controller.signal }, late);
  assert.equal(await Promise.race([waiting, sleep(20, 'still waiting')]), 'still waiting');
});

test('after the input: what has come while the thread was busy is in time', async (t) => {
  const { port1, port2 } = new MessageChannel();
  t.after(() => port1.close());
  const answer = new Promise<string>((resolve) => port1.once('message', resolve));
  const waiting = within(answer, { ms: 1, afterInput: true }, late);
  port2.postMessage('done');
  const busyUntil = performance.now() + 20;
  while (performance.now() < busyUntil);
  assert.equal(await waiting, 'done');
});

test('without `ref` a wait keeps no process alive', async () => {
  const before = timers();
  const waiting = within(never, { ms: 1, ref: false }, late);
  assert.equal(timers(), before, 'only timers that hold the process are listed');
  const held = sleep(50);
  assert.equal(await waiting, 'late');
  await held;
});
