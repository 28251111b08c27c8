/** An endpoint that hides cannot be told from a path that does not exist, whatever bytes a client sends on a connection. */
import assert from 'node:assert/strict';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import websocket from '@fastify/websocket';
import { type FastifyInstance, fastify } from 'fastify';
import { fastify as fastify4 } from 'fastify-4';
import { type Access, guarded, logged, loopback, notFound, type Refused, trustedProxies } from '../../../src/access.ts';
import { fastifyMetrics, fastifyRequestLog } from '../../../src/fastify.ts';
import { contract, gauge } from '../../../src/index.ts';
import { nodeListener } from '../../../src/net/http/node-http.ts';
import { plainReply } from '../../../src/net/http/plain-reply.ts';
import { testBridge } from '../../../src/testing.ts';
import { full } from '../../full.ts';
import { until } from '../../until.ts';
import { listening } from '../http/sockets.ts';
import { differences, wholeConnection } from './whole-connection.ts';

const hidden: Access = { gate: loopback(), proxies: trustedProxies(['127.0.0.1/32']), refusal: notFound() };
const abroad = 'X-Forwarded-For: 203.0.113.9';
const handler = async () => plainReply(200, 'metrics');

async function onFastify(
  t: TestContext,
  prepare: (app: FastifyInstance) => unknown,
  refusals: Refused[],
  create = fastify,
): Promise<number> {
  const app = create({ bodyLimit: 2_000, forceCloseConnections: true });
  t.after(() => app.close());
  await prepare(app);
  app.get('/health', async () => 'ok');
  await app.register(fastifyMetrics(handler, { access: hidden, onRefused: (event) => void refusals.push(event) }));
  await app.listen({ port: 0, host: '127.0.0.1' });
  return (app.server.address() as AddressInfo).port;
}

function onNode(t: TestContext, listener: RequestListener): Promise<number> {
  return listening(t, createServer(listener));
}

/** It has the same answer for every path but its own. */
const onListener =
  (thread: boolean) =>
  async (t: TestContext, refusals: Refused[]): Promise<number> => {
    const { bridge } = testBridge(contract('metrics', { one: gauge({ help: 'One.' }) }));
    t.after(() => bridge.close());
    const onRefused = (event: Refused) => void refusals.push(...Array.from({ length: event.count }, () => event));
    return (await bridge.listen('127.0.0.1:0', { access: hidden, onRefused, thread })).address.port;
  };

const missing: RequestListener = (_request, response) => void response.writeHead(404, { 'content-length': 5 }).end('none\n');
const at = (path: string, metrics: RequestListener): RequestListener => {
  return (request, response) => (request.url?.split('?')[0] === path ? metrics : missing)(request, response);
};

type Start = (t: TestContext, refusals: Refused[]) => Promise<number>;
const servers: Readonly<Record<string, Start>> = {
  Fastify: (t, refusals) => onFastify(t, () => {}, refusals),
  'Fastify 4': (t, refusals) => onFastify(t, () => {}, refusals, fastify4 as unknown as typeof fastify),
  'Fastify with WebSockets': (t, refusals) =>
    onFastify(
      t,
      async (app) => {
        await app.register(websocket);
        app.get('/events', { websocket: true }, () => {});
      },
      refusals,
    ),
  'Fastify with an access log': (t, refusals) => onFastify(t, (app) => app.register(fastifyRequestLog({ write() {} })), refusals),
  'Fastify with hooks, a parser and a 404 of its own': (t, refusals) =>
    onFastify(
      t,
      (app) => {
        app.addHook('preHandler', () => new Promise<void>((resolve) => setImmediate(resolve)));
        app.addHook('onRequest', async (request, reply) => void reply.header('x-route', request.routeOptions.url ?? 'none'));
        app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
        app.setNotFoundHandler((request, reply) => reply.code(404).send({ error: 'nothing here', body: request.body }));
        app.setErrorHandler((_error, _request, reply) => reply.code(400).send({ error: 'no' }));
      },
      refusals,
    ),
  'Fastify with a page for all other paths': (t, refusals) => onFastify(t, (app) => app.get('/*', async () => 'page'), refusals),
  'node:http': (t, refusals) => {
    const onRefused = (event: Refused) => void refusals.push(event);
    return onNode(t, at('/metrics', nodeListener(guarded(handler, hidden, { onRefused }), missing)));
  },
  'node:http, its handler logged': (t, refusals) => {
    const onRefused = (event: Refused) => void refusals.push(event);
    return onNode(t, at('/metrics', nodeListener(logged(guarded(handler, hidden, { onRefused }), { write() {} }), missing)));
  },
  'the dedicated listener': onListener(false),
  'the dedicated listener in a thread': onListener(true),
};

const few = ['Fastify', 'node:http', 'the dedicated listener in a thread'];

for (const [name, start] of Object.entries(servers)) {
  if (!full && !few.includes(name)) continue;
  test(`${name}: no bytes tell a hidden endpoint from a path that does not exist`, async (t) => {
    const refusals: Refused[] = [];
    const port = await start(t, refusals);
    const found = await differences(port, '/metrics', '/metricz', abroad);
    assert.equal(found.length, 0, `${found.length} differ:\n${found.slice(0, 10).join('\n')}`);
    await until('it is told of most of them', () => refusals.length > 200);
    assert.match(
      await wholeConnection(port, ['GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n']),
      /^HTTP\/1\.1 200 .*metrics/s,
    );
  });
}
