/** The same requests to each framework, told apart by the template of their route: semantic conventions, `http.route`. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { type TestContext, test } from 'node:test';
import { getRequestListener } from '@hono/node-server';
import express from 'express';
// @ts-expect-error the types are those of Express 5
import express4 from 'express-4';
import type fastify from 'fastify';
import { type Context, Hono } from 'hono';
import { type HttpServerMetrics, httpServerMetrics } from '../../../src/http-metrics.ts';
import { MeterbridgeError } from '../../../src/index.ts';
import { fastifyLines } from '../fastify/fastify-lines.ts';
import { ask, counted, listening, open } from './served.ts';

type Make = (http: HttpServerMetrics, t: TestContext) => Promise<number>;

const fastifyOf =
  (create: typeof fastify): Make =>
  async (http, t) => {
    const app = create();
    app.register(http.fastify);
    app.get('/orders/:id', async () => ({ ok: true }));
    app.get('/fails', async () => {
      throw new Error('no');
    });
    await app.listen({ port: 0, host: '127.0.0.1' });
    t.after(() => app.close());
    return (app.server.address() as { port: number }).port;
  };

const expressOf =
  (create: typeof express): Make =>
  (http, t) => {
    const app = create();
    app.set('env', 'test');
    app.use(http.express);
    app.get('/orders/:id', (_, response) => void response.json({ ok: true }));
    app.get('/fails', () => {
      throw new Error('no');
    });
    return listening(t, createServer(app));
  };

const makes: Readonly<Record<string, Make>> = {
  ...Object.fromEntries(fastifyLines.map(([line, create]) => [line, fastifyOf(create)])),
  'Express 5': expressOf(express),
  'Express 4': expressOf(express4 as unknown as typeof express),
  Hono: (http, t) => {
    const app = new Hono();
    app.use(http.hono);
    app.onError((_, context) => context.text('no', 500));
    app.get('/orders/:id', (context) => context.json({ ok: true }));
    app.get('/fails', () => {
      throw new Error('no');
    });
    return listening(t, createServer(getRequestListener(app.fetch)));
  },
  'a listener of node:http': (http, t) => listening(t, createServer(http.listener(answer, route))),
  'a server of node:http': (http, t) => {
    const server = createServer(answer);
    t.after(http.watch(server, route));
    return listening(t, server);
  },
  'every server of the process': (http, t) => {
    t.after(http.everyServer(route));
    return listening(t, createServer(answer));
  },
};

const answer: Parameters<HttpServerMetrics['listener']>[0] = (request, response) => {
  const status = request.url === '/fails' ? 500 : request.method === 'GET' && request.url?.startsWith('/orders/') ? 200 : 404;
  response.writeHead(status).end('{}');
};
const route: Parameters<HttpServerMetrics['everyServer']>[0] = ({ url, method }) => {
  if (url === '/fails') return '/fails';
  return method === 'GET' && url?.startsWith('/orders/') ? '/orders/:id' : undefined;
};

for (const [name, make] of Object.entries(makes)) {
  test(`${name}: a series is a route's template, and all that matches none is one`, async (t) => {
    const bridge = open(t);
    const port = await make(httpServerMetrics(bridge), t);
    for (const id of ['1', '2?x=1', '3']) assert.equal((await ask(port, `/orders/${id}`)).status, 200);
    for (const path of ['/wp-login.php', '/nowhere/at/all']) assert.equal((await ask(port, path)).status, 404);
    assert.equal((await ask(port, '/fails')).status, 500);
    assert.deepEqual(await counted(bridge, 6), { 'GET /orders/:id 200': 3, 'GET 404': 2, 'GET /fails 500 500': 1 });
  });
}

for (const [line, create] of fastifyLines) {
  test(`${line}: a request that a test injects leaves whole`, async (t) => {
    const bridge = open(t);
    const app = create();
    t.after(() => app.close());
    app.register(httpServerMetrics(bridge).fastify);
    app.get('/orders/:id', async () => ({}));
    await app.inject('/orders/1');
    assert.deepEqual(await counted(bridge, 1), { 'GET /orders/:id 200': 1 });
  });
}

test('Fastify older than 4.10 is refused by its version', (t) => {
  const bridge = open(t);
  const app = { version: '4.9.2', addHook: () => assert.fail('a hook without routes') };
  httpServerMetrics(bridge).fastify(app, {}, (error) => {
    assert.ok(MeterbridgeError.is(error));
    assert.match(error.message, /got Fastify 4\.9\.2; it needs Fastify 4\.10 or newer/);
  });
});

for (const [name, create] of [
  ['Express 5', express],
  ['Express 4', express4 as unknown as typeof express],
] as const) {
  test(`${name}: the template holds the mount points of routers, also when an error handler answers`, async (t) => {
    const bridge = open(t);
    const app = create();
    app.use(httpServerMetrics(bridge).express);
    const inner = create.Router();
    inner.get('/orders/:id', (_, response) => void response.json({}));
    inner.get('/fails', (_request, _response, next) => next(new Error('no')));
    const outer = create.Router();
    outer.use('/users/:user', inner);
    app.use('/api', outer);
    const late: express.ErrorRequestHandler = (_error, _request, response, _next) => void response.status(503).end();
    app.use(late);
    const port = await listening(t, createServer(app));
    for (const path of ['/api/users/7/orders/1', '/api/users/8%20a/orders/2', '/api/users/9/fails', '/api/users/9/none'])
      await ask(port, path);
    assert.deepEqual(await counted(bridge, 4), {
      'GET /api/users/:user/orders/:id 200': 2,
      'GET /api/users/:user/fails 503 503': 1,
      'GET 404': 1,
    });
  });
}

test('a request to Hono whose client leaves keeps its route', async (t) => {
  const bridge = open(t);
  const app = new Hono();
  app.use(httpServerMetrics(bridge).hono);
  app.use('/orders/*', (_, next) => next());
  const arrived = Promise.withResolvers<void>();
  const go = Promise.withResolvers<void>();
  const waits = async (context: Context) => {
    arrived.resolve();
    await go.promise;
    return context.text('late');
  };
  app.get('/orders/:id', waits);
  const port = await listening(t, createServer(getRequestListener(app.fetch)));
  const socket = connect(port, '127.0.0.1');
  socket.write('GET /orders/1 HTTP/1.1\r\nhost: a\r\n\r\n');
  await arrived.promise;
  socket.destroy();
  assert.deepEqual(await counted(bridge, 1), { 'GET /orders/:id aborted': 1 });
  go.resolve();
});

test('Hono without a server of Node.js is measured too', async (t) => {
  const bridge = open(t);
  const app = new Hono();
  app.use(httpServerMetrics(bridge).hono);
  app.get('/orders/:id', (context) => context.text('ok'));
  await app.request('/orders/1');
  await app.request('/nowhere');
  assert.deepEqual(await counted(bridge, 2), { 'GET /orders/:id 200': 1, 'GET 404': 1 });
});

test('a plugin on a server that is watched counts a request once, with the route that only it knows', async (t) => {
  const bridge = open(t);
  t.after(httpServerMetrics(bridge).everyServer());
  const app = express();
  app.use(httpServerMetrics(bridge).express);
  app.get('/orders/:id', (_, response) => void response.end());
  const port = await listening(t, createServer(app));
  await ask(port, '/orders/1');
  await ask(port, '/orders/2');
  assert.deepEqual(await counted(bridge, 2), { 'GET /orders/:id 200': 2 });
});
