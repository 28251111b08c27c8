/** Under the names of fastify-metrics, each series has the count that the plugin itself has, of the same requests. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { METHODS, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { type TestContext, test } from 'node:test';
import fastify, { type FastifyInstance } from 'fastify';
import fastifyMetrics from 'fastify-metrics';
import { type HttpServerMetricsOptions, httpServerMetrics } from '../../../src/http-metrics.ts';
import { until } from '../../until.ts';
import { ask, open, samples } from './served.ts';

const plugin = fastifyMetrics as unknown as typeof fastifyMetrics.default;

/** An app that both measure, the plugin by its defaults but `registeredRoutesOnly`. */
async function measuredTwice(t: TestContext, registeredRoutesOnly: boolean, options: HttpServerMetricsOptions) {
  const bridge = open(t);
  const app = fastify({ forceCloseConnections: true });
  t.after(() => app.close());
  app.register(httpServerMetrics(bridge, { names: 'fastify-metrics', ...options }).fastify);
  await app.register(plugin, {
    endpoint: '/metrics',
    clearRegisterOnInit: true,
    defaultMetrics: { enabled: false },
    routeMetrics: { registeredRoutesOnly },
  });
  const waiting = addRoutes(app);
  await app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.server.address() as { port: number };
  return { bridge, port, waiting };
}

/** Routes that end in each way. By their URLs: answers that wait for their client to leave. */
function addRoutes(app: FastifyInstance): ReadonlyMap<string, ServerResponse> {
  const waiting = new Map<string, ServerResponse>();
  app.addHttpMethod('PROPFIND');
  app.get('/orders/:id', async () => ({}));
  app.post('/orders/:id', async () => {
    throw new Error('no');
  });
  app.options('/orders/:id', async () => '');
  app.route({ method: 'PROPFIND', url: '/files', handler: async () => 'found' });
  app.get('/gone', (_, reply) => reply.callNotFound());
  app.get('/hijacked', (_, reply) => void reply.hijack().raw.end('x'));
  app.get('/waits', (request, reply) => void waiting.set(request.url, reply.raw));
  app.get('/streams', (request, reply) => {
    reply.raw.write('a part');
    waiting.set(request.url, reply.raw);
    return reply.hijack();
  });
  return waiting;
}

async function sendAll(port: number): Promise<void> {
  for (const method of METHODS.filter((method) => method !== 'CONNECT')) await ask(port, '/orders/1', method);
  await ask(port, '/files', 'PROPFIND');
  for (const path of ['/orders/2', '/nowhere', '/hijacked']) await ask(port, path);
}

/** Until the server has seen that the client has left. */
async function leave(port: number, path: string, waiting: ReadonlyMap<string, ServerResponse>): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  socket.write(`GET ${path} HTTP/1.1\r\nhost: a\r\n\r\n`);
  await until(`${path} has arrived`, () => waiting.has(path));
  const closed = once(waiting.get(path) as ServerResponse, 'close');
  socket.destroy();
  await closed;
}

const name = 'http_request_duration_seconds_count';

async function theirs(port: number): Promise<Record<string, number>> {
  const { text } = await ask(port, '/metrics');
  const lines = text.split('\n').filter((line) => line.startsWith(`${name}{`));
  const counts = lines.map((line): [string, number] => {
    const labels = [...line.matchAll(/(\w+)="([^"]*)"/g)].map(([, label, value]) => `${label}=${value}`);
    return [labels.sort().join(' '), Number(line.slice(line.lastIndexOf(' ')))];
  });
  return sorted(counts);
}

const sum = (counts: Readonly<Record<string, number>>) => Object.values(counts).reduce((all, one) => all + one, 0);
const sorted = (counts: readonly (readonly [string, number])[]) =>
  Object.fromEntries([...counts].sort(([one], [other]) => (one < other ? -1 : 1)));

for (const [registeredRoutesOnly, options] of [
  [false, {}],
  [true, { unmatched: false }],
] as const) {
  test(`the same counts as with registeredRoutesOnly: ${registeredRoutesOnly}`, async (t) => {
    const { bridge, port, waiting } = await measuredTwice(t, registeredRoutesOnly, { ...options, skip: ['/metrics'] });
    await sendAll(port);
    for (const path of ['/waits', '/streams']) await leave(port, path, waiting);
    const expected = await theirs(port);
    assert.ok('method=PROPFIND route=/files status_code=200' in expected);
    const ours = async () => sorted(Object.entries(await samples(bridge, name)));
    await until('all are counted', async () => sum(await ours()) >= sum(expected));
    assert.deepEqual(await ours(), expected);
  });
}

test('a route that says callNotFound is none', async (t) => {
  const { bridge, port } = await measuredTwice(t, true, { skip: ['/metrics'] });
  await ask(port, '/gone');
  const expected = { 'method=GET route=__unknown__ status_code=404': 1 };
  assert.deepEqual(await theirs(port), expected);
  await until('it is counted', async () => sum(await samples(bridge, name)) === 1);
  assert.deepEqual(await samples(bridge, name), expected);
});
