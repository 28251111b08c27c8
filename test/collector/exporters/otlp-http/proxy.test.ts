/** `proxy_url`: RFC 9112, section 3.2.2 (the absolute form, for http) and RFC 9110, section 9.3.6 (CONNECT, for https). The endpoint's name does not resolve. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { knowsProxies } from '../../../../src/collector/exporters/otlp-http/config.ts';
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

test('a proxy is asked for a tunnel to an https endpoint', async (t) => {
  const asked: (string | undefined)[] = [];
  const proxy = createServer().on('connect', ({ url }, socket) => {
    asked.push(url);
    socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  t.after(() => proxy.close());
  const origin = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const given = { endpoint: 'https://collector.invalid', proxy_url: origin, retry_on_failure: soon };
  const { exporter, counts } = await startExporter(t, given);
  exporter.consume(one);
  await until('tried twice', () => asked.length >= 2);
  assert.equal(asked[0], 'collector.invalid:443');
  assert.equal(counts.sent, 0);
});

test('an older Node.js has no proxies, and the configuration says so', () => {
  const versions = ['22.15.0', '22.20.9', '22.21.0', '23.9.0', '24.4.1', '24.5.0', '26.0.0'];
  assert.deepEqual(versions.map(knowsProxies), [false, false, true, false, false, true, true]);
});
