/** Gates and the access log on a host's own Fastify app, through real sockets. */
import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import type { FastifyInstance, fastify } from 'fastify';
import {
  type Access,
  anyOf,
  bearer,
  jsonError,
  loopback,
  notFound,
  type Refused,
  secret,
  trustedProxies,
  unauthorized,
} from '../../../src/access.ts';
import { fastifyGuard, fastifyMetrics, fastifyRequestLog } from '../../../src/fastify.ts';
import { plainReply } from '../../../src/net/http/plain-reply.ts';
import { fastifyLines } from '../../library/fastify/fastify-lines.ts';
import { type Asking, ask, headerOf, withoutId } from './request-as.ts';

const hidden: Access = {
  gate: anyOf(loopback(), bearer(secret('good'))),
  proxies: trustedProxies(['127.0.0.5/32']),
  refusal: notFound(),
};
const stranger: Asking = { from: '127.0.0.5', forwarded: ['192.0.2.1'] };
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'PROPFIND'];

async function opened(t: TestContext, create: typeof fastify, prepare: (app: FastifyInstance) => Promise<unknown> | unknown) {
  const app = create({ bodyLimit: 20 });
  await prepare(app);
  app.get('/health', async () => 'ok');
  await app.listen({ port: 0, host: '127.0.0.1' });
  t.after(() => app.close());
  const { port } = app.server.address() as AddressInfo;
  return { app, ask: (asking: Asking) => ask(port, asking) };
}

const bodies: readonly Pick<Asking, 'body' | 'lines'>[] = [
  {},
  { body: '', lines: ['Content-Type: application/json'] },
  { body: '{"a":1}', lines: ['Content-Type: application/json'] },
  { body: '{', lines: ['Content-Type: application/json'] },
  { body: '{"a":"longer than the limit"}', lines: ['Content-Type: application/json'] },
  { body: 'x', lines: ['Content-Type: text/plain'] },
  { body: 'x', lines: ['Content-Type: application/strange'] },
  { body: 'x', lines: ['Content-Type: no type at all'] },
  { lines: ['Transfer-Encoding: chunked', '', '1', 'x', '0'] },
];

