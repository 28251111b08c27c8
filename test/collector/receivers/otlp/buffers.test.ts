import assert from 'node:assert/strict';
import { test } from 'node:test';
import { giveBuffer, takeBuffer } from '../../../../src/collector/receivers/otlp/buffers.ts';
import { send } from './http-client.ts';
import { request, startReceiver } from './receiver.ts';

const mib = 1_048_576;

test('a large buffer is used again, by one at a time, and none that is twice too large', () => {
  const first = takeBuffer(2 * mib);
  giveBuffer(first);
  const again = takeBuffer(2 * mib - 1);
  assert.equal(again, first);
  assert.notEqual(takeBuffer(2 * mib), first);
  giveBuffer(again);
  assert.notEqual(takeBuffer(mib - 1), first);
  assert.notEqual(takeBuffer(2 * mib + 1), first);
});

test('small and very large ones are not kept', () => {
  for (const size of [1_000, 9 * mib]) {
    const buffer = takeBuffer(size);
    giveBuffer(buffer);
    assert.notEqual(takeBuffer(size), buffer);
  }
});

test('bodies that arrive at the same time keep their own bytes', async (t) => {
  const seen: string[] = [];
  const receiver = await startReceiver(t, {}, ({ bytes }) => {
    const text = Buffer.from(bytes).toString('latin1');
    const own = /value of (\d)/.exec(text)?.[0] ?? '';
    seen.push(`${own} × ${text.split(own).length - 1}`);
    return undefined;
  });
  const bodies = Array.from({ length: 8 }, (_, at) => request(20_000, 'protobuf', `value of ${at}${'x'.repeat(60)}`));
  assert.ok((bodies[0]?.length ?? 0) > mib);
  const headers = { 'content-type': 'application/x-protobuf' };
  for (let round = 0; round < 3; round++) await Promise.all(bodies.map((body) => send(receiver.http, { headers, body })));
  const expected = bodies.map((_, at) => `value of ${at} × 20000`);
  assert.deepEqual(seen.toSorted(), [...expected, ...expected, ...expected].toSorted());
});
