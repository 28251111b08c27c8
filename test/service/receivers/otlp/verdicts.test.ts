/**
 * What the pipelines answer, as a sender sees it. A refusal that passes: OTLP 1.9, "Retryable Response Codes" (503) and
 * "OTLP/gRPC Response" (UNAVAILABLE).
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Verdict } from '../../../../src/service/component.ts';
import { partialOf, statusOf } from './answers.ts';
import { call, frame, session } from './grpc-client.ts';
import { send } from './http-client.ts';
import { request, startReceiver } from './receiver.ts';

const full: Verdict = { points: 3, why: 'the queue is full', retryable: true };

for (const [when, verdict] of [
  ['at once', full],
  ['later', Promise.resolve(full)],
] as const) {
  for (const [encoding, type] of [
    ['protobuf', 'application/x-protobuf'],
    ['json', 'application/json'],
  ] as const)
    test(`what is refused ${when} for a reason that passes is 503 with a Status over HTTP: ${encoding}`, async (t) => {
      const receiver = await startReceiver(t, {}, () => verdict);
      const answer = await send(receiver.http, { headers: { 'content-type': type }, body: request(3, encoding) });
      assert.deepEqual([answer.status, answer.headers['content-type'], answer.headers['retry-after']], [503, type, '1']);
      assert.deepEqual(statusOf(type, answer.body), { code: 14, message: 'the queue is full' });
      assert.deepEqual([receiver.accepted, receiver.refused, receiver.refusals], [{}, { http: 3 }, { crowded_out: 1 }]);
    });

  test(`what is refused ${when} for a reason that passes is UNAVAILABLE over gRPC`, async (t) => {
    const receiver = await startReceiver(t, {}, () => verdict);
    const answer = await call(await session(t, receiver.grpc), frame(request(3)));
    assert.deepEqual([answer.grpcStatus, answer.message], [14, 'the queue is full']);
    assert.deepEqual([receiver.accepted, receiver.refused], [{}, { grpc: 3 }]);
  });
}

test('an answer may wait for the pipelines, and its points are counted then', async (t) => {
  const { promise, resolve } = Promise.withResolvers<Verdict>();
  const receiver = await startReceiver(t, {}, () => promise);
  const type = 'application/x-protobuf';
  const first = send(receiver.http, { headers: { 'content-type': type }, body: request(3) });
  // The second one uses the first one's buffers and index again.
  const second = call(await session(t, receiver.grpc), frame(request(40)));
  while (receiver.batches.length < 2) await new Promise(setImmediate);
  assert.deepEqual(receiver.accepted, {});
  resolve({ points: 1, why: 'wrong' });
  assert.deepEqual(partialOf(type, (await first).body), { rejected: 1, message: 'wrong' });
  await second;
  assert.deepEqual(
    [receiver.accepted, receiver.refused],
    [
      { http: 2, grpc: 39 },
      { http: 1, grpc: 1 },
    ],
  );
});
