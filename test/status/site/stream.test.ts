/** The places of a page's stream of messages. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createStream } from '../../../src/status/site/stream.ts';

test('a stream whose client has left frees its place at once, though its next message is a second away', async () => {
  const stream = createStream({ tick: () => ({}) as never });
  const replies = Array.from({ length: 20 }, () => stream.answer());
  const readings = replies.map((reply) => reply.stream?.()[Symbol.asyncIterator]() ?? assert.fail('no stream'));
  for (const reading of readings) await reading.next();
  assert.equal(stream.answer().status, 503);
  const waiting = readings[0]?.next();
  replies[0]?.sent?.();
  assert.equal(stream.open, 19);
  assert.equal(stream.answer().status, 200);
  assert.deepEqual(await waiting, { done: true, value: undefined });
  stream.close();
});
