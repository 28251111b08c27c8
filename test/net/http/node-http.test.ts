import assert from 'node:assert/strict';
import { createServer, METHODS } from 'node:http';
import test, { type TestContext } from 'node:test';
import type { Handler } from '../../../src/net/http/exchange.ts';
import { nodeListener } from '../../../src/net/http/node-http.ts';
import { plainReply } from '../../../src/net/http/plain-reply.ts';
import { needsIpv6 } from '../../ipv6.ts';
import { echo, raw, takeApart } from './requests.ts';
import { listening } from './sockets.ts';

function serve(t: TestContext, handler: Handler, host?: string): Promise<number> {
  return listening(t, createServer(nodeListener(handler)), host);
}

const close = ['Host: x', 'Connection: close'];

test('facts of a request, header lines joined in their order', async (t) => {
  const port = await serve(t, echo);
  const response = await raw(port, [
    'GET /a%20b/c?x=1&x=2 HTTP/1.1',
    ...close,
    'X-Forwarded-For: 1.1.1.1',
    'x-forwarded-for: 2.2.2.2, 3.3.3.3',
    'Authorization: Bearer a',
  ]);
  assert.deepEqual(JSON.parse(takeApart(response).body), {
    method: 'GET',
    path: '/a%20b/c',
    query: [
      ['x', '1'],
      ['x', '2'],
    ],
    forwarded: '1.1.1.1, 2.2.2.2, 3.3.3.3',
    authorization: 'Bearer a',
    peer: '127.0.0.1',
  });
});

for (const [target, path] of [
  ['http://elsewhere/metrics?x', '/metrics'],
  ['http://elsewhere', '/'],
  ['//double/slash', '//double/slash'],
  ['/%zz', '/%zz'],
  ['*', '*'],
] as const) {
  test(`request target ${target}`, async (t) => {
    const response = await raw(await serve(t, echo), [`OPTIONS ${target} HTTP/1.1`, ...close]);
    assert.equal(JSON.parse(takeApart(response).body).path, path);
  });
}

test('a peer over IPv6', needsIpv6, async (t) => {
  const response = await raw(await serve(t, echo, '::1'), ['GET / HTTP/1.1', ...close], '::1');
  assert.equal(JSON.parse(takeApart(response).body).peer, '::1');
});

test('HEAD: the length is stated where there is a body, and nothing is sent', async (t) => {
  const withBody = takeApart(await raw(await serve(t, echo), ['HEAD / HTTP/1.1', ...close]));
  assert.equal(withBody.body, '');
  assert.ok(withBody.headers.some((line) => /^content-length: [1-9]/.test(line)));
  const empty = await serve(t, async () => ({ status: 200, headers: {}, body: new Uint8Array() }));
  const without = takeApart(await raw(empty, ['HEAD / HTTP/1.1', ...close]));
  assert.deepEqual([without.status, without.headers.some((line) => line.startsWith('content-length'))], [200, false]);
});

test('status and headers of the reply', async (t) => {
  const port = await serve(t, async () => plainReply(503, 'busy', { 'retry-after': '1' }));
  const { status, headers, body } = takeApart(await raw(port, ['GET / HTTP/1.1', ...close]));
  assert.deepEqual([status, body], [503, 'busy\n']);
  assert.ok(headers.includes('retry-after: 1') && headers.includes('content-length: 5'));
});

for (const [name, handler] of [
  ['rejects', () => Promise.reject(new Error('secret'))],
  [
    'throws',
    () => {
      throw new Error('secret');
    },
  ],
] as const) {
  test(`a handler that ${name}: 500 without internal text`, async (t) => {
    const response = await raw(await serve(t, handler), ['GET / HTTP/1.1', ...close]);
    assert.equal(takeApart(response).status, 500);
    assert.doesNotMatch(response, /secret/);
  });
}

test('a client that leaves before the reply is no error', async (t) => {
  const gate = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  const port = await serve(t, async (request) => {
    if (request.path === '/slow') {
      asked.resolve();
      await gate.promise;
    }
    return plainReply(200, 'ok');
  });
  const leaving = new AbortController();
  const slow = fetch(`http://127.0.0.1:${port}/slow`, { signal: leaving.signal });
  await asked.promise;
  leaving.abort();
  await assert.rejects(slow);
  gate.resolve();
  assert.equal((await fetch(`http://127.0.0.1:${port}/`)).status, 200);
});

test('every method that Node knows comes to the handler, QUERY too', async (t) => {
  const port = await serve(t, echo);
  // CONNECT asks for a tunnel, which is no request to a handler.
  for (const method of METHODS.filter((name) => name !== 'CONNECT' && name !== 'HEAD')) {
    const response = await raw(port, [`${method} /m HTTP/1.1`, ...close]);
    assert.equal(JSON.parse(takeApart(response).body).method, method);
  }
});
