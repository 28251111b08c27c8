import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { test } from 'node:test';
import { type Limit, within } from '../../../src/net/otlp-client/limit.ts';

const hour = 3_600_000;

test('work ends when its time is over', async () => {
  const reason = await within(1, new AbortController().signal, endOf);
  assert.equal(reason, 'timed out');
});

test('all work under way ends with the signal, and what begins later has ended', async () => {
  const sender = new AbortController();
  const both = [within(hour, sender.signal, endOf), within(hour, sender.signal, endOf)];
  sender.abort(new Error('the service ends'));
  assert.deepEqual(await Promise.all(both), ['the service ends', 'the service ends']);
  assert.equal(await within(hour, sender.signal, async ({ ended }) => ended), 'the service ends');
});

test('work that is done hears nothing more of its signal, which has one listener for all', async () => {
  const sender = new AbortController();
  let heard = 0;
  for (let request = 0; request < 3; request++) {
    await within(hour, sender.signal, async (limit) => {
      limit.onEnd = () => heard++;
    });
  }
  assert.equal(getEventListeners(sender.signal, 'abort').length, 1);
  sender.abort();
  assert.equal(heard, 0);
});

function endOf(limit: Limit): Promise<string | undefined> {
  return new Promise((resolve) => {
    limit.onEnd = () => resolve(limit.ended);
  });
}
