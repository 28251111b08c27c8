import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createReading } from '../../../src/core/node/reading.ts';
import { until } from '../../until.ts';

const never = new Promise<void>(() => {});

test('what ends in time is not missed', async () => {
  const reading = createReading(Promise.resolve(), 60_000);
  assert.equal(await reading.wait(60_000), true);
  assert.equal(reading.missed, false);
});

test('each waits for a time of its own, and the reading goes on', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const reading = createReading(promise, 60_000);
  const patient = reading.wait(60_000);
  assert.equal(await reading.wait(1), false);
  assert.equal(reading.missed, true);
  resolve();
  assert.equal(await patient, true);
});

test('one that takes longer than it may is not waited for any more', async () => {
  const reading = createReading(never, 10);
  assert.equal(await reading.wait(60_000), false);
  await until('over', () => reading.wait(60_000) === false);
});
