/** OTLP over gRPC: as gRPC's "PROTOCOL-HTTP2" and "Compression" have it, by gRPC's own client for Node.js and by raw HTTP/2. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, type TestContext, test } from 'node:test';
import { deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { Client, compressionAlgorithms, credentials, Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { until } from '../../../until.ts';
import { partialOf } from './answers.ts';
import { begin, call, exportPath, frame, session } from './grpc-client.ts';
import { open, send } from './http-client.ts';
import { request, startReceiver } from './receiver.ts';

const protobuf = 'application/x-protobuf';
const same = (bytes: Buffer): Buffer => bytes;

/** A unary call by grpc-js: the answer's bytes, or the error. */
function client(t: TestContext, host: string, options: Record<string, unknown> = {}) {
  const grpc = new Client(host, credentials.createInsecure(), options);
  t.after(() => grpc.close());
  return (body: Buffer, path = exportPath, deadlineMs?: number) =>
    new Promise<Buffer | ServiceError>((resolve) => {
      const deadline = deadlineMs === undefined ? {} : { deadline: Date.now() + deadlineMs };
      grpc.makeUnaryRequest(path, same, same, body, new Metadata(), deadline, (error, answer) =>
        resolve(error ?? (answer as Buffer)),
      );
    });
}

function codeOf(answer: Buffer | ServiceError): number {
  return Buffer.isBuffer(answer) ? status.OK : answer.code;
}

describe('grpc-js', () => {
  test('has its points taken', async (t) => {
    const receiver = await startReceiver(t);
    const grpc = client(t, receiver.grpc);
    // Larger than a DATA frame and than the first window of HTTP/2.
    for (const body of [request(1), request(300), request(12_000), Buffer.alloc(0)]) {
      const answer = await grpc(body);
      assert.ok(Buffer.isBuffer(answer), String(answer));
      assert.equal(answer.length, 0);
    }
    assert.deepEqual([receiver.batches, receiver.accepted], [[1, 300, 12_000], { grpc: 12_301 }]);
  });

  for (const [name, algorithm] of [
    ['gzip', compressionAlgorithms.gzip],
    ['deflate', compressionAlgorithms.deflate],
  ] as const)
    test(`may compress by ${name}`, async (t) => {
      const receiver = await startReceiver(t);
      const grpc = client(t, receiver.grpc, { 'grpc.default_compression_algorithm': algorithm });
      assert.equal(codeOf(await grpc(request(300))), status.OK);
      assert.deepEqual(receiver.batches, [300]);
    });

  test('reads why points were not taken', async (t) => {
    const { grpc } = await startReceiver(t, {}, () => ({ points: 2, why: 'too many series' }));
    const answer = await client(t, grpc)(request(3));
    assert.ok(Buffer.isBuffer(answer));
    assert.deepEqual(partialOf(protobuf, answer), { rejected: 2, message: 'too many series' });
  });

  test('reads why a request was refused', async (t) => {
    const receiver = await startReceiver(t, { grpc: { max_recv_msg_size_mib: 1 } }, () => {
      throw new Error('wrong inside');
    });
    const grpc = client(t, receiver.grpc);
    assert.equal(codeOf(await grpc(Buffer.from('xxx'))), status.INVALID_ARGUMENT);
    assert.equal(codeOf(await grpc(Buffer.alloc(1_048_577))), status.RESOURCE_EXHAUSTED);
    assert.equal(
      codeOf(await grpc(Buffer.alloc(0), '/opentelemetry.proto.collector.trace.v1.TraceService/Export')),
      status.UNIMPLEMENTED,
    );
    const failed = await grpc(request(1));
    assert.equal(codeOf(failed), status.INTERNAL);
    assert.doesNotMatch(String(failed), /wrong inside/);
    // The message may be empty: a request without points. Fields unknown to us are skipped.
    assert.equal(codeOf(await grpc(Buffer.from('xxxx'))), status.OK);
    assert.deepEqual(receiver.refusals, { unreadable: 1, too_large: 1, unsupported: 1, failed: 1 });
    const bomb = client(t, receiver.grpc, { 'grpc.default_compression_algorithm': compressionAlgorithms.gzip });
    assert.equal(codeOf(await bomb(Buffer.alloc(1_048_577))), status.RESOURCE_EXHAUSTED);
  });

  test('finishes its call at shutdown, and calls no more', async (t) => {
    const receiver = await startReceiver(t);
    const grpc = client(t, receiver.grpc);
    assert.equal(codeOf(await grpc(request(1))), status.OK);
    await receiver.stop();
    assert.equal(codeOf(await grpc(request(1), exportPath, 60_000)), status.UNAVAILABLE);
  });
});

