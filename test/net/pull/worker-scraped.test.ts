import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createScrapedBox } from '../../../src/net/pull/worker-scraped.ts';

const success = { outcome: 'success', seconds: 0.1, series: 1, bytes: 18 } as const;
const omitting = { ...success, omitted: [{ family: 'a', reason: 'size' }] } as const;
const failure = { outcome: 'failed', seconds: 0.1, series: 0, bytes: 0 } as const;

test('a success waits for the next question, and nothing is reported twice', () => {
  const posted: unknown[] = [];
  const box = createScrapedBox((events) => posted.push(events));
  box.add(success);
  assert.deepEqual([posted, box.take(), box.take()], [[], [success], []]);
});

test('what the host logs is reported at once, with what waits, in its order', () => {
  const posted: unknown[] = [];
  const box = createScrapedBox((events) => posted.push(events));
  for (const event of [success, failure, omitting]) box.add(event);
  assert.deepEqual(posted, [[success, failure], [omitting]]);
  assert.deepEqual(box.take(), []);
});

test('a success that no question takes along is reported within a second', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const posted: unknown[] = [];
  const box = createScrapedBox((events) => posted.push(events));
  for (const _ of [1, 2]) box.add(success);
  t.mock.timers.tick(1_000);
  box.add(success);
  t.mock.timers.tick(1_000);
  assert.deepEqual(posted, [[success, success], [success]]);
});
