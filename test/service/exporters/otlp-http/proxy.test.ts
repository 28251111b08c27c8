/**
 * `proxy_url`: RFC 9112, section 3.2.2 (the absolute form, for http) and RFC 9110, section 9.3.6 (CONNECT, for https). The
 * endpoint's name does not resolve.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { type TestContext, test } from 'node:test';
import { certificate } from '../../../net/web-config/good-cases.ts';
import { until } from '../../../until.ts';
import { startReceiver } from './receiver.ts';
import { batch, metric, soon, startExporter } from './rig.ts';

const one = batch(metric('jobs', 2, 7));

test('a proxy gets requests to an http endpoint', async (t) => {
  const proxy = await startReceiver(t);
  const { exporter, counts } = await startExporter(t, { endpoint: 'http://collector.invalid', proxy_url: proxy.origin });
  exporter.consume(one);
  await until('sent', () => counts.sent === 1);
  assert.deepEqual(
    proxy.requests.map(({ path, headers }) => [path, headers.host]),
    [['http://collector.invalid/v1/metrics', 'collector.invalid']],
  );
});

test('a proxy of an http endpoint gets its own credentials', async (t) => {
  const proxy = await startReceiver(t);
  const withUser = proxy.origin.replace('//', '//user:p%40ss@');
  const { exporter, counts } = await startExporter(t, { endpoint: 'http://collector.invalid', proxy_url: withUser });
  exporter.consume(one);
  await until('sent', () => counts.sent === 1);
  assert.equal(proxy.requests[0]?.headers['proxy-authorization'], basic);
});

const basic = `Basic ${Buffer.from('user:p@ss').toString('base64')}`;

async function portOf(t: TestContext, server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return (server.address() as AddressInfo).port;
}

test('an https endpoint is reached through a tunnel, which is asked for once', async (t) => {
  const received: (string | undefined)[] = [];
  const tls = { cert: certificate('server.pem'), key: certificate('server.key.pem') };
  const port = await portOf(
    t,
    createTlsServer(tls, (request, response) => {
      received.push(request.headers['proxy-authorization']);
      request.resume().on('end', () => response.end());
    }),
  );
  const asked: unknown[] = [];
  const proxy = createServer().on('connect', ({ url, headers }, socket) => {
    asked.push([url, headers['proxy-authorization']]);
    const to = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      socket.pipe(to).pipe(socket);
    });
    for (const end of [to, socket]) end.on('error', () => {});
    t.after(() => void to.destroy());
  });
  const { exporter, counts } = await startExporter(t, {
    endpoint: 'https://collector.invalid:4318',
    proxy_url: `http://user:p%40ss@127.0.0.1:${await portOf(t, proxy)}`,
    tls: { ca_pem: certificate('authority.pem'), server_name_override: 'localhost' },
  });
  for (let n = 1; n <= 2; n++) {
    exporter.consume(one);
    await until('sent', () => counts.sent === n);
  }
  assert.deepEqual(asked, [['collector.invalid:4318', basic]]);
  assert.deepEqual(received, [undefined, undefined]);
});

for (const [endpoint, authority] of [
  ['https://collector.invalid', 'collector.invalid:443'],
  ['https://[::1]:4318', '[::1]:4318'],
] as const)
  test(`a proxy is asked for a tunnel to ${endpoint}`, async (t) => {
    const asked: (string | undefined)[] = [];
    const proxy = createServer().on('connect', ({ url }, socket) => {
      asked.push(url);
      socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    t.after(() => proxy.close());
    const origin = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const given = { endpoint, proxy_url: origin, retry_on_failure: soon };
    const { exporter, counts, lines } = await startExporter(t, given);
    exporter.consume(one);
    await until('tried twice', () => asked.length >= 2);
    assert.equal(asked[0], authority);
    assert.equal(counts.sent, 0);
    assert.match(lines[0] ?? '', /the proxy responds with 502 Bad Gateway/);
  });
