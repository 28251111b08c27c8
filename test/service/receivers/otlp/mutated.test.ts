/** Requests with bytes changed, over real connections: each has a proper answer, and a refused one changes nothing. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '../../../conformance/random.ts';
import { mutate } from '../../../formats/otlp/mutate.ts';
import { repeated } from '../../../full.ts';
import { call, session } from './grpc-client.ts';
import { request, startReceiver } from './receiver.ts';

/** For each of three. */
const requests = repeated(350, 1_000, 3_500);
const seed = Number(process.env.METERBRIDGE_SEED ?? 1);
const settings = { http: { endpoint: 'localhost:0' }, grpc: { endpoint: 'localhost:0' } };

for (const encoding of ['protobuf', 'json'] as const) {
  test(`HTTP, ${encoding}: 200 or 400 with a Status, and only what is answered 200 arrives`, async (t) => {
    const received = await startReceiver(t, settings);
    const type = encoding === 'json' ? 'application/json' : 'application/x-protobuf';
    const chance = random(seed);
    const original = request(3, encoding);
    const seen = new Set<number>();
    for (let count = 0; count < requests; count++) {
      const body = Buffer.from(mutate(original, chance));
      const before = received.batches.length;
      const answer = await fetch(`http://${received.http}/v1/metrics`, {
        method: 'POST',
        headers: { 'content-type': type },
        body,
      });
      const bytes = Buffer.from(await answer.arrayBuffer());
      seen.add(answer.status);
      assert.ok(answer.status === 200 || answer.status === 400, `${answer.status} ${body.toString('hex')}`);
      assert.equal(answer.headers.get('content-type'), type);
      if (answer.status === 200) continue;
      assert.equal(received.batches.length, before, body.toString('hex'));
      // google.rpc.Status: field 1 is the code, field 2 the message.
      if (encoding === 'json') assert.equal((JSON.parse(bytes.toString()) as { readonly code: number }).code, 3);
      else assert.deepEqual([bytes[0], bytes[1], bytes[2]], [0x08, 3, 0x12]);
    }
    assert.deepEqual([...seen].sort(), [200, 400]);
  });
}

test('gRPC: OK or INVALID_ARGUMENT, and only what is answered OK arrives', async (t) => {
  const received = await startReceiver(t, settings);
  const on = await session(t, received.grpc);
  const chance = random(seed);
  const original = request(3);
  const seen = new Set<number | undefined>();
  for (let count = 0; count < requests; count++) {
    const body = Buffer.from(mutate(original, chance));
    const frame = Buffer.alloc(5);
    frame.writeUInt32BE(body.length, 1);
    const before = received.batches.length;
    const answer = await call(on, Buffer.concat([frame, body]));
    seen.add(answer.grpcStatus);
    assert.ok(answer.grpcStatus === 0 || answer.grpcStatus === 3, `${answer.grpcStatus} ${body.toString('hex')}`);
    if (answer.grpcStatus === 3) assert.equal(received.batches.length, before, body.toString('hex'));
  }
  assert.deepEqual([...seen].sort(), [0, 3]);
});
