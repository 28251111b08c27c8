/** A listener of several routes, some of which take bodies: in front of it stand the same bounds as in front of the metrics. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { bearer } from '../../../src/net/access/gates/bearer.ts';
import { guarded } from '../../../src/net/access/guarded.ts';
import { notFound } from '../../../src/net/access/refusal.ts';
import { secret } from '../../../src/net/access/secret.ts';
import type { Handler } from '../../../src/net/http/exchange.ts';
import { plainReply } from '../../../src/net/http/plain-reply.ts';
import { routed } from '../../../src/net/http/routes.ts';
import { defaultBounds, type ListenerBounds } from '../../../src/net/listen/listener-bounds.ts';
import { openListener, type Site } from '../../../src/net/listen/open-listener.ts';
import { raw, takeApart } from '../http/requests.ts';

const most = 1_000;

const receive: Handler = async ({ method, body }) => {
  if (method !== 'POST') return plainReply(405, 'only POST', { allow: 'POST' });
  const read = await body?.(most);
  if (read?.ok !== true) return plainReply(read?.reason === 'too large' ? 413 : 400, 'refused');
  return plainReply(200, `${read.bytes.byteLength} bytes`);
};

/** As a Collector's 404 is, in the type of the request. */
const missing: Handler = (request) => plainReply(404, '404 page not found', { 'x-type': request.header('content-type') ?? '' });

const site: Site = {
  handler: routed({
    '/v1/metrics': receive,
    '/healthy': () => plainReply(200, 'Server available'),
    '/hidden': guarded(() => plainReply(200, 'seen'), { gate: bearer(secret('let-me-in', 'TOKEN')), refusal: notFound() }),
  }),
  missing,
};

async function open(t: TestContext, bounds?: ListenerBounds, served = site): Promise<{ origin: string; port: number }> {
  const { origin, address, close } = await openListener(served, '127.0.0.1:0', { log() {}, ...(bounds && { bounds }) });
  t.after(close);
  return { origin, port: address.port };
}

test('each route has its handler, methods and bodies', async (t) => {
  const { origin } = await open(t);
  const post = (path: string, body: string) => fetch(origin + path, { method: 'POST', body });
  assert.equal(await (await post('/v1/metrics', 'x'.repeat(most))).text(), `${most} bytes\n`);
  assert.equal((await post('/v1/metrics', 'x'.repeat(most + 1))).status, 413);
  assert.equal((await fetch(`${origin}/v1/metrics`)).status, 405);
  assert.equal(await (await fetch(`${origin}/healthy`)).text(), 'Server available\n');
  assert.equal(await (await post('/healthy', 'unread')).text(), 'Server available\n');
});

test('what is not there, and what is hidden, get the same answer, which knows the request', async (t) => {
  const { port } = await open(t);
  const ask = (path: string, ...more: readonly string[]) =>
    raw(port, [`GET ${path} HTTP/1.1`, 'Host: localhost', 'Content-Type: application/json', 'Connection: close', ...more]).then(
      takeApart,
    );
  const none = await ask('/none');
  assert.deepEqual(
    [none.status, none.body, none.headers.includes('x-type: application/json')],
    [404, '404 page not found\n', true],
  );
  assert.deepEqual(await ask('/hidden'), none);
  assert.equal((await ask('/hidden', 'Authorization: Bearer let-me-in')).body, 'seen\n');
});

test('the body of a 404 that is not shown is given back once', async (t) => {
  let sent = 0;
  const { origin } = await open(t, undefined, {
    handler: () => ({ ...plainReply(404, 'own'), sent: () => void sent++ }),
    missing,
  });
  assert.equal(await (await fetch(origin)).text(), '404 page not found\n');
  assert.equal(sent, 1);
});

test('a request whose body is not here in time is 408, and its connection ends (RFC 9110, section 15.5.9)', async (t) => {
  const { port } = await open(t, { ...defaultBounds, requestMs: 100, checkingMs: 20 });
  const answer = await raw(port, ['POST /v1/metrics HTTP/1.1', 'Host: localhost', 'Content-Length: 10', '', 'half']);
  assert.equal(takeApart(answer).status, 408);
});

test('a body that breaks is 400', async (t) => {
  const { port } = await open(t);
  const answer = await raw(port, ['POST /v1/metrics HTTP/1.1', 'Host: localhost', 'Transfer-Encoding: chunked', '', 'no size']);
  assert.equal(takeApart(answer).status, 400);
});

test('a handler that fails while it has a body answers 500', async (t) => {
  const { origin } = await open(t, undefined, { handler: async ({ body }) => Promise.reject(await body?.(most)), missing });
  assert.equal((await fetch(origin, { method: 'POST', body: 'x' })).status, 500);
});
