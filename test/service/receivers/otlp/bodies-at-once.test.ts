import assert from 'node:assert/strict';
import { test } from 'node:test';
import { send } from './http-client.ts';
import { request, startReceiver } from './receiver.ts';

const mib = 1_048_576;

test('bodies that arrive at the same time keep their own bytes', async (t) => {
  const seen: string[] = [];
  const receiver = await startReceiver(t, {}, ({ bytes }) => {
    const text = Buffer.from(bytes).toString('latin1');
    const own = /value of (\d)/.exec(text)?.[0] ?? '';
    seen.push(`${own} × ${text.split(own).length - 1}`);
    return undefined;
  });
  const bodies = Array.from({ length: 8 }, (_, at) => request(12_000, 'protobuf', `value of ${at}${'x'.repeat(60)}`));
  assert.ok((bodies[0]?.length ?? 0) > mib);
  const headers = { 'content-type': 'application/x-protobuf' };
  for (let round = 0; round < 3; round++) await Promise.all(bodies.map((body) => send(receiver.http, { headers, body })));
  const expected = bodies.map((_, at) => `value of ${at} × 12000`);
  assert.deepEqual(seen.toSorted(), [...expected, ...expected, ...expected].toSorted());
});
