/** Requests that take long: read in slices, divided before anything is written, answered as one. */
import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { Verdict } from '../../../../src/service/component.ts';
import { createMemoryBudget } from '../../../../src/service/memory/budget.ts';
import { double, doubles, message, number, time } from '../../../attack/wire.ts';
import { until } from '../../../until.ts';
import { partialOf, statusOf } from './answers.ts';
import { call, frame, session } from './grpc-client.ts';
import { open, send } from './http-client.ts';
import { request, startReceiver } from './receiver.ts';

const type = 'application/x-protobuf';
const headers = { 'content-type': type };
/** 2 bytes of length each: resources, and one resource in parts. */
const empties = Buffer.alloc(19_800_000, Uint8Array.of(0x0a, 0));

/** The longest turn of the event loop, in milliseconds of this thread's processor time: on a busy machine it may last longer. */
function watch(t: TestContext): () => number {
  const spent = () => {
    const { user, system } = process.threadCpuUsage();
    return (user + system) / 1_000;
  };
  let [last, most] = [spent(), 0];
  // Due in each turn that lasts.
  const timer = setInterval(() => {
    const now = spent();
    most = Math.max(most, now - last);
    last = now;
  }, 1);
  t.after(() => clearInterval(timer));
  return () => most;
}

describe('9.9 million empty messages', () => {
  test('are refused over HTTP by the rule, while others are served', async (t) => {
    const receiver = await startReceiver(t);
    const body = gzipSync(empties);
    const longest = watch(t);
    const attack = Array.from({ length: 4 }, () =>
      send(receiver.http, { headers: { ...headers, 'content-encoding': 'gzip' }, body }),
    );
    assert.equal((await send(receiver.http, { headers, body: request(1) })).status, 200);
    for (const { status, body } of await Promise.all(attack)) {
      assert.equal(status, 400);
      const { code, message } = statusOf(type, body);
      assert.equal(code, 3);
      assert.match(message, /more than 1000000 elements \(resources, scopes, metrics, entries/);
    }
    assert.deepEqual([receiver.batches, receiver.refusals], [[1], { unreadable: 4 }]);
    // In one piece each takes a second.
    assert.ok(longest() < 500, `${longest()} ms`);
  });

  test('are refused over gRPC, many messages at once', async (t) => {
    const receiver = await startReceiver(t);
    const grpc = await session(t, receiver.grpc);
    const message = gzipSync(empties.subarray(0, 4_190_000));
    const longest = watch(t);
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => call(grpc, frame(message, 1), { 'grpc-encoding': 'gzip' })),
    );
    for (const { grpcStatus, message: why } of answers) {
      assert.equal(grpcStatus, 3);
      assert.match(why, /more than 1000000 elements/);
    }
    assert.ok(longest() < 500, `${longest()} ms`);
  });
});

describe('a request of 30,000 points', () => {
  const body = request(30_000);

  test('is applied in parts, and the loop turns between them', async (t) => {
    let turns = 0;
    const seen: number[] = [];
    const turn = () => {
      turns++;
      if (seen.length < 3) setImmediate(turn);
    };
    const receiver = await startReceiver(t, {}, () => {
      if (seen.length === 0) setImmediate(turn);
      seen.push(turns);
      return undefined;
    });
    const answer = await send(receiver.http, { headers, body });
    assert.deepEqual([answer.status, answer.body.length], [200, 0]);
    assert.equal(
      receiver.batches.reduce((sum, points) => sum + points),
      30_000,
    );
    assert.ok(
      receiver.batches.every((points) => points <= 1_024),
      String(receiver.batches),
    );
    assert.ok((seen[1] as number) > (seen[0] as number) && (seen[2] as number) > (seen[1] as number), String(seen));
    assert.deepEqual(receiver.accepted, { http: 30_000 });
  });

  for (const [when, now] of [
    ['at once', (verdict: Verdict) => verdict],
    ['later', async (verdict: Verdict) => verdict],
  ] as const) {
    test(`is refused whole where the first part is, for a reason that passes, ${when}`, async (t) => {
      const receiver = await startReceiver(t, {}, ({ points }) => now({ points, why: 'the queue is full', retryable: true }));
      const answer = await send(receiver.http, { headers, body });
      assert.deepEqual([answer.status, answer.headers['retry-after']], [503, '1']);
      assert.equal(receiver.batches.length, 1);
      assert.deepEqual([receiver.accepted, receiver.refused], [{}, { http: 30_000 }]);
    });

    test(`is not to be sent again where a later part is refused ${when}: its points are rejected`, async (t) => {
      let part = 0;
      const receiver = await startReceiver(t, {}, ({ points }) =>
        now(++part === 2 ? { points, why: 'the queue is full', retryable: true } : { points: 1, why: 'one is wrong' }),
      );
      const answer = await send(receiver.http, { headers, body });
      assert.equal(answer.status, 200);
      const parts = receiver.batches.length;
      const [, second] = receiver.batches as [number, number];
      assert.equal(
        receiver.batches.reduce((sum, points) => sum + points),
        30_000,
      );
      // One of each other part.
      const rejected = second + parts - 1;
      assert.deepEqual(partialOf(type, answer.body), { rejected, message: 'one is wrong; the queue is full' });
      assert.deepEqual([receiver.accepted, receiver.refused], [{ http: 30_000 - rejected }, { http: rejected }]);
      assert.deepEqual(receiver.refusals, { rejected_points: rejected });
    });
  }
});

