import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import type { FastifyInstance, fastify } from 'fastify';
import { notFound, open } from '../../../src/access.ts';
import { fastifyMetrics } from '../../../src/fastify.ts';
import { contract, meterbridge } from '../../../src/index.ts';
import { plainReply } from '../../../src/net/http/plain-reply.ts';
import { echo } from '../../net/http/requests.ts';
import { fastifyLines } from './fastify-lines.ts';

function hostApp(t: TestContext, create: typeof fastify): FastifyInstance {
  const app = create();
  app.get('/health', async () => 'ok');
  app.post('/jobs', async (request) => request.body);
  t.after(() => app.close());
  return app;
}

for (const [line, create] of fastifyLines) {
  test(`${line}: a bridge or a bare handler, at /metrics`, async (t) => {
    for (const source of [echo, { scrape: echo }]) {
      const app = hostApp(t, create);
      await app.register(fastifyMetrics(source));
      const reply = await app.inject({ url: '/metrics?x=1', headers: { 'x-forwarded-for': '1.1.1.1, 2.2.2.2' } });
      const facts = { method: 'GET', path: '/metrics', query: [['x', '1']], forwarded: '1.1.1.1, 2.2.2.2', authorization: null };
      assert.deepEqual(reply.json(), { ...facts, peer: '127.0.0.1' });
      assert.equal(reply.headers['content-type'], 'application/json');
    }
  });

  test(`${line}: another path, below a prefix`, async (t) => {
    const app = hostApp(t, create);
    await app.register(fastifyMetrics(echo, { path: '/m' }), { prefix: '/api' });
    assert.equal((await app.inject('/api/m')).json().path, '/api/m');
    assert.equal((await app.inject('/metrics')).statusCode, 404);
  });

  test(`${line}: requests and the runtime, too: those of the metrics alone are left out, also below a prefix`, async (t) => {
    const app = hostApp(t, create);
    const bridge = meterbridge(contract('app', {}), { isolated: true, push: false, env: {} });
    t.after(() => bridge.close());
    app.register(fastifyMetrics(bridge, { http: true, runtime: true, access: { gate: open(), refusal: notFound() } }), {
      prefix: '/api',
    });
    for (const url of ['/health', '/health', '/api/metrics', '/metrics']) await app.inject(url);
    const { body } = await app.inject('/api/metrics');
    const requests = body.split('\n').filter((line) => line.startsWith('http_server_request_duration_seconds_count'));
    assert.deepEqual(requests.map((line) => [/http_route="([^"]*)"/.exec(line)?.[1], line.at(-1)]).sort(), [
      [undefined, '1'],
      ['/health', '2'],
    ]);
    assert.match(body, /^process_uptime_seconds \d/m);
  });

  test(`${line}: requests and the runtime under other names, without what is skipped`, async (t) => {
    const app = hostApp(t, create);
    const bridge = meterbridge(contract('app', {}), { isolated: true, push: false, env: {} });
    t.after(() => bridge.close());
    const http = { names: 'fastify-metrics', skip: ['/health'] } as const;
    app.register(fastifyMetrics(bridge, { http, runtime: { names: 'prom-client' } }));
    for (const url of ['/health', '/metrics', '/nowhere']) await app.inject(url);
    const { body } = await app.inject('/metrics');
    assert.deepEqual(body.match(/^http_request_duration_seconds_count.*$/gm), [
      'http_request_duration_seconds_count{method="GET",route="__unknown__",status_code="404"} 1',
    ]);
    assert.match(body, /^process_start_time_seconds \d/m);
    assert.doesNotMatch(body, /^process_uptime_seconds/m);
  });

  test(`${line}: HEAD states the length and sends nothing`, async (t) => {
    const app = hostApp(t, create);
    await app.register(fastifyMetrics(echo));
    const reply = await app.inject({ method: 'HEAD', url: '/metrics' });
    assert.deepEqual([reply.statusCode, reply.body], [200, '']);
    assert.match(String(reply.headers['content-length']), /^[1-9]/);
  });

  test(`${line}: every method reaches the handler, whatever its body`, async (t) => {
    const app = hostApp(t, create);
    await app.register(fastifyMetrics(async (request) => plainReply(405, request.method, { allow: 'GET, HEAD' })));
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'] as const) {
      const headers = { 'content-type': 'application/strange' };
      const reply = await app.inject({ method, url: '/metrics', headers, payload: '{' });
      assert.deepEqual([reply.statusCode, reply.body, reply.headers.allow], [405, `${method}\n`, 'GET, HEAD']);
    }
  });

  test(`${line}: the host keeps its routes, its body parsers and its hooks`, async (t) => {
    const app = hostApp(t, create);
    const seen: string[] = [];
    app.addHook('onRequest', async (request) => void seen.push(request.url));
    await app.register(fastifyMetrics(echo));
    assert.equal((await app.inject('/health')).body, 'ok');
    assert.deepEqual((await app.inject({ method: 'POST', url: '/jobs', payload: { a: 1 } })).json(), { a: 1 });
    await app.inject('/metrics');
    assert.ok(seen.includes('/metrics'));
  });

  test(`${line}: where the handler answers 404, the host’s own 404 answers`, async (t) => {
    const app = hostApp(t, create);
    app.setNotFoundHandler((_request, reply) => reply.code(404).send({ error: 'nothing here' }));
    await app.register(fastifyMetrics(async () => plainReply(404, 'hidden')));
    for (const method of ['GET', 'HEAD', 'POST'] as const) {
      const [hidden, unknown] = await Promise.all(['/metrics', '/unknown'].map((url) => app.inject({ method, url })));
      assert.deepEqual([hidden?.statusCode, hidden?.body], [404, unknown?.body]);
    }
  });

  test(`${line}: a handler that rejects: 500 without internal text`, async (t) => {
    const app = hostApp(t, create);
    await app.register(fastifyMetrics(() => Promise.reject(new Error('secret'))));
    const reply = await app.inject('/metrics');
    assert.deepEqual([reply.statusCode, reply.body], [500, 'internal error\n']);
  });
}

test('an option of the requests or the runtime that does not exist is refused where it is written', () => {
  const bridge = meterbridge(contract('app', {}), { isolated: true, push: false, env: {} });
  const http = { ignore: ['/health'] } as object;
  assert.throws(() => fastifyMetrics(bridge, { http }), /fastifyMetrics\.http\.ignore: got a key that does not exist/);
  assert.throws(() => fastifyMetrics(bridge, { http: { names: 'fastify' as 'semconv' } }), /'semconv' or 'fastify-metrics'/);
  assert.throws(() => fastifyMetrics(bridge, { runtime: { names: 'node' as 'semconv' } }), /'semconv' or 'prom-client'/);
  assert.throws(
    () => fastifyMetrics(bridge, { runtime: { name: 'x' } as object }),
    /fastifyMetrics\.runtime\.name: .* write names/,
  );
  return bridge.close();
});

test('a handler records no requests', () => {
  assert.throws(
    () => fastifyMetrics(echo, { http: true }),
    /fastifyMetrics\.http: got true, with a handler; only a bridge records/,
  );
  assert.throws(() => fastifyMetrics({ scrape: echo }, { runtime: { names: 'semconv' } }), /fastifyMetrics\.runtime/);
});
