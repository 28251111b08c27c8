import assert from 'node:assert/strict';
import { Socket } from 'node:net';
import { test } from 'node:test';
import { createConnections } from '../../src/listen/connections.ts';

test('one connection too many ends the one that has sent no request for the longest time', () => {
  const connections = createConnections(3);
  const [a, b, c, d, e] = Array.from({ length: 5 }, () => new Socket()) as [Socket, Socket, Socket, Socket, Socket];
  for (const one of [a, b, c]) connections.enter(one);
  connections.use(a);
  connections.enter(d);
  assert.deepEqual(
    [a, b, c, d].map(({ destroyed }) => destroyed),
    [false, true, false, false],
  );
  connections.enter(e);
  assert.deepEqual(
    [a, c, d, e].map(({ destroyed }) => destroyed),
    [false, true, false, false],
  );
  connections.cut();
  assert.ok([a, d, e].every(({ destroyed }) => destroyed));
});
