import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createInTurn } from '../../../src/net/listen/in-turn.ts';

/** Whose things are taken, in order: of each connection as many as wait. */
function order(connections: readonly { readonly name: string; readonly remoteAddress?: string }[], things: number): string {
  const waiting = createInTurn<string>();
  for (const one of connections) for (let at = 0; at < things; at++) waiting.add(one, one.name);
  const taken: string[] = [];
  for (let next = waiting.take(); next !== undefined; next = waiting.take()) taken.push(next.thing);
  assert.ok(waiting.isEmpty);
  return taken.join(' ');
}

test('connections of one address have their turns one after the other, as behind a gateway', () => {
  const all = ['a', 'b', 'c'].map((name) => ({ name, remoteAddress: '10.0.0.1' }));
  assert.equal(order(all, 2), 'a b c a b c');
});

test('one address has one turn, however many connections come from it', () => {
  const many = ['a', 'b', 'c'].map((name) => ({ name, remoteAddress: '10.0.0.1' }));
  assert.equal(order([...many, { name: 'other', remoteAddress: '10.0.0.2' }], 2), 'a other b other c a b c');
});

test('a session of HTTP/2 has the address of its socket', () => {
  const session = { name: 'session', socket: { remoteAddress: '10.0.0.2' } };
  assert.equal(
    order([{ name: 'a', remoteAddress: '10.0.0.1' }, { name: 'b', remoteAddress: '10.0.0.1' }, session], 1),
    'a session b',
  );
});

test('what waits of a connection that has ended is dropped', () => {
  const waiting = createInTurn<number>();
  const [a, b] = [{}, {}];
  for (const at of [1, 2]) waiting.add(a, at);
  waiting.add(b, 3);
  assert.equal(waiting.count(a), 2);
  waiting.drop(a);
  assert.deepEqual([waiting.count(a), waiting.take()?.thing, waiting.isEmpty], [0, 3, true]);
});