describe('a call', () => {
  const message = request(3);
  test('is answered with one empty message, and its status in the trailers', async (t) => {
    const { grpc } = await startReceiver(t);
    const on = await session(t, grpc);
    for (const type of ['application/grpc', 'application/grpc+proto', 'application/grpc; x=y']) {
      const answer = await call(on, frame(message), { 'content-type': type });
      assert.deepEqual([answer.status, answer.grpcStatus, answer.trailersOnly, answer.body], [200, 0, false, Buffer.alloc(5)]);
      assert.equal(answer.headers['content-type'], 'application/grpc');
    }
  });

  test('may arrive byte by byte', async (t) => {
    const receiver = await startReceiver(t);
    const { stream, answer } = begin(await session(t, receiver.grpc));
    for (const byte of frame(request(1))) stream.write(Buffer.of(byte));
    stream.end();
    assert.deepEqual([(await answer).grpcStatus, receiver.batches], [0, [1]]);
  });

  const wrong: readonly [string, Uint8Array, Record<string, string>, number | undefined, number?][] = [
    ['without a message', Buffer.alloc(0), {}, status.INTERNAL],
    ['with half a head', Buffer.of(0, 0, 0), {}, status.INTERNAL],
    ['with half a message', frame(message.subarray(1), 0, message.length), {}, status.INTERNAL],
    ['with two messages', Buffer.concat([frame(message), frame(message)]), {}, status.INTERNAL],
    ['with an unknown flag', frame(message, 2), {}, status.INTERNAL],
    ['compressed without saying how', frame(gzipSync(message), 1), {}, status.INTERNAL],
    ['with broken gzip', frame(Buffer.from('no gzip'), 1), { 'grpc-encoding': 'gzip' }, status.INTERNAL],
    ['with too large a message', frame(Buffer.alloc(0), 0, 4 * 1_048_576 + 1), {}, status.RESOURCE_EXHAUSTED],
    [
      'with a gzip bomb',
      frame(gzipSync(Buffer.alloc(4 * 1_048_576 + 1)), 1),
      { 'grpc-encoding': 'gzip' },
      status.RESOURCE_EXHAUSTED,
    ],
    ['with an unknown compression', frame(message, 1), { 'grpc-encoding': 'snappy' }, status.UNIMPLEMENTED],
    ['of another service', frame(message), { ':path': '/a.B/C' }, status.UNIMPLEMENTED],
    ['of another method', frame(message), { ':path': exportPath.replace('Export', 'Import') }, status.UNIMPLEMENTED],
    ['with a malformed grpc-timeout', frame(message), { 'grpc-timeout': '1 day' }, undefined, 400],
    ['of another type', frame(message), { 'content-type': 'application/json' }, undefined, 415],
    ['of gRPC-Web', frame(message), { 'content-type': 'application/grpc-web' }, undefined, 415],
    ['of gRPC with JSON', frame(message), { 'content-type': 'application/grpc+json' }, undefined, 415],
    ['by GET', Buffer.alloc(0), { ':method': 'GET' }, undefined, 405],
  ];
  for (const [what, body, headers, grpcStatus, http = 200] of wrong)
    test(`${what} is refused, and the connection goes on`, async (t) => {
      const receiver = await startReceiver(t);
      const on = await session(t, receiver.grpc);
      const answer = await call(on, body, headers);
      assert.deepEqual([answer.status, answer.grpcStatus, answer.body.length], [http, grpcStatus, 0]);
      if (grpcStatus !== undefined) assert.deepEqual([answer.trailersOnly, answer.message !== ''], [true, true]);
      if (grpcStatus === status.UNIMPLEMENTED) assert.equal(answer.headers['grpc-accept-encoding'], 'identity,deflate,gzip,zstd');
      assert.deepEqual(receiver.batches, []);
      assert.equal((await call(on, frame(message))).grpcStatus, 0);
    });

  test('may say how it would compress, and not compress', async (t) => {
    const { grpc } = await startReceiver(t);
    const on = await session(t, grpc);
    for (const [encoding, body] of [
      ['gzip', frame(message)],
      ['gzip', frame(gzipSync(message), 1)],
      ['deflate', frame(deflateSync(message), 1)],
      ['zstd', frame(zstdCompressSync(message), 1)],
    ] as const)
      assert.equal((await call(on, body, { 'grpc-encoding': encoding })).grpcStatus, 0);
  });

  test('that does not end within its grpc-timeout is DEADLINE_EXCEEDED', async (t) => {
    const receiver = await startReceiver(t);
    const on = await session(t, receiver.grpc);
    for (const timeout of ['50m', '1000u', '1n']) {
      const { stream, answer } = begin(on, { 'grpc-timeout': timeout });
      stream.write(frame(message).subarray(0, 9));
      assert.equal((await answer).grpcStatus, status.DEADLINE_EXCEEDED);
    }
    assert.deepEqual([receiver.batches, receiver.refusals], [[], { too_slow: 3 }]);
    assert.equal((await call(on, frame(message), { 'grpc-timeout': '99999999H' })).grpcStatus, 0);
  });

  test('under way at shutdown is answered after GOAWAY', async (t) => {
    const receiver = await startReceiver(t);
    const on = await session(t, receiver.grpc);
    const { stream, answer } = begin(on);
    stream.write(frame(message).subarray(0, 9));
    assert.equal((await call(on, frame(message))).grpcStatus, 0);
    const goaway = once(on, 'goaway');
    const stopped = receiver.stop();
    const [code] = await goaway;
    assert.equal(code, 0);
    stream.end(frame(message).subarray(9));
    assert.equal((await answer).grpcStatus, 0);
    await stopped;
    assert.deepEqual(receiver.batches, [3, 3]);
  });

  test('that its client gives up leaves nothing behind', async (t) => {
    const receiver = await startReceiver(t);
    const on = await session(t, receiver.grpc);
    const { stream, answer } = begin(on);
    answer.catch(() => {});
    stream.write(frame(message).subarray(0, 9));
    stream.close(8);
    assert.equal((await call(on, frame(message))).grpcStatus, 0);
    assert.deepEqual([receiver.batches, receiver.refusals], [[3], {}]);
  });
});

