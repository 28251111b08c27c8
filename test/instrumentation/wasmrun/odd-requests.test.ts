/**
 * "Every response carries an `X-Request-Id`", "for every request" a line, "a missing or invalid key returns 401": also for
 * requests that no route hears of.
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import dns from 'node:dns';
import { once } from 'node:events';
import { createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as textOf } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import fastify, { type FastifyInstance } from 'fastify';
import {
  mountWasmrunMetrics,
  resolveWasmrunMetrics,
  type WasmrunEndpoint,
  wasmrun,
  wasmrunMetrics,
  wasmrunRecorder,
} from '../../../instrumentation/wasmrun/index.ts';
import { logRequests } from '../../../src/access.ts';
import { nodeListener } from '../../../src/index.ts';
import { testBridge } from '../../../src/testing.ts';
import { wholeConnection } from '../../net/access/whole-connection.ts';
import { takeApart } from '../../net/http/requests.ts';
import { probes } from './probes.ts';

const tenants = [{ id: 'copilot', key_sha256: createHash('sha256').update('k1').digest('hex') }];

const servers = {
  async fastify(t: TestContext, endpoint: WasmrunEndpoint): Promise<number> {
    const app = fastify({ bodyLimit: 20, forceCloseConnections: true });
    t.after(() => app.close());
    await mountWasmrunMetrics({ app, ...endpoint });
    app.post('/api/v1/sessions/:id', async () => 'ok');
    await app.listen({ host: '127.0.0.1', port: 0 });
    return (app.server.address() as AddressInfo).port;
  },
  async 'node:http'(t: TestContext, endpoint: WasmrunEndpoint): Promise<number> {
    const server = logRequests(createServer(nodeListener(wasmrunMetrics(endpoint))), endpoint.requestLog);
    t.after(() => server.closeAllConnections());
    t.after(() => server.close());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  },
};

async function opened(t: TestContext, start: (typeof servers)[keyof typeof servers], given: readonly unknown[] | undefined) {
  const { bridge } = testBridge(wasmrun);
  t.after(() => bridge.close());
  const lines: string[] = [];
  let refused = 0;
  const recorder = { rejected: () => void refused++ };
  wasmrunRecorder(bridge, probes());
  const config = resolveWasmrunMetrics(given);
  const port = await start(t, {
    bridge,
    recorder,
    probes: probes(),
    config,
    requestLog: { write: (line) => void lines.push(line) },
  });
  return { port, lines, refused: () => refused };
}

const close = 'Connection: close';
const key = 'Authorization: Bearer k1';
const request = (method: string, target: string, lines: readonly string[], body = '') =>
  [`${method} ${target} HTTP/1.1`, 'Host: x', close, ...lines, '', body].join('\r\n');
const json = (status: number, error: string) => JSON.stringify({ error, code: status });
const refusal = json(401, 'a valid API key is needed');
const missing = json(404, 'not found');

/** One answer, which has an id of its own, and the line of that id. */
function assertLogged(response: string, lines: string[], facts: string): { status: number; body: string } {
  const { status, headers, body } = takeApart(response);
  const ids = headers.flatMap((line) => /^x-request-id: ([0-9a-f]{16})$/.exec(line)?.[1] ?? []);
  assert.deepEqual([response.match(/^HTTP\/1\.1 /gm)?.length, ids.length, lines.length], [1, 1, 1], `${response}\n${lines}`);
  assert.match(lines[0] ?? '', new RegExp(` id=${ids[0]} ${facts} status=${status} dur_ms=\\d+ tenant=`));
  lines.length = 0;
  return { status, body };
}

/** Ways into a Fastify app besides its own server: neither raises an event of that server. */
const besides = {
  async inject(app: FastifyInstance, url: string, headers: Readonly<Record<string, string>>) {
    const { statusCode, headers: given, body } = await app.inject({ url, headers: { ...headers } });
    return { status: statusCode, id: given['x-request-id'], body };
  },
  async 'the second server of localhost'(app: FastifyInstance, path: string, headers: Readonly<Record<string, string>>) {
    const addresses = app.addresses() as readonly AddressInfo[];
    const second = addresses.find(({ address }) => address !== '127.0.0.1');
    assert.ok(second);
    const [response] = (await once(get({ host: second.address, port: second.port, path, headers }), 'response')) as [
      IncomingMessage,
    ];
    return { status: response.statusCode, id: response.headers['x-request-id'], body: await textOf(response) };
  },
};

/** What Fastify does where `localhost` is an IPv4 and an IPv6 address, on machines without IPv6 too. */
function twoAddressesOfLocalhost(t: TestContext): void {
  const lookup = dns.lookup as (host: string, options: object, done: unknown) => void;
  t.mock.method(dns, 'lookup', ((host: string, options: { all?: boolean }, done: (error: null, found: object) => void) => {
    if (host !== 'localhost') return lookup(host, options, done);
    const found = ['127.0.0.1', '127.0.0.2'].map((address) => ({ address, family: 4 }));
    return options.all === true ? done(null, found) : (done as (...all: unknown[]) => void)(null, '127.0.0.1', 4);
  }) as typeof dns.lookup);
}

