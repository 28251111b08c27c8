/** Connections, as a receiver sees them. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import type { Connections } from '../../../src/push/otlp-http/client-settings.ts';
import { createPoster } from '../../../src/push/otlp-http/post.ts';
import { DEADLINE_MS, until } from '../../until.ts';

interface Request {
  /** Of the connections, in the order in which they came. */
  readonly connection: number;
  readonly head: string;
  readonly body: Buffer;
}

const ok = 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n';
const kept: Connections = { keepAlive: true, maxFreeSockets: 10 };
const signal = new AbortController().signal;

/** @param answer what follows on a request, whole */
async function talk(t: TestContext, answer: (socket: Socket, request: Request) => void, connections = kept, credentials = '') {
  const requests: Request[] = [];
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    const connection = sockets.push(socket) - 1;
    let bytes = Buffer.alloc(0);
    socket.on('error', () => {});
    socket.on('data', (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk]);
      const end = bytes.indexOf('\r\n\r\n') + 4;
      const length = Number(/^content-length: (\d+)/im.exec(bytes.toString('latin1', 0, end))?.[1]);
      if (end < 4 || bytes.length < end + length) return;
      const request = { connection, head: bytes.toString('latin1', 0, end), body: bytes.subarray(end) };
      bytes = Buffer.alloc(0);
      requests.push(request);
      answer(socket, request);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const poster = await createPoster(new URL(`http://${credentials}127.0.0.1:${port}/v1/metrics?a=b`), {}, connections);
  t.after(() => {
    poster.close();
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const post = (headers: Record<string, string> = {}, body = Buffer.from('points')) => poster.post(headers, body, signal);
  return { port, poster, post, requests, sockets };
}

const yes = (socket: Socket): void => {
  socket.write(ok);
};

test('a connection carries one request after the other', async (t) => {
  const { port, post, requests } = await talk(t, yes);
  for (let n = 0; n < 3; n++) assert.equal((await post({ 'x-a': 'b' })).answer?.status, 200);
  const head = `POST /v1/metrics?a=b HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nconnection: keep-alive\r\nx-a: b\r\ncontent-length: 6\r\n\r\n`;
  assert.deepEqual(
    requests.map((request) => ({ ...request, body: request.body.toString() })),
    [0, 1, 2].map(() => ({ connection: 0, head, body: 'points' })),
  );
});

test('requests at the same time have a connection each, of which so many are kept', async (t) => {
  const { post, sockets } = await talk(t, yes, { ...kept, maxFreeSockets: 2 });
  await Promise.all([post(), post(), post()]);
  assert.equal(sockets.length, 3);
  await until('one is closed', () => sockets.filter(({ destroyed }) => destroyed).length === 1);
  await Promise.all([post(), post()]);
  assert.equal(sockets.length, 3);
});

for (const size of [0, 16_384, 16_385, 3_000_000])
  test(`a body of ${size} bytes arrives as it is`, async (t) => {
    const { post, requests } = await talk(t, yes);
    const body = Buffer.from(Uint8Array.from({ length: size }, (_, at) => (at * 7) % 256));
    for (let n = 0; n < 2; n++) assert.equal((await post({}, body)).answer?.status, 200);
    for (const request of requests) assert.ok(request.body.equals(body));
  });

const notKept: readonly [name: string, answer: string, over?: Partial<Connections>][] = [
  ['the receiver says so', 'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n'],
  ['more follows than was asked for', `${ok}${ok}`],
  ['the receiver closes it within a second', 'HTTP/1.1 200 OK\r\nKeep-Alive: timeout=1\r\nContent-Length: 0\r\n\r\n'],
  ['it is the setting', ok, { keepAlive: false }],
];
for (const [name, answer, over] of notKept)
  test(`a connection is not kept where ${name}`, async (t) => {
    const { post, requests, sockets } = await talk(t, (socket) => socket.write(answer), { ...kept, ...over });
    for (let n = 0; n < 2; n++) assert.equal((await post()).answer?.status, 200);
    assert.deepEqual(
      requests.map(({ connection }) => connection),
      [0, 1],
    );
    await until('both are closed', () => sockets.every(({ destroyed }) => destroyed));
    assert.equal(/^connection: close\r$/m.test(requests[0]?.head ?? ''), over !== undefined);
  });

test('an idle connection ends after its time', async (t) => {
  const { post, sockets } = await talk(t, yes, { ...kept, timeout: 20 });
  await post();
  await until('it is closed', () => sockets[0]?.destroyed === true);
  assert.equal((await post()).answer?.status, 200);
});

test('what a receiver says of its own accord is the answer to nothing', async (t) => {
  const { post, requests, sockets } = await talk(t, yes);
  await post();
  sockets[0]?.write('HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n');
  await until('it is closed', () => sockets[0]?.destroyed === true);
  assert.equal((await post()).answer?.status, 200);
  assert.equal(requests.at(-1)?.connection, 1);
});

test('a request on a kept connection that breaks was not seen, one on a new connection may have been', async (t) => {
  const { post } = await talk(t, (socket, { connection, body }) => {
    if (connection === 0 && body.toString() === 'first') socket.write(ok);
    else socket.resetAndDestroy();
  });
  await post({}, Buffer.from('first'));
  assert.deepEqual(await post(), { error: 'ECONNRESET', stale: true });
  assert.deepEqual(await post(), { error: 'ECONNRESET', stale: false });
});

test('an answer that breaks off in its head is none; one that breaks off in its body has a status', async (t) => {
  const answer = 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc';
  const { post } = await talk(t, (socket, { body }) => socket.end(answer.slice(0, Number(body))));
  assert.deepEqual(await post({}, Buffer.from('30')), { error: 'ECONNRESET', stale: false });
  const { answer: cut } = await post({}, Buffer.from(String(answer.length)));
  assert.deepEqual([cut?.status, cut?.whole, Buffer.from(cut?.bytes ?? []).toString()], [200, false, 'abc']);
});

test('an answer that is not HTTP is an error that says so', async (t) => {
  const { post } = await talk(t, (socket) => socket.write('220 mail.example ready\r\n'));
  assert.equal((await post()).error, 'the answer is not HTTP/1.1');
});

test('a receiver may answer before it has read', async (t) => {
  const tooLarge = 'HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n\r\n';
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket.on('error', () => {}));
    socket.once('data', () => socket.pause().write(tooLarge));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const poster = await createPoster(new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`), {}, kept);
  t.after(() => {
    poster.close();
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  for (let n = 1; n <= 2; n++) {
    assert.equal((await poster.post({}, Buffer.alloc(50_000_000), signal)).answer?.status, 413);
    assert.equal(sockets.length, n);
  }
});

test('an attempt ends with the signal, at once', async (t) => {
  const { poster, requests, sockets } = await talk(t, () => {});
  const limit = new AbortController();
  const posted = poster.post({}, Buffer.from('points'), limit.signal);
  await until('it is there', () => requests.length === 1);
  limit.abort(new Error('timed out'));
  assert.deepEqual(await posted, { error: 'timed out' });
  await until('it is closed', () => sockets[0]?.destroyed === true);
  assert.deepEqual(await poster.post({}, Buffer.from('points'), limit.signal), { error: 'timed out' });
  assert.equal(sockets.length, 1);
});

test('the end of the client is the end of its connections', async (t) => {
  const { poster, post, requests, sockets } = await talk(t, (socket, { body }) => body.length === 6 && socket.write(ok));
  await post();
  const open = [post(), post({}, Buffer.from('no answer'))];
  await until('they are there', () => requests.length === 3);
  poster.close();
  await Promise.all(open);
  await until('they are closed', () => sockets.every(({ destroyed }) => destroyed));
});

test('headers are the last word, but for the length', async (t) => {
  const { post, requests } = await talk(t, yes, kept, 'user:p%40ss@');
  await post();
  await post({ Host: 'collector', Authorization: 'Bearer a', 'Content-Length': '1', 'Transfer-Encoding': 'chunked', 'x-latin': 'é' });
  const [first, second] = requests.map(({ head }) => head.split('\r\n').slice(1, -2));
  assert.ok(first?.includes(`authorization: Basic ${Buffer.from('user:p@ss').toString('base64')}`));
  assert.deepEqual(second, ['Host: collector', 'Authorization: Bearer a', 'connection: keep-alive', 'x-latin: é', 'content-length: 6']);
});

for (const [name, headers] of Object.entries({
  'a line break in a value': { 'x-a': 'b\r\nx-c: d' },
  'a line break in a name': { 'x-a\r\nx-b': 'c' },
  'a character beyond a byte': { 'x-a': '→' },
}))
  test(`${name} is refused`, async (t) => {
    const { post, sockets } = await talk(t, yes);
    assert.match((await post(headers)).error ?? '', /^ERR_INVALID_(CHAR|HTTP_TOKEN)$/);
    assert.equal(sockets.length, 0);
  });

test('requests keep no listener behind', async (t) => {
  const { poster } = await talk(t, yes);
  const limit = new AbortController();
  const added = t.mock.method(limit.signal, 'addEventListener').mock;
  const removed = t.mock.method(limit.signal, 'removeEventListener').mock;
  for (let n = 0; n < 20; n++) await poster.post({}, Buffer.from('points'), limit.signal);
  assert.equal(added.callCount(), 20);
  assert.equal(removed.callCount(), 20);
});

test('nothing listens: the error says so', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  const poster = await createPoster(new URL(`http://127.0.0.1:${port}`), {}, kept);
  const limited = AbortSignal.timeout(DEADLINE_MS);
  assert.deepEqual(await poster.post({}, Buffer.from('points'), limited), { error: 'ECONNREFUSED', stale: false });
});
