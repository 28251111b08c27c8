/** Redirections and proxies, as the exporter `otlp_http` of a real Collector and of the service takes them. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { type Request, startReceiver } from '../../service/exporters/otlp-http/receiver.ts';
import { until } from '../../until.ts';
import { from, gauge, number } from './requests.ts';
import { sendToBoth } from './send.ts';
import { type Side, startTwin, type Twin } from './twin.ts';

const sideOf = ({ headers }: Request): Side['name'] =>
  headers['user-agent']?.startsWith('OpenTelemetry Collector') ? 'collector' : 'service';
const statuses = [301, 302, 303, 307, 308] as const;

/** One exporter an endpoint, without pauses or retries that the test does not want. */
function yamlOf(endpoints: Readonly<Record<string, string>>, keys: readonly string[] = []): string[] {
  const ids = Object.keys(endpoints).map((name) => `otlp_http/${name}`);
  const settings = Object.entries(endpoints).flatMap(([name, endpoint]) =>
    [`metrics_endpoint: ${endpoint}`, 'retry_on_failure::enabled: false', ...keys].map(
      (key) => `yaml:exporters::otlp_http/${name}::${key}`,
    ),
  );
  return [...settings, `yaml:service::pipelines::metrics::exporters: [${ids}]`];
}

const sendOne = (twin: Twin) => sendToBoth(twin, [from({ 'service.name': 'x' }, [gauge('g', [number(1, 1n)])])]);

test('redirections', async (t) => {
  const target = await startReceiver(t);
  const receiver = await startReceiver(t);
  receiver.answer = ({ path }) => {
    const [, where, status] = path.split('/');
    if (where === 'moved') return { status: 200 };
    return {
      status: Number(status),
      headers: { location: where === 'home' ? `/moved/${status}` : `${target.origin}/moved/${status}` },
    };
  };
  const endpoints = Object.fromEntries(
    statuses.flatMap((status) => ['home', 'away'].map((where) => [`${where}${status}`, `${receiver.origin}/${where}/${status}`])),
  );
  const twin = await startTwin(t, yamlOf(endpoints, ['headers::x-secret: s']));
  if (twin === undefined) return;
  await sendOne(twin);
  const moved = () => [...receiver.requests, ...target.requests].filter(({ path }) => path.startsWith('/moved'));
  await until('all there', () => receiver.requests.length + target.requests.length === 2 * 10 + 10 + 4);
  // A GET has no content type, and no points: the Collector sends one after 301 to 303, and takes its answer for a success.
  const points = (requests: readonly Request[], side: Side['name']) =>
    requests
      .filter((request) => moved().includes(request) && request.headers['content-type'] !== undefined)
      .filter((request) => (request.headers['x-secret'] === 's' ? sideOf(request) === side : side === 'service'))
      .map(({ path, headers }) => [path, headers['content-type'], headers['content-encoding'], headers['x-secret']].join())
      .sort();
  const followed = [307, 308].map((status) => `/moved/${status},application/x-protobuf,gzip,`);
  for (const side of ['collector', 'service'] as const)
    assert.deepEqual(
      points(receiver.requests, side),
      followed.map((line) => `${line}s`),
      side,
    );
  assert.deepEqual(
    points(target.requests, 'collector'),
    followed.map((line) => `${line}s`),
  );
  // What was configured for the endpoint, the service does not show another origin: neither its headers nor who it is.
  assert.deepEqual(points(target.requests, 'service'), followed);
});

/** Where the points went: the proxy's lines, or straight. */
async function startProxy(t: TestContext) {
  const asked: string[] = [];
  const proxy = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    request.resume().on('end', () => response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end());
  });
  proxy.on('connect', ({ url }, socket) => {
    asked.push(`CONNECT ${url}`);
    socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    proxy.close();
    proxy.closeAllConnections();
  });
  return { asked, url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` };
}

test('proxies from the environment', async (t) => {
  const { asked, url } = await startProxy(t);
  const local = await startReceiver(t);
  const endpoints = {
    http: 'http://collector.invalid:4318/http',
    https: 'https://secure.invalid/https',
    exempt: 'http://exempt.invalid/exempt',
    below: 'http://a.below.invalid/below',
    range: 'http://10.99.0.1:1/range',
    port: 'http://port.invalid:1/port',
    other: 'http://port.invalid:2/other',
    loopback: `${local.origin}/loopback`,
  };
  const env = {
    HTTP_PROXY: url,
    https_proxy: url,
    NO_PROXY: 'exempt.invalid, .below.invalid,10.99.0.0/16,port.invalid:1',
    http_proxy: '',
    HTTPS_PROXY: '',
    no_proxy: '',
  };
  const twin = await startTwin(t, yamlOf(endpoints, ['timeout: 2s']), [], env);
  if (twin === undefined) return;
  await sendOne(twin);
  await until('all tried', () => local.requests.length === 2 && asked.length === 6);
  const expected = ['CONNECT secure.invalid:443', 'POST http://collector.invalid:4318/http', 'POST http://port.invalid:2/other'];
  assert.deepEqual(
    asked.sort(),
    expected.flatMap((line) => [line, line]),
  );
});
