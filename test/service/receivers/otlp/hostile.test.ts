/** What no sender should do, while an honest one goes on. */
import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { constants, gzipSync, zstdCompressSync } from 'node:zlib';
import { until } from '../../../until.ts';
import { statusOf } from './answers.ts';
import { begin, call, frame, session } from './grpc-client.ts';
import { open, send } from './http-client.ts';
import { type Received, request, startReceiver } from './receiver.ts';

const protobuf = { 'content-type': 'application/x-protobuf' };
const json = { 'content-type': 'application/json' };
const head = 'POST /v1/metrics HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-protobuf\r\n';
const mib = 1_048_576;
/** Above the limit of 20 MiB once decompressed. */
const zeros = Buffer.alloc(200 * mib);

/** Sends over both protocols until the end of the test; every answer is a good one. */
async function honest(t: TestContext, receiver: Received): Promise<{ answers: () => number; stop: () => Promise<void> }> {
  const on = await session(t, receiver.grpc);
  const body = request(10);
  let count = 0;
  let going = true;
  const loop = (async () => {
    while (going) {
      const { status } = await send(receiver.http, { headers: protobuf, body });
      const { grpcStatus } = await call(on, frame(body));
      assert.deepEqual([status, grpcStatus], [200, 0]);
      count++;
    }
  })();
  loop.catch(() => {});
  return {
    answers: () => count,
    async stop() {
      going = false;
      await loop;
    },
  };
}

/** `attack` runs beside the honest sender, who is answered before, during and after. */
async function beside(t: TestContext, receiver: Received, attack: () => Promise<void>): Promise<void> {
  const sender = await honest(t, receiver);
  await until('answers before', () => sender.answers() > 2);
  await attack();
  const before = sender.answers();
  await until('answers after', () => sender.answers() > before + 2);
  await sender.stop();
}

