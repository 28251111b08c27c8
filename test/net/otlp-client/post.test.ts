/** Attempts by either client, as a receiver sees them. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import type { Limit } from '../../../src/net/otlp-client/limit.ts';
import { createNodePoster } from '../../../src/net/otlp-client/node-poster.ts';
import type { Poster } from '../../../src/net/otlp-client/poster.ts';
import { createServicePoster } from '../../../src/service/exporters/otlp-http/service-poster.ts';
import { until } from '../../until.ts';

interface Request {
  /** Of the connections, in the order in which they came. */
  readonly connection: number;
  readonly head: string;
  readonly body: Buffer;
}

const ok = 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n';
const kept = { keepAlive: true, maxIdle: 10, idleMs: 2 ** 31 - 1 };
type Kept = typeof kept;
const ofService = (over: Partial<Kept> = {}) =>
  createServicePoster({ tls: () => ({}), ...kept, proxyOf: () => undefined, ...over });
/** The library's client has no settings. */
const clients: Readonly<Record<string, () => Poster | Promise<Poster>>> = {
  'node:http': () => createNodePoster({}),
  service: () => ofService(),
};
const noLimit = (): Limit => ({ ended: undefined, onEnd: undefined });

/** @param answer what follows on a request, whole */
async function talk(
  t: TestContext,
  client: () => Poster | Promise<Poster>,
  answer: (socket: Socket, request: Request) => void,
  credentials = '',
) {
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
  const poster = await client();
  const url = new URL(`http://${credentials}127.0.0.1:${port}/v1/metrics?a=b`);
  t.after(() => {
    poster.close();
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const post = (headers: Record<string, string> = {}, body = Buffer.from('points'), limit = noLimit()) =>
    poster.post(url, headers, body, limit);
  return { port, url, poster, post, requests, sockets };
}

const yes = (socket: Socket): void => {
  socket.write(ok);
};

for (const [name, client] of Object.entries(clients)) {
  test(`${name}: a connection carries one request after the other`, async (t) => {
    const { port, post, requests } = await talk(t, client, yes);
    for (let n = 0; n < 3; n++) assert.equal((await post({ 'x-a': 'b' })).answer?.status, 200);
    for (const { connection, head, body } of requests) {
      assert.deepEqual([connection, body.toString()], [0, 'points']);
      assert.match(head, /^POST \/v1\/metrics\?a=b HTTP\/1\.1\r\n/);
      const lines = head.toLowerCase().split('\r\n').slice(1, -2).sort();
      assert.deepEqual(lines, ['connection: keep-alive', 'content-length: 6', `host: 127.0.0.1:${port}`, 'x-a: b']);
    }
  });

  for (const size of [0, 16_384, 3_000_000])
    test(`${name}: a body of ${size} bytes arrives as it is`, async (t) => {
      const { post, requests } = await talk(t, client, yes);
      const body = Buffer.from(Uint8Array.from({ length: size }, (_, at) => (at * 7) % 256));
      for (let n = 0; n < 2; n++) assert.equal((await post({}, body)).answer?.status, 200);
      for (const request of requests) assert.ok(request.body.equals(body));
    });

  for (const [why, answer] of Object.entries({
    'the receiver says so': 'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n',
    'the receiver closes it within a second': 'HTTP/1.1 200 OK\r\nKeep-Alive: timeout=1\r\nContent-Length: 0\r\n\r\n',
  }))
    test(`${name}: a connection is not kept where ${why}`, async (t) => {
      const { post, requests, sockets } = await talk(t, client, (socket) => socket.write(answer));
      for (let n = 0; n < 2; n++) assert.equal((await post()).answer?.status, 200);
      assert.deepEqual(
        requests.map(({ connection }) => connection),
        [0, 1],
      );
      await until('both are closed', () => sockets.every(({ destroyed }) => destroyed));
    });

  test(`${name}: what a receiver says of its own accord is the answer to nothing`, async (t) => {
    const { post, requests, sockets } = await talk(t, client, yes);
    await post();
    sockets[0]?.write('HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n');
    await until('it is closed', () => sockets[0]?.destroyed === true);
    assert.equal((await post()).answer?.status, 200);
    assert.equal(requests.at(-1)?.connection, 1);
  });

  test(`${name}: a request on a kept connection that breaks was not seen, one on a new connection may have been`, async (t) => {
    const { post } = await talk(t, client, (socket, { connection, body }) => {
      if (connection === 0 && body.toString() === 'first') socket.write(ok);
      else socket.resetAndDestroy();
    });
    await post({}, Buffer.from('first'));
    assert.deepEqual(await post(), { error: 'ECONNRESET', stale: true });
    assert.deepEqual(await post(), { error: 'ECONNRESET', stale: false });
  });

  test(`${name}: an answer that breaks off in its head is none; one that breaks off in its body has a status`, async (t) => {
    const answer = 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc';
    const { post } = await talk(t, client, (socket, { body }) => socket.end(answer.slice(0, Number(body))));
    assert.deepEqual(await post({}, Buffer.from('30')), { error: 'ECONNRESET', stale: false });
    const { answer: cut } = await post({}, Buffer.from(String(answer.length)));
    assert.deepEqual([cut?.status, cut?.whole, Buffer.from(cut?.bytes ?? []).toString()], [200, false, 'abc']);
  });

  test(`${name}: an answer is kept up to its limit, and its connection ends`, async (t) => {
    const { post, sockets } = await talk(t, client, (socket) => {
      socket.write('HTTP/1.1 503 Busy\r\nRetry-After: 7\r\nTransfer-Encoding: chunked\r\n\r\n');
      for (let n = 0; n < 10; n++) socket.write(`4000\r\n${'x'.repeat(0x4000)}\r\n`);
    });
    const { answer, retryAfter, statusText } = await post();
    assert.deepEqual(
      [answer?.status, statusText, answer?.whole, answer?.bytes.length, retryAfter],
      [503, 'Busy', false, 65_536, '7'],
    );
    await until('it is closed', () => sockets[0]?.destroyed === true);
  });

  for (const [what, bytes] of Object.entries({
    'is not HTTP': '220 mail.example ready\r\n',
    'has headers without end': `HTTP/1.1 200 OK\r\nx-a: ${'x'.repeat(100_000)}`,
  }))
    test(`${name}: an answer that ${what} is an error of its format`, async (t) => {
      const { post } = await talk(t, client, (socket) => socket.write(bytes));
      assert.match((await post()).error ?? '', /^HPE_|^the response is not HTTP/);
    });

  test(`${name}: a receiver may answer before it has read`, async (t) => {
    const tooLarge = 'HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n\r\n';
    const sockets: Socket[] = [];
    const server = createServer((socket) => {
      sockets.push(socket.on('error', () => {}));
      socket.once('data', () => socket.pause().write(tooLarge));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const poster = await client();
    t.after(() => {
      poster.close();
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    for (let n = 1; n <= 2; n++) {
      assert.equal((await poster.post(url, {}, Buffer.alloc(50_000_000), noLimit())).answer?.status, 413);
      assert.equal(sockets.length, n);
    }
  });

  test(`${name}: an attempt ends with its limit, at once`, async (t) => {
    const { post, requests, sockets } = await talk(t, client, () => {});
    const limit = { ...noLimit(), ended: undefined as string | undefined };
    const posted = post({}, undefined, limit);
    await until('it is there', () => requests.length === 1);
    limit.ended = 'timed out';
    limit.onEnd?.();
    assert.equal((await posted).error, 'timed out');
    await until('it is closed', () => sockets[0]?.destroyed === true);
    assert.equal((await post({}, undefined, limit)).error, 'timed out');
    assert.equal(sockets.length, 1);
  });

  test(`${name}: the end of the client is the end of its connections`, async (t) => {
    const { poster, post, requests, sockets } = await talk(
      t,
      client,
      (socket, { body }) => body.length === 6 && socket.write(ok),
    );
    await post();
    const open = [post(), post({}, Buffer.from('no answer'))];
    await until('they are there', () => requests.length === 3);
    poster.close();
    await Promise.all(open);
    await until('they are closed', () => sockets.every(({ destroyed }) => destroyed));
  });

  test(`${name}: headers are the last word, but for those of the connection`, async (t) => {
    const { post, requests } = await talk(t, client, yes, 'user:p%40ss@');
    await post();
    const ofBody = { 'Content-Length': '1', 'Transfer-Encoding': 'chunked' };
    await post({ Host: 'collector', Authorization: 'Bearer a', ...ofBody, 'x-latin': 'é' });
    const [first, second] = requests.map(({ head }) => head.split('\r\n').slice(1, -2));
    assert.ok(first?.includes(`authorization: Basic ${Buffer.from('user:p@ss').toString('base64')}`));
    assert.deepEqual(second?.map((line) => line.replace(/^[^:]*/, (of) => of.toLowerCase())).sort(), [
      ...['authorization: Bearer a', 'connection: keep-alive', 'content-length: 6', 'host: collector', 'x-latin: é'],
    ]);
  });

  for (const [what, headers] of Object.entries({
    'a line break in a value': { 'x-a': 'b\r\nx-c: d' },
    'a line break in a name': { 'x-a\r\nx-b': 'c' },
    'a character beyond a byte': { 'x-a': '→' },
  }))
    test(`${name}: ${what} is refused`, async (t) => {
      const { post, requests } = await talk(t, client, yes);
      assert.match((await post(headers)).error ?? '', /^ERR_INVALID_(CHAR|HTTP_TOKEN)$|^invalid (x-a|header key)/);
      assert.equal(requests.length, 0);
    });

  test(`${name}: a request leaves nothing behind in its limit`, async (t) => {
    const { post } = await talk(t, client, yes);
    const limit = noLimit();
    await post({}, undefined, limit);
    assert.equal(limit.onEnd, undefined);
  });

  test(`${name}: nothing listens: the error says so`, async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    const poster = await client();
    const posted = await poster.post(new URL(`http://127.0.0.1:${port}`), {}, Buffer.from('points'), noLimit());
    assert.deepEqual(posted, { error: 'ECONNREFUSED', stale: false });
  });
}

test('requests at the same time have a connection each, of which so many are kept', async (t) => {
  const { post, sockets } = await talk(t, () => ofService({ maxIdle: 2 }), yes);
  await Promise.all([post(), post(), post()]);
  assert.equal(sockets.length, 3);
  await until('one is closed', () => sockets.filter(({ destroyed }) => destroyed).length === 1);
  await Promise.all([post(), post()]);
  assert.equal(sockets.length, 3);
});

test('a connection is not kept where that is the setting', async (t) => {
  const { post, requests, sockets } = await talk(t, () => ofService({ keepAlive: false }), yes);
  for (let n = 0; n < 2; n++) assert.equal((await post()).answer?.status, 200);
  await until('both are closed', () => sockets.length === 2 && sockets.every(({ destroyed }) => destroyed));
  for (const { head } of requests) assert.match(head, /^connection: close\r$/im);
});

test('an idle connection ends after its time', async (t) => {
  const { post, sockets } = await talk(t, () => ofService({ idleMs: 20 }), yes);
  await post();
  await until('it is closed', () => sockets[0]?.destroyed === true);
  assert.equal((await post()).answer?.status, 200);
});

for (const [name, client] of Object.entries(clients))
  for (const interim of ['100 Continue', '102 Processing', '103 Early Hints'])
    test(`${name}: ${interim} ahead of the response is passed over (RFC 9110, section 15.2)`, async (t) => {
      const { post, requests } = await talk(t, client, (socket) => void socket.write(`HTTP/1.1 ${interim}\r\n\r\n${ok}`));
      for (let sent = 1; sent <= 3; sent++) assert.equal((await post()).answer?.status, 200);
      assert.deepEqual(
        requests.map(({ connection }) => connection),
        [0, 0, 0],
      );
    });

for (const [name, client] of Object.entries(clients))
  test(`${name}: a receiver that only writes interim responses is an error`, async (t) => {
    const { post } = await talk(t, client, (socket) => void socket.write('HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(100)));
    assert.match((await post()).error ?? '', /^more than 20 interim responses/);
  });

for (const [name, client] of Object.entries(clients))
  test(`${name}: another protocol, which was not requested, is an error at once`, async (t) => {
    const { post } = await talk(t, client, (socket, { body }) => {
      if (body.toString() === 'first') socket.write(ok);
      else socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: other\r\n\r\n');
    });
    await post({}, Buffer.from('first'));
    // The connection was kept, but the receiver has seen the request: it is not sent again for free.
    assert.deepEqual(await post(), {
      error: 'the receiver switched to another protocol (101), which was not requested',
      stale: false,
    });
  });