test('a request of 8 MiB of buckets is applied in parts of about 1 MiB', async (t) => {
  const receiver = await startReceiver(t);
  const bounds = doubles(7, 999, (at) => at);
  const histogram = message(1, time(3), double(5, 1), message(6, Buffer.alloc(8 * 1_000)), bounds);
  const points = Array.from({ length: 512 }, () => histogram);
  const body = message(1, message(2, message(2, message(1, 'h'), message(9, ...points, number(2, 2)))));
  const answer = await send(receiver.http, { headers, body });
  assert.deepEqual([answer.status, answer.body.toString('latin1')], [200, '']);
  assert.deepEqual(receiver.accepted, { http: 512 });
  assert.ok(receiver.batches.length >= 8 && receiver.batches.every((count) => count <= 66), String(receiver.batches));
});

test('what is left of a request is not applied once its sender has gone', async (t) => {
  const { promise, resolve } = Promise.withResolvers<Verdict>();
  const receiver = await startReceiver(t, {}, () => promise);
  const { socket, closed } = await open(t, receiver.http);
  const body = request(30_000);
  socket.write(`POST /v1/metrics HTTP/1.1\r\nHost: localhost\r\nContent-Type: ${type}\r\nContent-Length: ${body.length}\r\n\r\n`);
  socket.write(body);
  await until('applied in part', () => receiver.batches.length > 0);
  socket.destroy();
  await closed;
  // The receiver sees the end of the connection within this time, or the test fails.
  assert.equal((await send(receiver.http, { headers, body: Buffer.alloc(0) })).status, 200);
  resolve(undefined);
  await until('counted', () => receiver.refused.http !== undefined);
  const [first] = receiver.batches as [number];
  assert.deepEqual([receiver.batches, receiver.accepted, receiver.refused], [[first], { http: first }, { http: 30_000 - first }]);
});

describe('where senders have all the memory that there is', () => {
  const full = () => {
    const memory = createMemoryBudget(1_000);
    memory.add(() => 1_000);
    return memory;
  };

  test('a large body is refused over HTTP, to be sent again, and a small one is read', async (t) => {
    const receiver = await startReceiver(t, {}, undefined, full());
    const large = await send(receiver.http, { headers, body: request(5_000) });
    assert.deepEqual([large.status, large.headers['retry-after']], [503, '1']);
    assert.match(statusOf(type, large.body).message, /--max-memory/);
    const bomb = await send(receiver.http, { headers: { ...headers, 'content-encoding': 'gzip' }, body: gzipSync(empties) });
    assert.equal(bomb.status, 503);
    assert.equal((await send(receiver.http, { headers, body: request(1) })).status, 200);
    assert.deepEqual([receiver.batches, receiver.refusals], [[1], { no_memory: 2 }]);
  });

  test('a large message is refused over gRPC', async (t) => {
    const receiver = await startReceiver(t, {}, undefined, full());
    const grpc = await session(t, receiver.grpc);
    assert.equal((await call(grpc, frame(request(5_000)))).grpcStatus, 14);
    assert.equal((await call(grpc, frame(request(1)))).grpcStatus, 0);
    assert.deepEqual(receiver.refusals, { no_memory: 1 });
  });
});

test('bodies that arrive, and what reading them takes, count as memory of the service until they are answered', async (t) => {
  const memory = createMemoryBudget(2 ** 30);
  let most = 0;
  const { promise, resolve } = Promise.withResolvers<Verdict>();
  const receiver = await startReceiver(
    t,
    {},
    () => {
      most = Math.max(most, memory.used);
      return promise;
    },
    memory,
  );
  const body = request(30_000);
  const answer = send(receiver.http, { headers, body });
  while (receiver.batches.length === 0) await new Promise(setImmediate);
  // The body, and an index of 44 bytes a point.
  assert.ok(most > body.length + 44 * 30_000, `${most} bytes`);
  resolve(undefined);
  assert.equal((await answer).status, 200);
  assert.equal(memory.used, 0);
});
