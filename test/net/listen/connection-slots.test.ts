/** The bounds of the dedicated listener: connections, places, memory and the time of each. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import type { Handler } from '../../../src/net/http/exchange.ts';
import { plainReply } from '../../../src/net/http/plain-reply.ts';
import { defaultBounds, type ListenerBounds } from '../../../src/net/listen/listener-bounds.ts';
import { createListenerServer } from '../../../src/net/listen/listener-server.ts';
import { until } from '../../until.ts';
import { headerOf } from '../access/request-as.ts';
import { connected, drip, request, scraped } from './crowd.ts';

const never = 1_000_000;
/** No bound is in the way but those that a test gives. */
const without = { ...defaultBounds, slowMs: never, replyMs: never, requestMs: never, idleMs: never, checkingMs: 20 };
/** More than the buffers of the system take on both sides. */
const large = { status: 200, headers: {}, body: new Uint8Array(32 * 1024 * 1024) };

interface Opened {
  readonly port: number;
  readonly connections: () => Promise<number>;
  /** How many there have been. */
  readonly accepted: () => number;
  /** From now on each reply that is not read yet is slow. */
  readonly allAreSlow: () => void;
}

async function opened(t: TestContext, given: Partial<ListenerBounds>, handler: Handler): Promise<Opened> {
  const bounds = { ...without, ...given };
  const { server, close } = createListenerServer({
    handler,
    missing: () => plainReply(404, 'not found'),
    bounds,
  });
  let accepted = 0;
  server.on('connection', () => accepted++);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => close(0));
  const connections = () => new Promise<number>((resolve) => server.getConnections((_error, count) => resolve(count)));
  const allAreSlow = () => {
    bounds.slowMs = 0;
  };
  return { port: (server.address() as AddressInfo).port, connections, accepted: () => accepted, allAreSlow };
}

const byPath: Handler = async ({ path }) => (path === '/large' ? large : plainReply(200, 'ok'));

async function first(socket: Socket): Promise<string> {
  const [chunk] = (await once(socket, 'data')) as [Buffer];
  return chunk.toString('latin1');
}

for (const [name, begin] of [
  ['no request', 'no request\r\n\r\n'],
  ['half a head', 'GET /metrics HTTP/1.1\r\nHost: local'],
  ['an answered request whose body never comes', 'POST /metrics HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n'],
  ['nothing', ''],
] as const) {
  test(`who sends ${name}, then byte by byte, and never hangs up, is cut off`, async (t) => {
    const { port, connections, accepted } = await opened(t, { requestMs: 200 }, byPath);
    drip(t, await connected(t, port, 5), begin, 20);
    await until('there', () => accepted() === 5);
    await until('gone', async () => (await connections()) === 0);
  });
}

test('who does not read a reply is cut off, also while bytes come from there', async (t) => {
  const { port, connections, accepted } = await opened(t, { replyMs: 200 }, byPath);
  const sockets = await connected(t, port, 3);
  for (const socket of sockets) socket.pause();
  drip(t, sockets, request('/large'), 20);
  await until('there', () => accepted() === 3);
  await until('gone', async () => (await connections()) === 0);
});

test('a place that a slow reader holds is the next request’s; until it is slow, that one gets 503', async (t) => {
  const hasBegun: string[] = [];
  const { port, allAreSlow } = await opened(t, { slots: 2 }, async (facts) => {
    hasBegun.push(facts.path);
    return byPath(facts);
  });
  const slow = await connected(t, port, 2);
  for (const socket of slow) socket.pause().write(request('/large'));
  await until('both read', () => hasBegun.length === 2);
  const answer = await scraped(port);
  assert.deepEqual(
    [answer?.status, answer && headerOf(answer, 'retry-after'), answer?.body],
    [503, '1', 'too many requests at once\n'],
  );
  allAreSlow();
  await until('served', async () => (await scraped(port))?.status === 200);
  for (const socket of slow) socket.resume();
  await until('one of the two is cut', () => slow.some(({ readableEnded, closed }) => readableEnded || closed));
});

test('memory that slow readers hold is given back to the next request', async (t) => {
  const { port, allAreSlow } = await opened(t, { unreadBytes: 1_000_000 }, byPath);
  const [slow] = await connected(t, port, 1);
  slow?.pause().write(request('/large'));
  await until('refused', async () => (await scraped(port))?.status === 503);
  allAreSlow();
  await until('served', async () => (await scraped(port))?.status === 200);
});

test('memory that slow readers hold is given back to who waits already', async (t) => {
  const hasBegun: string[] = [];
  const { port, connections } = await opened(t, { unreadBytes: 1_000_000, slowMs: 200 }, ({ path }) => {
    hasBegun.push(path);
    return path === '/large' ? large : new Promise(() => {});
  });
  const [patient, slow] = await connected(t, port, 2);
  patient?.write(request());
  await until('one waits', () => hasBegun.length === 1);
  slow?.pause().write(request('/large'));
  await until('the other one does not read', () => hasBegun.length === 2);
  await until('it is cut', async () => (await connections()) === 1);
  assert.equal(patient?.closed, false);
});

test('who waits for the listener keeps the place, however long it takes', async (t) => {
  const answers = Promise.withResolvers<void>();
  const { port } = await opened(t, { slots: 1, slowMs: 0, replyMs: 0 }, async () => {
    await answers.promise;
    return plainReply(200, 'late');
  });
  const [patient] = await connected(t, port, 1);
  patient?.write(request());
  await until('refused', async () => (await scraped(port))?.status === 503);
  await new Promise((resolve) => setTimeout(resolve, 100));
  answers.resolve();
  assert.match(await first(patient as Socket), /^HTTP\/1\.1 200 /);
});

test('idle connections go first, the longest idle one ahead, and then the one that has not asked for the longest', async (t) => {
  const { port, connections } = await opened(t, { connections: 3 }, byPath);
  const [silent] = await connected(t, port, 1);
  const kept: Socket[] = [];
  for (let n = 0; n < 2; n++) {
    const [socket] = (await connected(t, port, 1)) as [Socket];
    socket.write(request());
    await once(socket, 'data');
    kept.push(socket);
  }
  const gone = (): (boolean | undefined)[] => [silent?.readableEnded, ...kept.map(({ readableEnded }) => readableEnded)];
  silent?.resume();
  for (const expected of [
    [false, true, false],
    [false, true, true],
    [true, true, true],
  ]) {
    const [next] = (await connected(t, port, 1)) as [Socket];
    next.resume();
    await until('one is cut', () => JSON.stringify(gone()) === JSON.stringify(expected));
    assert.equal(await connections(), 3);
  }
});

test('one connection has one place, and so many requests at a time', async (t) => {
  const answers = Promise.withResolvers<void>();
  let asked = 0;
  const { port } = await opened(t, { slots: 2, pipelined: 3 }, async () => {
    asked += 1;
    await answers.promise;
    return plainReply(200, 'ok');
  });
  const [many, one] = (await connected(t, port, 2)) as [Socket, Socket];
  let received = '';
  many.on('data', (chunk: Buffer) => {
    received += chunk.toString('latin1');
  });
  many.write(request().repeat(5));
  await until('asked', () => asked === 3);
  one.write(request());
  await until('asked', () => asked === 4);
  answers.resolve();
  assert.match(await first(one), /^HTTP\/1\.1 200 /);
  await until('answered', () => received.split('HTTP/1.1 ').length > 4);
  assert.deepEqual(
    [...received.matchAll(/^HTTP\/1\.1 (\d+)/gm)].map(([, status]) => status),
    ['200', '200', '200', '503'],
  );
});