describe('a connection of gRPC', () => {
  test('that speaks HTTP/1.1 is answered 400 with the right port', async (t) => {
    const { grpc } = await startReceiver(t);
    for (const sent of [{ method: 'GET' }, { headers: { 'content-type': protobuf }, body: request(1) }]) {
      const answer = await send(grpc, sent);
      assert.deepEqual([answer.status, answer.body.toString()], [400, 'this is the gRPC port; OTLP over HTTP is 4318']);
    }
  });

  test('that speaks TLS, or nothing known, ends', async (t) => {
    const { grpc } = await startReceiver(t);
    const { socket, text, closed } = await open(t, grpc);
    socket.write(Buffer.of(0x16, 3, 1, 0, 200, 1));
    await closed;
    assert.equal(text(), '');
  });

  test('ends after max_connection_idle, and not while a call is under way', async (t) => {
    const receiver = await startReceiver(t, { grpc: { keepalive: { server_parameters: { max_connection_idle: '50ms' } } } });
    const [idle, busy] = [await session(t, receiver.grpc), await session(t, receiver.grpc)];
    const { stream, answer } = begin(busy);
    stream.write(frame(message()).subarray(0, 9));
    await once(idle, 'close');
    stream.end(frame(message()).subarray(9));
    assert.equal((await answer).grpcStatus, 0);
  });

  test('is old after max_connection_age, and cut max_connection_age_grace later', async (t) => {
    const server_parameters = { max_connection_age: '50ms', max_connection_age_grace: '50ms' };
    const receiver = await startReceiver(t, { grpc: { keepalive: { server_parameters } } });
    const on = await session(t, receiver.grpc);
    const { answer } = begin(on);
    answer.catch(() => {});
    const goaway = once(on, 'goaway');
    const closed = once(on, 'close');
    // RFC 9113, section 7: NO_ERROR.
    assert.equal((await goaway)[0], 0);
    await closed;
  });

  test('is pinged after time, and ends without an answer within timeout', async (t) => {
    const server_parameters = { time: '50ms', timeout: '50ms' };
    const receiver = await startReceiver(t, { grpc: { keepalive: { server_parameters } } });
    const alive = await session(t, receiver.grpc);
    let pings = 0;
    alive.on('ping', () => pings++);
    // It speaks HTTP/2 as far as the settings, and answers no ping.
    const dead = await open(t, receiver.grpc);
    dead.socket.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
    dead.socket.write(Buffer.of(0, 0, 0, 4, 0, 0, 0, 0, 0));
    await dead.closed;
    await until('pinged twice', () => pings > 1);
    assert.equal(alive.closed, false);
  });

  test('ends at shutdown even if its client does nothing', async (t) => {
    const receiver = await startReceiver(t);
    const silent = await open(t, receiver.grpc);
    const half = await open(t, receiver.grpc);
    half.socket.write('PRI * HTTP/2.0');
    const idle = await session(t, receiver.grpc);
    // Each of these comes to its end, or the test to its timeout.
    await Promise.all([receiver.stop(), silent.closed, half.closed, once(idle, 'close')]);
    assert.equal(idle.destroyed, true);
  });
});

function message(): Buffer {
  return request(3);
}