for (const [line, create] of fastifyLines) {
  for (const [kind, prepare] of [
    ['Fastify’s own 404', () => {}],
    [
      'a 404 of the host, with hooks that take their time',
      (app: FastifyInstance) => {
        app.addHook('preHandler', () => new Promise<void>((resolve) => setImmediate(resolve)));
        app.addHook('onSend', async (_request, reply, payload) => {
          reply.header('x-host', 'backups');
          return payload;
        });
        app.setNotFoundHandler((request, reply) => reply.code(404).send({ error: 'nothing here', method: request.method }));
        app.setErrorHandler((_error, _request, reply) => reply.code(400).send({ error: 'no' }));
      },
    ],
  ] as const) {
    test(`${line}, ${kind}: a hidden endpoint answers as a path of the same length that does not exist`, async (t) => {
      const refusals: Refused[] = [];
      const { ask } = await opened(t, create, async (app) => {
        await prepare(app);
        const handler = async () => assert.fail('it was asked');
        await app.register(fastifyMetrics(handler, { access: hidden, onRefused: (event) => void refusals.push(event) }));
      });
      for (const method of methods) {
        for (const sent of bodies) {
          const [refused, unknown] = await Promise.all([
            ask({ ...stranger, ...sent, method }),
            ask({ ...sent, method, path: '/unknown' }),
          ]);
          const expected = JSON.parse(JSON.stringify(unknown).replaceAll('/unknown', '/metrics'));
          assert.deepEqual(refused, expected, `${method} ${JSON.stringify(sent)}`);
          assert.equal(headerOf(refused, 'allow'), undefined);
        }
      }
      assert.equal(refusals.length, methods.length * bodies.length, 'each once');
    });
  }

  test(`${line}, who is let through gets the handler’s answer to every method, whatever the body`, async (t) => {
    const { ask } = await opened(t, create, (app) =>
      app.register(fastifyMetrics(async ({ method }) => plainReply(method === 'GET' ? 200 : 405, method), { access: hidden })),
    );
    for (const method of methods.slice(2, -1)) {
      for (const sent of bodies) assert.equal((await ask({ ...sent, method })).status, 405, `${method} ${JSON.stringify(sent)}`);
    }
    assert.equal((await ask({ ...stranger, authorization: 'Bearer good' })).body, 'GET\n');
  });

  test(`${line}, the host’s hooks still stand between a request with a body and its answer`, async (t) => {
    const { ask } = await opened(t, create, async (app) => {
      app.addHook('preHandler', async (_request, reply) => reply.code(403).send('forbidden by the host'));
      await app.register(fastifyMetrics(async () => plainReply(405, 'handler')));
    });
    for (const method of ['GET', 'POST']) assert.deepEqual((await ask({ method, body: 'x' })).body, 'forbidden by the host');
  });

  test(`${line}, a bridge counts what is refused, beside whoever else wants to know`, async (t) => {
    const counted: Refused[] = [];
    const told: Refused[] = [];
    const bridge = { scrape: async () => plainReply(200, 'ok'), onRefused: (event: Refused) => void counted.push(event) };
    const { ask } = await opened(t, create, (app) =>
      app.register(
        fastifyMetrics(bridge, { access: { ...hidden, refusal: unauthorized() }, onRefused: (event) => void told.push(event) }),
      ),
    );
    const answer = await ask(stranger);
    assert.deepEqual([answer.status, headerOf(answer, 'www-authenticate'), answer.body], [401, 'bearer', '']);
    assert.deepEqual(counted, [{ reason: 'missing', count: 1, client: '192.0.2.1', method: 'GET', path: '/metrics' }]);
    assert.deepEqual(told, counted);
  });

  for (const [name, refusal, status] of [
    ['401', jsonError(401, 'unauthorized'), 401],
    ['the host’s 404', notFound(), 404],
  ] as const) {
    test(`${line}, a guard ahead of the host’s own routes: ${name}, and the route is not run`, async (t) => {
      const { ask } = await opened(t, create, (app) => {
        app.addHook('preHandler', () => new Promise<void>((resolve) => setImmediate(resolve)));
        return app.register(async (scope) => {
          scope.addHook('onRequest', fastifyGuard({ gate: bearer(secret('good')), refusal }));
          scope.post('/jobs', async () => 'done');
          scope.get('/jobs', async () => 'listed');
        });
      });
      for (const method of ['GET', 'HEAD', 'POST']) {
        const refused = await ask({ method, path: '/jobs' });
        assert.equal(refused.status, status);
        assert.doesNotMatch(refused.body, /done|listed/);
      }
      assert.equal((await ask({ method: 'POST', path: '/jobs', authorization: 'Bearer good' })).body, 'done');
      assert.equal((await ask({ path: '/health' })).body, 'ok');
    });
  }

  test(`${line}, an id for every response and a line for every request, whoever answers it, ahead of the body`, async (t) => {
    const events: string[] = [];
    const { app, ask } = await opened(t, create, async (app) => {
      await app.register(fastifyRequestLog({ write: (line) => void events.push(line) }));
      app.get('/fails', async () => {
        throw new Error('no');
      });
      app.post('/jobs', async () => 'done');
      app.get('/streams', async (_request, reply) => {
        reply.raw.on('pipe', () => events.push('body'));
        return reply.send(new Blob(['x']).stream());
      });
      await app.register(fastifyMetrics(async () => plainReply(200, 'ok'), { access: hidden }));
    });
    for (const [asking, line] of [
      [{ path: '/health' }, 'method=GET path=/health status=200'],
      [{ path: '/fails?token=x' }, 'method=GET path=/fails status=500'],
      [
        { path: '/jobs', method: 'POST', body: '{', lines: ['Content-Type: application/json'] },
        'method=POST path=/jobs status=400',
      ],
      [{ path: '/nowhere' }, 'method=GET path=/nowhere status=404'],
      [{ path: '/%zz' }, 'method=GET path=/%zz status=400'],
      [{ method: 'PROPFIND', path: '/health' }, 'method=PROPFIND path=/health status=404'],
      [stranger, 'method=GET path=/metrics status=404'],
      [{}, 'method=GET path=/metrics status=200'],
      [{ method: 'HEAD' }, 'method=HEAD path=/metrics status=200'],
    ] as const) {
      events.length = 0;
      const answer = await ask(asking);
      const id = headerOf(answer, 'x-request-id');
      assert.match(id ?? '', /^[0-9a-f]{16}$/);
      assert.equal(events.length, 1);
      assert.ok(events[0]?.includes(` id=${id} ${line} dur_ms=`), events[0]);
      assert.equal(answer.headers.filter((header) => header.startsWith('x-request-id')).length, 1);
    }
    events.length = 0;
    assert.match(String((await app.inject('/health')).headers['x-request-id']), /^[0-9a-f]{16}$/);
    assert.equal(events.length, 1);
    assert.deepEqual(withoutId(await ask({ path: '/health' })), withoutId(await ask({ path: '/health' })));
  });
}
