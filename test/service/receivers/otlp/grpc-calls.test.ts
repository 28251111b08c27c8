/** How many calls a client may begin, and give up again. */
import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { constants } from 'node:http2';
import { connect } from 'node:net';
import { test } from 'node:test';
import { createRoom } from '../../../../src/service/receivers/otlp/room.ts';
import { floods } from '../../../attack/floods.ts';
import { until } from '../../../until.ts';
import { begin, call, frame, session } from './grpc-client.ts';
import { request, startReceiver } from './receiver.ts';

async function cancelled(on: Awaited<ReturnType<typeof session>>, calls: number): Promise<void> {
  const streams = Array.from({ length: calls }, () => {
    const { stream, answer } = begin(on);
    answer.catch(() => {});
    return stream;
  });
  const ends = streams.map((stream) => new Promise((resolve) => stream.once('close', resolve)));
  for (const stream of streams) stream.close(constants.NGHTTP2_CANCEL);
  await Promise.all(ends);
}

test('a client that cancels 100 calls at once, as when all are out of time, goes on', async (t) => {
  const receiver = await startReceiver(t);
  const client = await session(t, receiver.grpc);
  await cancelled(client, 100);
  assert.equal((await call(client, frame(request(1)))).grpcStatus, 0);
  assert.equal(receiver.refusals.too_many_resets, undefined);
});

// RFC 9113, section 10.5, and CVE-2023-44487.
test('a client that goes on cancelling gets GOAWAY with ENHANCE_YOUR_CALM; another one does not notice', async (t) => {
  const receiver = await startReceiver(t);
  const [hostile, honest] = [await session(t, receiver.grpc), await session(t, receiver.grpc)];
  let goaway: number | undefined;
  hostile.on('goaway', (code) => {
    goaway = code;
  });
  for (let round = 0; round < 20 && !hostile.destroyed; round++) {
    await cancelled(hostile, 50);
    // The service has read them.
    if (!hostile.destroyed) await new Promise((resolve) => hostile.ping(resolve));
  }
  await until('GOAWAY', () => goaway !== undefined);
  assert.equal(goaway, constants.NGHTTP2_ENHANCE_YOUR_CALM);
  assert.equal(receiver.refusals.too_many_resets, 1);
  assert.equal((await call(honest, frame(request(1)))).grpcStatus, 0);
});

test('a client that cancels a thousand calls at once ends, too, and is counted', async (t) => {
  const receiver = await startReceiver(t);
  const hostile = await session(t, receiver.grpc);
  for (let round = 0; round < 10; round++) await cancelled(hostile, 100);
  await until('the end', () => hostile.destroyed);
  assert.equal(receiver.refusals.too_many_resets, 1);
});

test('a client whose first bytes cancel more calls than it may ends before any of them is one', async (t) => {
  const receiver = await startReceiver(t);
  let created = 0;
  const count = () => {
    created++;
  };
  subscribe('http2.server.stream.created', count);
  t.after(() => unsubscribe('http2.server.stream.created', count));
  const { port, hostname } = new URL(`http://${receiver.grpc}`);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => {});
  t.after(() => socket.destroy());
  const parts: Buffer[] = [];
  socket.on('data', (part) => parts.push(part));
  socket.write(floods['rapid resets'].first);
  await once(socket, 'close');
  // SETTINGS, and GOAWAY with ENHANCE_YOUR_CALM (RFC 9113, sections 6.5, 6.8 and 7).
  assert.equal(Buffer.concat(parts).toString('hex'), '000000040000000000000008070000000000000000000000000b');
  assert.equal(created, 0);
  assert.equal(receiver.refusals.too_many_resets, 1);
  const honest = await session(t, receiver.grpc);
  assert.equal((await call(honest, frame(request(1)))).grpcStatus, 0);
});

test('a connection may have 100 calls at a time; beside a thousand others, 10', async (t) => {
  const receiver = await startReceiver(t);
  const allowed = async (): Promise<number | undefined> => {
    const [settings] = await once(await session(t, receiver.grpc), 'remoteSettings');
    return settings.maxConcurrentStreams;
  };
  assert.equal(await allowed(), 100);
  await Promise.all(Array.from({ length: 1_000 }, allowed));
  assert.equal(await allowed(), 10);
});

test('a request counts before it has sent anything; one beyond 10,000 ends the one that has waited the longest', () => {
  const room = createRoom(100_000_000);
  const gone: [number, string][] = [];
  const enter = (at: number) => room.enter({}, (why) => gone.push([at, why]));
  const all = Array.from({ length: 10_000 }, (_, at) => enter(at));
  assert.equal(room.held, 10_000 * 8_192);
  all[0]?.keep();
  enter(10_000);
  assert.deepEqual(gone, []);
  enter(10_001);
  assert.deepEqual(gone, [[1, 'too_many']]);
});

test('while there is no memory, one beyond 1,000 ends the two that have waited the longest; where there is some again, none', () => {
  let left = 1;
  const room = createRoom(100_000_000, () => left);
  const gone: [number, string][] = [];
  const enter = (at: number) => room.enter({}, (why) => gone.push([at, why]));
  for (let at = 0; at < 1_002; at++) enter(at);
  assert.deepEqual(gone, []);
  left = 0;
  enter(1_002);
  assert.deepEqual(gone, [
    [0, 'too_many'],
    [1, 'too_many'],
  ]);
  for (let at = 0; at < 1_000; at++) enter(2_000 + at);
  assert.equal(room.held, 1_000 * 8_192);
  left = 1;
  const before = gone.length;
  enter(3_000);
  assert.equal(gone.length, before);
});