describe('an honest sender goes on beside', () => {
  test('compression bombs', async (t) => {
    const receiver = await startReceiver(t);
    const on = await session(t, receiver.grpc);
    const bombs = { gzip: gzipSync(zeros), zstd: zstdCompressSync(zeros) };
    // In zlib's own threads too: behind 100 KB that do not compress.
    const noise = Buffer.from(Array.from({ length: 100_000 }, (_, at) => (at * at * 31) % 251));
    const large = gzipSync(Buffer.concat([noise, zeros]), { level: 1 });
    const stored = Buffer.concat([gzipSync(noise, { level: 0 }), gzipSync(zeros)]);
    assert.ok(stored.length > 65_536);
    await beside(t, receiver, async () => {
      for (const [encoding, body] of [...Object.entries(bombs), ['gzip', large], ['gzip', stored]] as const) {
        const answer = await send(receiver.http, { headers: { ...protobuf, 'content-encoding': encoding }, body });
        assert.deepEqual([answer.status, statusOf('application/x-protobuf', answer.body).code], [413, 8]);
      }
      assert.equal((await call(on, frame(bombs.gzip, 1), { 'grpc-encoding': 'gzip' })).grpcStatus, 8);
    });
  });

  test('a zstd window of 128 MiB', async (t) => {
    const receiver = await startReceiver(t);
    const body = zstdCompressSync(zeros.subarray(0, mib), {
      params: { [constants.ZSTD_c_windowLog]: 27, [constants.ZSTD_c_contentSizeFlag]: 0 },
    });
    await beside(t, receiver, async () => {
      const answer = await send(receiver.http, {
        headers: { ...protobuf, 'content-encoding': 'zstd' },
        body: Buffer.concat([body, body]),
      });
      // Refused for its window (RFC 9659), or read: the frame may say that it needs less.
      assert.ok([200, 400].includes(answer.status), String(answer.status));
    });
  });

  test('100 MB', async (t) => {
    const receiver = await startReceiver(t);
    const body = zeros.subarray(0, 100_000_000);
    const on = await session(t, receiver.grpc);
    await beside(t, receiver, async () => {
      assert.equal((await send(receiver.http, { headers: { ...protobuf, 'content-length': body.length }, body })).status, 413);
      assert.equal((await send(receiver.http, { headers: { ...protobuf, 'transfer-encoding': 'chunked' }, body })).status, 413);
      assert.equal((await call(on, frame(body))).grpcStatus, 8);
    });
  });

  test('values nested 10,000 deep', async (t) => {
    const receiver = await startReceiver(t);
    const on = await session(t, receiver.grpc);
    const deep = nested(10_000);
    const text = `{"resourceMetrics":[{"resource":{"attributes":[{"key":"k","value":${'{"arrayValue":{"values":['.repeat(10_000)}${']}}'.repeat(10_000)}}]}}]}`;
    assert.doesNotThrow(() => JSON.parse(text));
    await beside(t, receiver, async () => {
      assert.equal((await send(receiver.http, { headers: protobuf, body: deep })).status, 400);
      assert.equal((await send(receiver.http, { headers: json, body: text })).status, 400);
      assert.equal((await send(receiver.http, { headers: json, body: '['.repeat(1_000_000) })).status, 400);
      assert.equal((await call(on, frame(deep))).grpcStatus, 3);
    });
  });

  test('a byte a second on 200 connections', async (t) => {
    const receiver = await startReceiver(t);
    const slow = await Promise.all(Array.from({ length: 200 }, () => open(t, receiver.http)));
    const calls = Array.from({ length: 99 }, () => begin);
    const on = await session(t, receiver.grpc);
    const streams = calls.map((one) => one(on));
    for (const { answer } of streams) answer.catch(() => {});
    for (const { socket } of slow) socket.write(`${head}Content-Length: 20000000\r\n\r\n`);
    const drip = setInterval(() => {
      for (const { socket } of slow) socket.write('x');
      for (const { stream } of streams) if (!stream.closed) stream.write(Buffer.of(0));
    }, 1_000);
    t.after(() => clearInterval(drip));
    await beside(t, receiver, () => new Promise((resolve) => setTimeout(resolve, 2_500)));
    clearInterval(drip);
    assert.equal(slow.filter(({ socket }) => socket.destroyed).length, 0);
  });

  test('1,000 idle connections, and they end at shutdown', async (t) => {
    const receiver = await startReceiver(t);
    const idle = await Promise.all(
      Array.from({ length: 1_000 }, (_, at) => open(t, at % 2 === 0 ? receiver.http : receiver.grpc)),
    );
    await beside(t, receiver, async () => {});
    assert.equal(idle.filter(({ socket }) => socket.destroyed).length, 0);
    await receiver.stop();
    await Promise.all(idle.map(({ closed }) => closed));
  });

  test('half a body', async (t) => {
    const receiver = await startReceiver(t, { http: { read_timeout: '500ms' } });
    const { socket, text, closed } = await open(t, receiver.http);
    await beside(t, receiver, async () => {
      socket.write(`${head}Content-Length: 1000\r\n\r\n${'x'.repeat(500)}`);
      await closed;
    });
    assert.match(text(), /^HTTP\/1\.1 408 /);
    const left = await open(t, receiver.http);
    left.socket.end(`${head}Content-Length: 1000\r\n\r\n${'x'.repeat(500)}`);
    await left.closed;
    assert.deepEqual(
      receiver.batches.filter((points) => points !== 10),
      [],
    );
  });

  test('bodies that take more memory than there is: the slowest give way', async (t) => {
    const receiver = await startReceiver(t, { http: { max_request_body_size: 100_000 } });
    // Eight of the largest fit.
    const slow = [];
    for (let at = 0; at < 12; at++) {
      const one = await open(t, receiver.http);
      one.socket.write(`${head}Content-Length: 100000\r\n\r\n`);
      one.socket.write(Buffer.alloc(70_000));
      slow.push(one);
      // In this order.
      await send(receiver.http, { headers: protobuf, body: request(1) });
    }
    await beside(t, receiver, async () => {});
    await Promise.all(slow.slice(0, 4).map(({ closed }) => closed));
    for (const { text } of slow.slice(0, 4)) assert.match(text(), /^HTTP\/1\.1 503 /);
    for (const { text } of slow.slice(0, 4)) assert.match(text(), /retry-after: 1/i);
    // One more may have made room for the honest sender.
    for (const { text, socket } of slow.slice(5)) assert.deepEqual([text(), socket.destroyed], ['', false]);
    assert.ok([4, 5].includes(receiver.refusals.crowded_out ?? 0), JSON.stringify(receiver.refusals));
  });
});

/** `resource_metrics` 1, `resource` 1, `attributes` 1, `value` 2, then `array_value` 5 and `values` 1 in turn. */
function nested(depth: number): Buffer {
  let inner: Buffer = Buffer.alloc(0);
  const parts: Buffer[] = [];
  let length = 0;
  const wrap = (field: number): void => {
    const varint = [];
    for (let rest = length; ; rest >>= 7) {
      varint.push(rest > 127 ? (rest & 127) | 128 : rest);
      if (rest <= 127) break;
    }
    inner = Buffer.from([field * 8 + 2, ...varint]);
    parts.push(inner);
    length += inner.length;
  };
  for (let at = 0; at < depth; at++) {
    wrap(1);
    wrap(5);
  }
  for (const field of [2, 1, 1, 1]) wrap(field);
  return Buffer.concat(parts.reverse());
}
