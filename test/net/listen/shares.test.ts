/** What a connection can have begun in one turn of the event loop, and that nothing of what it sends is lost or out of order. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { beginInTurn, bytesThatWait, inItsShare, readInShares } from '../../../src/net/listen/shares.ts';
import { until } from '../../until.ts';

async function start(t: TestContext, handle: RequestListener): Promise<number> {
  const server = createServer((request, response) =>
    inItsShare(request.socket, request, () => {
      if (!request.socket.destroyed) handle(request, response);
    }),
  ).on('connection', readInShares);
  t.after(() => server.closeAllConnections());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  t.after(() => server.close());
  return (server.address() as AddressInfo).port;
}

async function open(t: TestContext, port: number): Promise<{ readonly socket: Socket; text(): string }> {
  const socket = connect(port, '127.0.0.1');
  t.after(() => socket.destroy());
  let text = '';
  socket.setEncoding('latin1').on('data', (part: string) => {
    text += part;
  });
  await once(socket, 'connect');
  return { socket, text: () => text };
}

/** One that has sent so many bytes, which nobody has read. */
function fakeSocket(readableLength: number): Socket {
  const socket = { readableLength, destroyed: false, destroy: () => Object.assign(socket, { destroyed: true }) };
  return socket as unknown as Socket;
}

const request = (path: string) => `GET /${path} HTTP/1.1\r\nHost: x\r\n\r\n`;
const answersIn = (text: string) => text.match(/HTTP\/1\.1 200/g)?.length ?? 0;

test('thousands of requests at once on eight connections: few begin in a turn, another client is not behind them, all are answered in order', async (t) => {
  let [inTurn, mostInTurn, answered, beforeHonest] = [0, 0, 0, 0];
  const counting = setImmediate(function next() {
    [mostInTurn, inTurn] = [Math.max(mostInTurn, inTurn), 0];
    if (going) setImmediate(next);
  });
  let going = true;
  t.after(() => clearImmediate(counting));
  const port = await start(t, ({ url }, response) => {
    inTurn++;
    answered++;
    if (url === '/honest') beforeHonest = answered;
    // What a small request costs.
    for (const end = performance.now() + 0.05; performance.now() < end; );
    response.end(`${url}\n`);
  });
  const count = 1_000;
  const hostile = await Promise.all(Array.from({ length: 8 }, () => open(t, port)));
  const honest = await open(t, port);
  const all = Array.from({ length: count }, (_, at) => request(String(at))).join('');
  for (const { socket } of hostile) socket.write(all);
  await until('the first answer', () => answered > 0);
  honest.socket.write(request('honest'));
  await until('the honest answer', () => answersIn(honest.text()) === 1);
  await until('all answers', () => hostile.every(({ text }) => answersIn(text()) === count));
  going = false;
  const lines = hostile.map(({ text }) => text().match(/^\/\d+$/gm) ?? []);
  for (const own of lines)
    assert.deepEqual(
      own,
      Array.from({ length: count }, (_, at) => `/${at}`),
    );
  assert.ok(mostInTurn <= 200, `${mostInTurn} requests began in one turn`);
  assert.ok(beforeHonest <= 2_000, `${beforeHonest} requests went ahead of the honest one`);
});

test('bodies of any size arrive whole between small requests, with a length or in chunks', async (t) => {
  const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
  const port = await start(t, async (asked, response) => {
    const parts: Buffer[] = [];
    for await (const part of asked) parts.push(part);
    response.end(`${asked.method} ${hash(Buffer.concat(parts))}\n`);
  });
  const bodies = [0, 1, 4_000, 4_096, 5_000, 65_536, 300_000].map((length) => Buffer.alloc(length, `${length} bytes `));
  const head = 'POST / HTTP/1.1\r\nHost: x\r\n';
  const sent = bodies.flatMap((body) => [
    Buffer.from(`${head}Content-Length: ${body.length}\r\n\r\n`),
    body,
    Buffer.from(
      `${request('between')}${head}Transfer-Encoding: chunked\r\n\r\n${body.length === 0 ? '' : `${body.length.toString(16)}\r\n`}`,
    ),
    body,
    Buffer.from(`${body.length === 0 ? '' : '\r\n'}0\r\n\r\n`),
  ]);
  const { socket, text } = await open(t, port);
  socket.write(Buffer.concat(sent));
  await until('all answers', () => answersIn(text()) === 3 * bodies.length);
  const expected = bodies.flatMap((body) => [`POST ${hash(body)}`, `GET ${hash(Buffer.alloc(0))}`, `POST ${hash(body)}`]);
  assert.deepEqual(text().match(/^(?:POST|GET) \w+$/gm), expected);
});

test('connections of HTTP/2 that are new begin one a turn, behind the requests of others', async () => {
  const order: string[] = [];
  let [inTurn, mostInTurn, going] = [0, 0, true];
  setImmediate(function next() {
    [mostInTurn, inTurn] = [Math.max(mostInTurn, inTurn), 0];
    if (going) setImmediate(next);
  });
  const arrived = Array.from({ length: 8 }, () => fakeSocket(100));
  for (const socket of arrived)
    beginInTurn(socket, () => {
      inTurn++;
      order.push('connection');
    });
  assert.equal(bytesThatWait(), 800);
  for (let at = 0; at < 100; at++) inItsShare({}, undefined, () => order.push('request'));
  await until('all have begun', () => order.length === 108);
  going = false;
  assert.equal(mostInTurn, 1);
  assert.equal(order.indexOf('connection'), 100);
  assert.equal(bytesThatWait(), 0);
});

test('of new connections, 64 MiB wait at most; one beyond ends', async () => {
  const begun: number[] = [];
  const sockets = [40, 30, 20].map((size) => fakeSocket(size * 1_048_576));
  for (const [at, socket] of sockets.entries()) beginInTurn(socket, () => begun.push(at));
  assert.deepEqual(
    sockets.map(({ destroyed }) => destroyed),
    [false, true, false],
  );
  await until('the others have begun', () => begun.length === 2);
  assert.deepEqual(begun, [0, 2]);
});
