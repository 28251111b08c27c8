import assert from 'node:assert/strict';
import { Socket } from 'node:net';
import { test } from 'node:test';
import { connectionLimit } from '../../../src/net/listen/connection-limit.ts';
import {
  connectionBytes,
  connectionsWithin,
  createConnections,
  lendConnections,
  limitConnections,
} from '../../../src/net/listen/connections.ts';

const some = (count: number) => Array.from({ length: count }, () => new Socket());
const destroyed = (sockets: readonly Socket[]) => sockets.map((socket) => socket.destroyed);

test('one connection too many of a server ends the one that has been idle the longest', () => {
  limitConnections(1_000);
  const connections = createConnections({ limit: 3 });
  const [a, b, c, d, e] = some(5) as [Socket, Socket, Socket, Socket, Socket];
  for (const one of [a, b, c]) connections.enter(one);
  connections.begin(a);
  connections.end(a);
  connections.enter(d);
  assert.deepEqual(destroyed([a, b, c, d]), [false, true, false, false]);
  connections.enter(e);
  assert.deepEqual(destroyed([a, c, d, e]), [false, true, false, false]);
  connections.cut();
  assert.ok([a, d, e].every((one) => one.destroyed));
});

test('one that has a request under way is not idle; where all have one, the request that has taken the longest ends', () => {
  limitConnections(1_000);
  const connections = createConnections({ limit: 2 });
  const [a, b, c, d] = some(4) as [Socket, Socket, Socket, Socket];
  for (const one of [a, b]) connections.enter(one);
  connections.begin(a);
  connections.begin(a);
  connections.end(a);
  connections.enter(c);
  assert.deepEqual(destroyed([a, b, c]), [false, true, false]);
  connections.begin(c);
  connections.enter(d);
  assert.deepEqual(destroyed([a, c, d]), [true, false, false]);
  connections.cut();
});

test('one too many of all servers ends the one that has been idle the longest on any, and one server says so', () => {
  limitConnections(3);
  const said: string[] = [];
  const [first, second] = ['first', 'second'].map((name) =>
    createConnections({ crowded: (line) => said.push(`${name} ${line}`) }),
  );
  const [a, b, c, d, e] = some(5) as [Socket, Socket, Socket, Socket, Socket];
  first?.enter(a);
  second?.enter(b);
  first?.enter(c);
  first?.begin(a);
  second?.enter(d);
  assert.deepEqual(destroyed([a, b, c, d]), [false, true, false, false]);
  first?.enter(e);
  assert.deepEqual(destroyed([a, c, d, e]), [false, true, false, false]);
  assert.equal(said.length, 2);
  for (const line of said) assert.match(line, /^second there are 3 connections.*LimitNOFILE/);
  first?.cut();
  second?.cut();
});

test('a connection that has closed leaves room', async () => {
  limitConnections(1);
  const connections = createConnections();
  const [a, b] = some(2) as [Socket, Socket];
  connections.enter(a);
  a.destroy();
  await new Promise((resolve) => a.once('close', resolve));
  connections.enter(b);
  assert.equal(b.destroyed, false);
  connections.cut();
});

test('a connection counts 24 KiB, one over TLS 72, until it has ended; a quarter of the memory is theirs', () => {
  limitConnections(1_000);
  const [plain, secure] = [createConnections(), createConnections({ isSecure: true })];
  const [a, b, c] = some(3) as [Socket, Socket, Socket];
  plain.enter(a);
  secure.enter(b);
  secure.enter(c);
  assert.equal(connectionBytes(), (24 + 2 * 72) * 1_024);
  secure.cut();
  assert.equal(connectionBytes(), 24 * 1_024);
  plain.cut();
  assert.equal(connectionBytes(), 0);
  const within = [2 ** 29, 2 ** 33].map((bytes) => [connectionsWithin(bytes, false), connectionsWithin(bytes, true)]);
  assert.deepEqual(within, [
    [5_461, 1_820],
    [10_000, 10_000],
  ]);
});

test('a thread gets half of what there is at most, and gives it back once', () => {
  limitConnections(10);
  const connections = createConnections();
  const lent = lendConnections(1_000);
  assert.equal(lent.limit, 5);
  const sockets = some(6);
  for (const socket of sockets) connections.enter(socket);
  assert.deepEqual(destroyed(sockets), [true, false, false, false, false, false]);
  lent.takeBack();
  lent.takeBack();
  const more = some(6);
  for (const socket of more) connections.enter(socket);
  assert.deepEqual(destroyed([...sockets, ...more]), [true, true, ...Array(10).fill(false)]);
  connections.cut();
});

test('connections are bounded at the soft limit of open files less 64, below 128 at half of it, elsewhere than on Linux not at all', () => {
  const limits = (soft: string) => () =>
    `Limit Soft Limit Hard Limit Units\nMax processes 10 10 processes\nMax open files            ${soft}                 4096                 files     \n`;
  assert.deepEqual(
    ['64', '127', '128', '1024', 'unlimited'].map((soft) => connectionLimit(limits(soft))),
    [32, 63, 64, 960, Number.POSITIVE_INFINITY],
  );
  assert.equal(
    connectionLimit(() => ''),
    Number.POSITIVE_INFINITY,
  );
});
