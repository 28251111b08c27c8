/** The access log of a `node:http` server, and of one handler alone. */
import assert from 'node:assert/strict';
import { createServer, type RequestListener } from 'node:http';
import { type TestContext, test } from 'node:test';
import { apiKeys, guarded, logged, logRequests, notFound, type RequestLog, unauthorized } from '../../../src/access.ts';
import { fetchHandler } from '../../../src/net/http/fetch.ts';
import { nodeListener } from '../../../src/net/http/node-http.ts';
import { plainReply } from '../../../src/net/http/plain-reply.ts';
import { listening, sending } from '../http/sockets.ts';
import { ask, headerOf } from './request-as.ts';

function served(t: TestContext, listener: RequestListener, log?: RequestLog): Promise<number> {
  return listening(t, log === undefined ? createServer(listener) : logRequests(createServer(listener), log));
}

const at = Date.UTC(2026, 5, 13, 11, 18, 55, 354);

test('a line is written when the head is, ahead of the body, and has the tenant', async (t) => {
  const events: string[] = [];
  const ok = guarded(async () => plainReply(200, 'ok'), {
    // SHA-256 of "abc", FIPS 180-2, appendix B.1.
    gate: apiKeys([{ sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad', tenant: 'team-a' }]),
    refusal: unauthorized(),
  });
  const log = { write: (line: string) => void events.push(line), clock: () => at, verbose: true };
  const port = await served(
    t,
    (request, response) => {
      const { end } = response;
      response.end = ((...args: never[]) => {
        events.push('body');
        return end.apply(response, args as never);
      }) as typeof end;
      nodeListener(ok)(request, response);
    },
    log,
  );
  const answer = await ask(port, { path: '/m?q=1', authorization: 'Bearer abc' });
  const id = headerOf(answer, 'x-request-id');
  assert.equal(events[0], `→ GET /m?q=1 (id=${id})`);
  assert.match(
    events[1] ?? '',
    new RegExp(`^ts=2026-06-13T11:18:55\\.354\\+00:00 id=${id} method=GET path=/m status=200 dur_ms=\\d+ tenant=team-a$`),
  );
  assert.deepEqual(events.slice(2), ['body']);
});

test('a client that goes away before the answer has a line without a status', async (t) => {
  const line = Promise.withResolvers<string>();
  const asked = Promise.withResolvers<void>();
  const port = await served(t, () => asked.resolve(), { write: line.resolve });
  const socket = sending(port, 'GET /slow HTTP/1.1\r\nHost: x\r\n\r\n');
  await asked.promise;
  socket.destroy();
  assert.match(await line.promise, /method=GET path=\/slow status=- dur_ms=\d+ tenant=-$/);
});

test('a log that throws costs no answer', async (t) => {
  const write = () => {
    throw new Error('disk full');
  };
  assert.equal((await ask(await served(t, (_request, response) => response.end('ok'), { write, verbose: true }))).status, 200);
});

test('where the handler says 404, the server’s own answers', async (t) => {
  const missing: RequestListener = (_request, response) => response.writeHead(404, { 'x-server': 'own' }).end('gone\n');
  const hidden = nodeListener(async () => plainReply(404, 'hidden'), missing);
  const port = await served(t, (request, response) => (request.url === '/metrics' ? hidden : missing)(request, response));
  for (const method of ['GET', 'HEAD', 'POST', 'PROPFIND']) {
    const sent = { method, body: '{', lines: ['Content-Type: application/json'] };
    assert.deepEqual(await ask(port, sent), await ask(port, { ...sent, path: '/unknown' }));
  }
});

test('one handler alone: its answers have ids, its failures too, and each a line', async () => {
  const lines: string[] = [];
  const log = { write: (line: string) => void lines.push(line), clock: () => at };
  const fetchOf = (handler: Parameters<typeof logged>[0]) => fetchHandler(logged(handler, log));
  for (const [handler, status] of [
    [async () => plainReply(200, 'ok'), 200],
    [async () => Promise.reject(new Error('no')), 500],
    [guarded(async () => plainReply(200, 'ok'), { gate: { type: 'loopback' }, refusal: notFound() }), 404],
  ] as const) {
    lines.length = 0;
    const response = await fetchOf(handler)(new Request('http://x/m?token=x'));
    const id = response.headers.get('x-request-id');
    assert.match(id ?? '', /^[0-9a-f]{16}$/);
    assert.equal(response.status, status);
    assert.equal(lines.length, 1);
    assert.ok(lines[0]?.includes(` id=${id} method=GET path=/m status=${status} dur_ms=`), lines[0]);
  }
});
