import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import test, { type TestContext } from 'node:test';
import { MeterbridgeError } from '../../../src/core/errors/error.ts';
import type { Handler } from '../../../src/net/http/exchange.ts';
import { plainReply } from '../../../src/net/http/plain-reply.ts';
import { type Listener, type ListenOptions, listen } from '../../../src/net/pull/listen.ts';
import { needsIpv6 } from '../../ipv6.ts';
import { until } from '../../until.ts';
import { raw, takeApart } from '../http/requests.ts';

const serveOk: Handler = async (request) =>
  request.method === 'GET' ? plainReply(200, 'metrics') : plainReply(405, 'only GET', { allow: 'GET, HEAD' });
const quiet = { log: () => {} };

async function opened(t: TestContext, address: string, handler = serveOk, options: ListenOptions = quiet): Promise<Listener> {
  const listener = await listen(handler, address, options);
  t.after(() => listener.close());
  return listener;
}

for (const [address, start] of [
  ['127.0.0.1:0', 'http://127.0.0.1:'],
  ['localhost:0', 'http://127.0.0.1:'],
  ['127.0.0.9:0', 'http://127.0.0.9:'],
  ['[::1]:0', 'http://[::1]:'],
] as const) {
  test(`serves ${address} at the port it got`, address.includes('::') ? needsIpv6 : {}, async (t) => {
    const { url, address: bound } = await opened(t, address);
    assert.ok(bound.port > 0 && url === `${start}${bound.port}/metrics`, url);
    assert.equal(await (await fetch(url)).text(), 'metrics\n');
  });
}

for (const address of ['0.0.0.0:0', ':0', '[::]:0']) {
  test(`${address} is refused unless it is meant`, address.includes('::') ? needsIpv6 : {}, async (t) => {
    const options = { ...quiet, at: 'metrics_listen', publicSetting: 'metrics_listen_public = true' };
    await assert.rejects(listen(serveOk, address, options), (error) => {
      assert.ok(error instanceof MeterbridgeError);
      assert.equal(error.code, 'LISTEN_NOT_LOOPBACK');
      assert.match(error.message, /^metrics_listen: got .*metrics_listen_public = true/);
      return true;
    });
    const { url } = await opened(t, address, serveOk, { ...options, public: true });
    assert.equal((await fetch(url)).status, 200);
  });
}

test('an address that cannot be read', async () => {
  await assert.rejects(listen(serveOk, '9478', quiet), { code: 'LISTEN_ADDRESS_INVALID' });
});

test('a name that does not resolve', async () => {
  await assert.rejects(listen(serveOk, 'no-such-host.invalid:0', quiet), { code: 'LISTEN_FAILED' });
});

test('a taken port is a clear error', async (t) => {
  const { address } = await opened(t, '127.0.0.1:0');
  await assert.rejects(listen(serveOk, `127.0.0.1:${address.port}`, { ...quiet, at: 'metrics_listen' }), (error) => {
    assert.ok(error instanceof MeterbridgeError);
    assert.equal(error.code, 'LISTEN_FAILED');
    assert.match(
      error.message,
      new RegExp(`^metrics_listen: got "127.0.0.1:${address.port}"; the port must be free\\. Fix: .*another port`),
    );
    return true;
  });
});

test('everything else is the same 404, for every method', async (t) => {
  const { address } = await opened(t, '127.0.0.1:0');
  const responses = [];
  for (const line of [
    'GET /',
    'GET /health',
    'GET /metrics/',
    'GET /METRICS',
    'GET /%zz',
    'POST /x',
    'DELETE /health',
    'PROPFIND /x',
    'OPTIONS *',
  ]) {
    responses.push(takeApart(await raw(address.port, [`${line} HTTP/1.1`, 'Host: localhost', 'Connection: close'])));
  }
  for (const response of responses) assert.deepEqual(response, responses[0]);
  assert.deepEqual([responses[0]?.status, responses[0]?.body], [404, 'not found\n']);
});

test('the handler’s own 404 is that 404 too', async (t) => {
  const { url } = await opened(t, '127.0.0.1:0', async () => plainReply(404, 'hidden'));
  assert.equal(await (await fetch(url)).text(), await (await fetch(new URL('/other', url))).text());
});

test('another path', async (t) => {
  const { url } = await opened(t, '127.0.0.1:0', serveOk, { ...quiet, path: '/m' });
  assert.ok(url.endsWith('/m'));
  assert.equal((await fetch(url)).status, 200);
  for (const method of ['GET', 'HEAD', 'POST'])
    assert.equal((await fetch(new URL('/metrics', url), { method })).status, 404, method);
});

