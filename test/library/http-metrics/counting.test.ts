/** What becomes of a request, and what is left out. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { connect as connectHttp2, constants, createServer as createHttp2Server } from 'node:http2';
import { connect } from 'node:net';
import { type TestContext, test } from 'node:test';
import fastify from 'fastify';
import fastifyMetrics from 'fastify-metrics';
import { type HttpServerMetrics, type HttpServerMetricsOptions, httpServerMetrics } from '../../../src/http-metrics.ts';
import { capped, type Labels, MeterbridgeError } from '../../../src/index.ts';
import { ask, counted, listening, open, samples } from './served.ts';

async function serve<L extends Labels>(t: TestContext, answer: RequestListener, options: HttpServerMetricsOptions<L> = {}) {
  const bridge = open(t);
  const http = httpServerMetrics(bridge, options);
  return { bridge, port: await listening(t, createServer(http.listener(answer, () => '/here'))) };
}

test('a request is in flight until its answer has ended, and a streamed body counts whole', async (t) => {
  const arrived = Promise.withResolvers<void>();
  const { bridge, port } = await serve(t, async (_, response) => {
    response.write('grün');
    arrived.resolve();
    await go.promise;
    response.end(Buffer.alloc(1_000));
  });
  const go = Promise.withResolvers<void>();
  const asked = ask(port, '/', 'POST', 'body!');
  await arrived.promise;
  const inFlight = 'http_server_active_requests';
  assert.deepEqual(await samples(bridge, inFlight), { 'http_request_method=POST url_scheme=http': 1 });
  go.resolve();
  await asked;
  await counted(bridge, 1);
  assert.deepEqual(await samples(bridge, inFlight), { 'http_request_method=POST url_scheme=http': 0 });
  const all =
    'http_request_method=POST url_scheme=http http_route=/here http_response_status_code=200 network_protocol_version=1.1';
  assert.deepEqual(await samples(bridge, 'http_server_request_body_size_bytes_sum'), { [all]: 5 });
  assert.deepEqual(await samples(bridge, 'http_server_response_body_size_bytes_sum'), { [all]: 1_005 });
});

test('an answer to HEAD has no body, however much a program writes', async (t) => {
  const { bridge, port } = await serve(t, (_, response) => response.end('0123456789'));
  await ask(port, '/', 'HEAD');
  await counted(bridge, 1);
  assert.deepEqual(Object.values(await samples(bridge, 'http_server_response_body_size_bytes_sum')), [0]);
});

test('a method that the conventions do not know is _OTHER', async (t) => {
  const { bridge, port } = await serve(t, (_, response) => response.end());
  for (const method of ['PROPFIND', 'MKCOL', 'QUERY']) await ask(port, '/', method);
  assert.deepEqual(await counted(bridge, 3), { '_OTHER /here 200': 2, 'QUERY /here 200': 1 });
});

for (const [when, begin, series] of [
  ['before its head', () => {}, 'GET /here aborted'],
  ['within its body', (response: { write(text: string): void }) => response.write('a part'), 'GET /here 200 aborted'],
] as const) {
  test(`an answer whose client leaves ${when} counts once, as aborted`, async (t) => {
    const arrived = Promise.withResolvers<void>();
    const closed = Promise.withResolvers<void>();
    const { bridge, port } = await serve(t, (_, response) => {
      begin(response);
      response.once('close', () => {
        response.end('late');
        closed.resolve();
      });
      arrived.resolve();
    });
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    socket.write('GET / HTTP/1.1\r\nhost: a\r\n\r\n');
    await arrived.promise;
    socket.destroy();
    await closed.promise;
    assert.deepEqual(await counted(bridge, 1), { [series]: 1 });
    assert.deepEqual(Object.values(await samples(bridge, 'http_server_active_requests')), [0]);
    assert.deepEqual(await samples(bridge, 'http_server_response_body_size_bytes_count'), {});
  });
}

test('an answer over HTTP/2 whose client leaves is aborted, and one that left whole is not', async (t) => {
  const bridge = open(t);
  const server = createHttp2Server((request, response) => {
    if (request.url === '/whole') response.end('whole');
    else response.write('a part');
  });
  t.after(httpServerMetrics(bridge).watch(server as unknown as Parameters<HttpServerMetrics['watch']>[0], ({ url }) => url));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const client = connectHttp2(`http://127.0.0.1:${(server.address() as { port: number }).port}`);
  t.after(() => {
    client.destroy();
    server.close();
  });
  const whole = client.request({ ':path': '/whole' }).resume();
  await once(whole, 'close');
  const left = client.request({ ':path': '/left' });
  await once(left, 'data');
  left.close(constants.NGHTTP2_CANCEL);
  assert.deepEqual(await counted(bridge, 2), { 'GET /whole 200': 1, 'GET /left 200 aborted': 1 });
});

test('what is skipped is not counted: paths, their beginnings, and probes on request', async (t) => {
  const options = { skip: ['/exact', '/static/*'], healthChecks: false };
  const { bridge, port } = await serve(t, (_, response) => response.end(), options);
  for (const path of ['/exact?a=1', '/static/a.js', '/healthz', '/readyz', '/exactly']) await ask(port, path);
  assert.deepEqual(await counted(bridge, 1), { 'GET /here 200': 1 });
  const all = await serve(t, (_, response) => response.end(), { skip: ({ url }) => url === '/no' });
  for (const path of ['/no', '/healthz']) await ask(all.port, path);
  assert.deepEqual(await counted(all.bridge, 1), { 'GET /here 200': 1 });
});

test('labels of your own are bounded as declared', async (t) => {
  const { bridge, port } = await serve(t, (_, response) => response.end(), {
    labels: { tenant: capped({ limit: 1 }) },
    values: ({ url }) => ({ tenant: url?.slice(1) ?? '' }),
  });
  for (const path of ['/a', '/a', '/b', '/c']) await ask(port, path);
  assert.deepEqual(await counted(bridge, 4), { 'GET /here 200 a': 2, 'GET /here 200 other': 2 });
});

test('labels without values, and names that do not exist, are refused', (t) => {
  const bridge = open(t);
  assert.throws(() => httpServerMetrics(bridge, { labels: { tenant: capped() } }), MeterbridgeError);
  assert.throws(() => httpServerMetrics(bridge, { names: 'prometheus' as 'semconv' }), /'semconv' or 'fastify-metrics'/);
});

test("fastify-metrics' names: its own exposition has the same series and bounds", async (t) => {
  const bridge = open(t);
  const app = fastify();
  t.after(() => app.close());
  app.register(httpServerMetrics(bridge, { names: 'fastify-metrics' }).fastify);
  const plugin = fastifyMetrics as unknown as typeof fastifyMetrics.default;
  await app.register(plugin, {
    endpoint: '/metrics',
    defaultMetrics: { enabled: false },
    routeMetrics: { registeredRoutesOnly: false },
  });
  app.get('/orders/:id', async () => ({}));
  await app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.server.address() as { port: number };
  for (const path of ['/orders/1', '/orders/2', '/nowhere']) await ask(port, path);
  const { text } = await ask(port, '/metrics');
  const theirs = text.split('\n').filter((line) => /^http_request_(duration|summary)_seconds_(bucket|count)/.test(line));
  const key = (line: string) => {
    const labels = [...line.matchAll(/(\w+)="([^"]*)"/g)].map(([, label, value]) => `${label}=${value}`);
    return `${line.slice(0, line.indexOf('{'))} ${labels.sort().join(' ')}`;
  };
  const ours = (await bridge.gather()).flatMap(({ samples }) =>
    samples.map(
      ({ name, labels }) =>
        `${name} ${[...labels]
          .map((pair) => pair.join('='))
          .sort()
          .join(' ')}`,
    ),
  );
  assert.ok(theirs.length > 10, text);
  for (const line of theirs) assert.ok(ours.includes(key(line)), `${key(line)} is not in\n${ours.join('\n')}`);
});