for (const [way, ask] of Object.entries(besides)) {
  for (const [config, given, headers, status] of [
    ['open', undefined, {}, 404],
    ['with a key', tenants, { authorization: 'Bearer k1' }, 404],
    ['refused', tenants, {}, 401],
  ] as const) {
    test(`${way}, ${config}: a target that cannot be read is ${status} too, with an id and a line`, async (t) => {
      twoAddressesOfLocalhost(t);
      const { bridge } = testBridge(wasmrun);
      t.after(() => bridge.close());
      wasmrunRecorder(bridge, probes());
      const lines: string[] = [];
      const app = fastify();
      t.after(() => app.close());
      await mountWasmrunMetrics({
        app,
        bridge,
        recorder: { rejected() {} },
        probes: probes(),
        config: resolveWasmrunMetrics(given),
        requestLog: { write: (line) => void lines.push(line) },
      });
      app.get('/health', async () => 'ok');
      await app.listen({ host: 'localhost', port: 0 });
      for (const target of ['/metrics%zz', '/%', '/api/v1/metrics%ff?format=json', `/health/${'x'.repeat(200)}`]) {
        const { id, ...answer } = await ask(app, target, headers);
        assert.deepEqual(answer, { status, body: status === 401 ? refusal : missing }, target);
        assert.match(
          lines.splice(0).join('\n'),
          new RegExp(`^ts=\\S+ id=${id} method=GET path=${target.replace(/\?.*/, '')} status=${status} [^\n]*$`),
        );
      }
    });
  }
}

for (const [name, start] of Object.entries(servers)) {
  test(`${name}: authentication is ahead of targets that cannot be read, and of all methods`, async (t) => {
    const { port, lines, refused } = await opened(t, start, tenants);
    const long = `/api/v1/sessions/${'x'.repeat(200)}`;
    const asked: [method: string, target: string][] = [
      ...['/metrics%zz', '/%', '/metrics%ff?format=json', '/api/v1/metrics/%E0%A4%A', long, '*'].map(
        (target): [string, string] => ['GET', target],
      ),
      ...['QUERY', 'PROPFIND', 'POST'].flatMap((method): [string, string][] => [
        [method, '/metrics'],
        [method, '/nothing'],
      ]),
      ['POST', long],
      ['OPTIONS', '*'],
    ];
    for (const [method, target] of asked) {
      const path = target.replace(/\?.*/, '');
      const facts = `method=${method} path=${path.replaceAll('*', '\\*')}`;
      const before = refused();
      const answer = assertLogged(await wholeConnection(port, [request(method, target, [])]), lines, facts);
      assert.deepEqual(
        { ...answer, refused: refused() - before },
        { status: 401, body: refusal, refused: 1 },
        `${method} ${target}`,
      );
    }
  });

  for (const [config, given] of [
    ['with a key', tenants],
    ['open', undefined],
  ] as const) {
    test(`${name}, ${config}: what is not there is 404 in JSON, whatever the method, the target and the body`, async (t) => {
      const { port, lines, refused } = await opened(t, start, given);
      for (const target of ['/metrics%zz', '/%', '/api/v1/metrics%ff?format=json', '/nothing']) {
        const path = target.replace(/\?.*/, '');
        const answer = assertLogged(
          await wholeConnection(port, [request('GET', target, [key])]),
          lines,
          `method=GET path=${path}`,
        );
        assert.deepEqual(answer, { status: 404, body: missing }, target);
      }
      for (const method of ['QUERY', 'POST', 'DELETE', 'PROPFIND']) {
        for (const [sent, body] of [
          [[], ''],
          [['Content-Type: application/json', 'Content-Length: 1'], '{'],
          [['Content-Type: no type at all', 'Content-Length: 1'], 'x'],
          [['Content-Type: text/plain', 'Content-Length: 30'], 'x'.repeat(30)],
        ] as const) {
          for (const path of ['/metrics', '/api/v1/metrics/', '/nothing']) {
            const bytes = request(method, path, [key, ...sent], body);
            const answer = assertLogged(await wholeConnection(port, [bytes]), lines, `method=${method} path=${path}`);
            assert.deepEqual(answer, { status: 404, body: missing }, bytes);
          }
        }
      }
      assert.equal(refused(), 0);
    });
  }

  for (const [what, bytes, status, facts] of [
    ['no HTTP', 'hello\r\n\r\n', 400, 'method=- path=-'],
    [
      'two lengths',
      `GET /metrics HTTP/1.1\r\nHost: x\r\n${key}\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n`,
      400,
      'method=- path=-',
    ],
    ['no Host', `GET /metrics?x HTTP/1.1\r\n${key}\r\n\r\n`, 400, 'method=GET path=/metrics'],
    ['headers beyond the limit', request('GET', '/metrics', [key, `X-Long: ${'x'.repeat(20_000)}`]), 431, 'method=- path=-'],
    ['an expectation', request('PUT', '/metrics', [key, 'Expect: foo']), 417, 'method=PUT path=/metrics'],
  ] as const) {
    test(`${name}: ${what} is ${status}, with an id and a line`, async (t) => {
      const { port, lines } = await opened(t, start, tenants);
      assert.equal(assertLogged(await wholeConnection(port, [bytes]), lines, facts).status, status);
    });
  }
}