test('other methods on the path are the handler’s to answer', async (t) => {
  const { url } = await opened(t, '127.0.0.1:0');
  const reply = await fetch(url, { method: 'POST', body: 'x', headers: { 'content-type': 'application/strange' } });
  assert.deepEqual([reply.status, reply.headers.get('allow')], [405, 'GET, HEAD']);
});

for (const [host, status] of [
  ['localhost:9478', 200],
  ['127.0.0.1', 200],
  ['[::1]:9478', 200],
  ['rm.localhost', 200],
  ['evil.example', 421],
  ['evil.example:9478', 421],
  ['127.0.0.1.evil.example', 421],
  ['192.0.2.1', 421],
] as const) {
  test(`on loopback, Host: ${host} gets ${status}`, async (t) => {
    const { address } = await opened(t, '127.0.0.1:0');
    const response = await raw(address.port, ['GET /metrics HTTP/1.1', `Host: ${host}`, 'Connection: close']);
    assert.equal(takeApart(response).status, status);
  });
}

test('a public listener answers to every Host', async (t) => {
  const { address } = await opened(t, '0.0.0.0:0', serveOk, { ...quiet, public: true });
  const response = await raw(address.port, ['GET /metrics HTTP/1.1', 'Host: daemon.example', 'Connection: close']);
  assert.equal(takeApart(response).status, 200);
});

for (const [name, status, lines] of [
  ['no HTTP at all', 400, ['hello']],
  ['headers beyond the limit', 431, ['GET /metrics HTTP/1.1', 'Host: localhost', `X-Long: ${'x'.repeat(20_000)}`]],
  ['two lengths', 400, ['GET /metrics HTTP/1.1', 'Host: localhost', 'Content-Length: 1', 'Content-Length: 2']],
] as const) {
  test(`${name}: ${status}, and the next request is served`, async (t) => {
    const { url, address } = await opened(t, '127.0.0.1:0');
    assert.equal(takeApart(await raw(address.port, lines)).status, status);
    assert.equal((await fetch(url)).status, 200);
  });
}

test('closing ends idle connections, and frees the port', async (t) => {
  const { address, close } = await opened(t, '127.0.0.1:0');
  const socket = connect(address.port, '127.0.0.1');
  socket.write('GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await once(socket, 'data');
  const ended = once(socket, 'close');
  await Promise.all([close(), close()]);
  await ended;
  const next = createServer().listen(address.port, '127.0.0.1');
  await once(next, 'listening');
  assert.equal((next.address() as AddressInfo).port, address.port);
  next.close();
});

test('closing cuts a scrape that does not end', async (t) => {
  const asked = Promise.withResolvers<void>();
  const { url, close } = await opened(t, '127.0.0.1:0', () => {
    asked.resolve();
    return new Promise(() => {});
  });
  const hanging = assert.rejects(fetch(url));
  await asked.promise;
  await close();
  await hanging;
});

test('a slow reader gets all of its body and holds nobody up', async (t) => {
  const body = new TextEncoder().encode('x'.repeat(4 * 1024 * 1024));
  const { url, address } = await opened(t, '127.0.0.1:0', async () => ({ status: 200, headers: {}, body }));
  const slow = connect(address.port, '127.0.0.1');
  slow.write('GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
  await once(slow, 'readable');
  assert.equal((await (await fetch(url)).arrayBuffer()).byteLength, body.byteLength);
  let received = '';
  for await (const chunk of slow) received += chunk;
  assert.equal(takeApart(received).body.length, body.byteLength);
});

test('replies that nobody reads are bounded: 503 beyond 64 MiB, and served again when they are gone', async (t) => {
  const body = new Uint8Array(40 * 1024 * 1024);
  const { url, address } = await opened(t, '127.0.0.1:0', async (request) =>
    request.query.has('small') ? plainReply(200, 'small') : { status: 200, headers: {}, body },
  );
  const slow = [1, 2, 3].map(() => connect(address.port, '127.0.0.1'));
  for (const socket of slow) {
    socket.pause();
    socket.write('GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n');
  }
  const status = async (): Promise<number> => (await fetch(`${url}?small`)).status;
  await until('refused', async () => (await status()) === 503);
  for (const socket of slow) socket.destroy();
  await until('served', async () => (await status()) === 200);
});
