/** Who may read crewshipd's metrics, and that everybody else cannot tell them from a path that does not exist. */
import assert from 'node:assert/strict';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import { inspect } from 'node:util';
import fastify from 'fastify';
import {
  crewshipd,
  crewshipdRecorder,
  mountCrewshipdMetrics,
  resolveCrewshipdMetrics,
} from '../../../instrumentation/crewshipd/index.ts';
import { guarded, type Refused } from '../../../src/access.ts';
import { nodeListener } from '../../../src/index.ts';
import { testBridge } from '../../../src/testing.ts';
import { assertRefused } from '../../core/errors/assert-refused.ts';
import { headerOf } from '../../net/access/request-as.ts';
import { raw, takeApart } from '../../net/http/requests.ts';
import { until } from '../../until.ts';
import { probes } from './probes.ts';

const TOKEN = 's3cret-t0ken';
const withToken = { CREWSHIP_METRICS_TOKEN: TOKEN };

const bad: [name: string, env: Record<string, string>, messages: RegExp[]][] = [
  [
    'a bare address among the proxies',
    { CREWSHIP_TRUSTED_PROXY_CIDRS: '10.0.0.0/8, 10.1.2.3' },
    [/^CREWSHIP_TRUSTED_PROXY_CIDRS: got "10\.1\.2\.3"; .*Fix: write 10\.1\.2\.3\/32/],
  ],
  [
    'a prefix that is too long',
    { CREWSHIP_TRUSTED_PROXY_CIDRS: '10.0.0.0/33' },
    [/^CREWSHIP_TRUSTED_PROXY_CIDRS: got "10\.0\.0\.0\/33"; .*32/],
  ],
  [
    'a name for a proxy',
    { CREWSHIP_TRUSTED_PROXY_CIDRS: 'proxy.internal' },
    [/^CREWSHIP_TRUSTED_PROXY_CIDRS: got "proxy\.internal"/],
  ],
  ['no proxy at all', { CREWSHIP_TRUSTED_PROXY_CIDRS: '' }, [/^CREWSHIP_TRUSTED_PROXY_CIDRS: got ""/]],
  ['an empty token', { CREWSHIP_METRICS_TOKEN: '' }, [/^CREWSHIP_METRICS_TOKEN: got ""; .*Fix: /]],
  [
    'a token that no header can carry',
    { CREWSHIP_METRICS_TOKEN: 'two w0rds' },
    [/^CREWSHIP_METRICS_TOKEN: got \[redacted\]; .*white space.*Fix: /],
  ],
  [
    'everything at once',
    { CREWSHIP_METRICS_TOKEN: 'two w0rds', CREWSHIP_TRUSTED_PROXY_CIDRS: '::1/129,x,10.0.0.0/8' },
    [/^CREWSHIP_METRICS_TOKEN: /, /^CREWSHIP_TRUSTED_PROXY_CIDRS: got "::1\/129"/, /^CREWSHIP_TRUSTED_PROXY_CIDRS: got "x"/],
  ],
];

for (const [name, env, messages] of bad) {
  test(`configuration error: ${name}`, () => {
    assertRefused(() => resolveCrewshipdMetrics(env), messages, /w0rds/);
  });
}

test('the token is printed nowhere', () => {
  const config = resolveCrewshipdMetrics(withToken);
  for (const shown of [inspect(config, { depth: 9, showHidden: true }), JSON.stringify(config), String(config)])
    assert.doesNotMatch(shown, /t0ken/);
});

interface Sent {
  readonly method?: string;
  readonly path?: string;
  /** Header lines. */
  readonly lines?: readonly string[];
}

interface Got extends ReturnType<typeof takeApart> {
  /** As it came, but for what names the moment. */
  readonly raw: string;
}

const kinds = ['Fastify', 'node:http', 'the dedicated listener', 'the dedicated listener in a thread'] as const;
type Kind = (typeof kinds)[number];

interface Served {
  ask(sent?: Sent): Promise<Got>;
  /** How often something was asked for a scrape. */
  readonly collected: () => number;
  readonly refused: readonly Refused[];
}

const closers: (() => unknown)[] = [];
after(async () => {
  for (const close of closers.reverse()) await close();
});
const served = new Map<string, Promise<Served>>();

/** One of each kind and configuration. */
function serve(kind: Kind, env: Record<string, string>): Promise<Served> {
  const key = JSON.stringify([kind, env]);
  const one = served.get(key) ?? open(kind, env);
  served.set(key, one);
  return one;
}

/** A crewshipd on a real socket; asked by hand, so that a header may come twice and a method be any. */
async function open(kind: Kind, env: Record<string, string>): Promise<Served> {
  const { bridge } = testBridge(crewshipd('crew-1'));
  closers.push(bridge.close);
  let collected = 0;
  crewshipdRecorder(bridge, probes({ wsConnections: () => ++collected }));
  const refused: Refused[] = [];
  const config = resolveCrewshipdMetrics(env);
  const onRefused = (event: Refused) => void refused.push(event);

  async function onFastify(): Promise<number> {
    const app = fastify({ forceCloseConnections: true });
    closers.push(() => app.close());
    app.get('/healthz', async () => ({ status: 'ok' }));
    await mountCrewshipdMetrics({ app, bridge, config, onRefused });
    await app.listen({ host: '127.0.0.1', port: 0 });
    return (app.server.address() as AddressInfo).port;
  }
  async function onNodeHttp(): Promise<number> {
    const notFound = (_request: unknown, response: ServerResponse) =>
      void response.writeHead(404, { 'x-host': 'ours' }).end('nothing here');
    const metrics = nodeListener(guarded(bridge.scrape, config.access, { onRefused }), notFound);
    const server = createServer((request, response) => (request.url === '/metrics' ? metrics : notFound)(request, response));
    closers.push(() => server.close());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  }
  async function onListener(thread: boolean): Promise<number> {
    const { address } = await bridge.listen('127.0.0.1:0', { thread, access: config.access, onRefused });
    return address.port;
  }
  const ports = {
    Fastify: onFastify,
    'node:http': onNodeHttp,
    'the dedicated listener': () => onListener(false),
    'the dedicated listener in a thread': () => onListener(true),
  };
  const port = await ports[kind]();

  async function ask({ method = 'GET', path = '/metrics', lines = [] }: Sent = {}): Promise<Got> {
    const response = await raw(port, [`${method} ${path} HTTP/1.1`, 'Host: localhost', 'Connection: close', ...lines]);
    return { ...takeApart(response), raw: response.replace(/^Date: .*$/im, '') };
  }
  return { ask, collected: () => collected, refused };
}

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND', 'SEARCH'];

/** Comes through a proxy on this machine. */
const from = (...forwarded: string[]) => forwarded.map((line) => `X-Forwarded-For: ${line}`);
const authorization = (value: string) => `Authorization: ${value}`;
const abroad = from('203.0.113.9');

const callers: [name: string, env: Record<string, string>, lines: readonly string[], allowed: boolean][] = [
  ['a client on this machine', {}, [], true],
  ['a client on this machine, even with a wrong token', withToken, [authorization('Bearer wrong')], true],
  ['a client abroad without a token', withToken, abroad, false],
  ['a client abroad with the token', withToken, [...abroad, authorization(`Bearer ${TOKEN}`)], true],
  ['the scheme in another case', withToken, [...abroad, authorization(`bearer ${TOKEN}`)], true],
  ['a wrong token', withToken, [...abroad, authorization('Bearer s3cret-t0keN')], false],
  ['a longer token', withToken, [...abroad, authorization(`Bearer ${TOKEN}x`)], false],
  ['an empty token', withToken, [...abroad, authorization('Bearer ')], false],
  ['another scheme', withToken, [...abroad, authorization(`Basic ${TOKEN}`)], false],
  ['a token where none is configured', {}, [...abroad, authorization(`Bearer ${TOKEN}`)], false],
  ['an empty token where none is configured', {}, [...abroad, authorization('Bearer ')], false],
  ['a forged loopback hop left of the client', {}, from('127.0.0.1, 203.0.113.9'), false],
  ['a forged loopback line ahead of the client', {}, from('127.0.0.1', '203.0.113.9'), false],
  ['loopback proxies are passed over, right to left', {}, from('203.0.113.9, 127.0.0.1, ::1'), false],
  ['every hop is trusted: the left-most', {}, from('127.0.0.7, 127.0.0.1'), true],
  ['a proxy that is not trusted is the client', {}, from('127.0.0.1, 10.0.0.1'), false],
  ['a trusted proxy is passed over', { CREWSHIP_TRUSTED_PROXY_CIDRS: '10.0.0.0/8' }, from('127.0.0.1, 10.0.0.1'), true],
  [
    'a trusted proxy is passed over to a stranger',
    { CREWSHIP_TRUSTED_PROXY_CIDRS: '10.0.0.0/8,2001:db8::/32' },
    from('203.0.113.9, 2001:db8::1, 10.0.0.1'),
    false,
  ],
  ['an IPv4-mapped loopback address', {}, from('::ffff:127.0.0.1'), true],
  ['X-Real-IP without X-Forwarded-For', {}, ['X-Real-IP: 203.0.113.9'], false],
  ['X-Real-IP of this machine', {}, ['X-Real-IP: ::1'], true],
  ['X-Real-IP does not count beside X-Forwarded-For', {}, [...abroad, 'X-Real-IP: 127.0.0.1'], false],
  ['X-Forwarded-For that cannot be read is not loopback', {}, from('unknown'), false],
  ['an empty X-Forwarded-For is not loopback', {}, from(''), false],
  ['X-Real-IP that cannot be read is not loopback', {}, ['X-Real-IP: localhost'], false],
  ['an unreadable hop ends the search', {}, from('127.0.0.1, x, 127.0.0.1'), false],
];

for (const kind of kinds) {
  for (const [name, env, lines, allowed] of callers) {
    test(`${kind}: ${allowed ? 'let through' : 'refused'}: ${name}`, async () => {
      const { ask, collected, refused } = await serve(kind, env);
      const before = { collected: collected(), refused: refused.length };
      const answer = await ask({ lines });
      assert.equal(answer.status, allowed ? 200 : 404);
      assert.equal(collected() > before.collected, allowed, 'no collection work for who is refused');
      if (allowed) {
        assert.equal(headerOf(answer, 'content-type'), 'text/plain; version=0.0.4; charset=utf-8');
        assert.match(answer.body, /^crewshipd_db_migration_version\{hostname="crew-1"\} 20260728110200$/m);
        assert.equal(refused.length, before.refused);
      } else await until('it is told', () => refused.length === before.refused + 1);
    });
  }

  test(`${kind}: let through, but neither GET nor HEAD: 405 with Allow`, async () => {
    const { ask, collected } = await serve(kind, withToken);
    const before = collected();
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
      const answer = await ask({ method, lines: [...abroad, authorization(`Bearer ${TOKEN}`)] });
      assert.deepEqual([answer.status, /^allow: (.*)\r$/im.exec(answer.raw)?.[1]], [405, 'GET, HEAD'], method);
    }
    const head = await ask({ method: 'HEAD' });
    assert.deepEqual([head.status, head.body], [200, '']);
    assert.equal(collected(), before);
  });

  for (const method of methods) {
    test(`${kind}: refused, ${method}: byte for byte what an unknown path gets`, async () => {
      const { ask, collected, refused } = await serve(kind, withToken);
      const before = collected();
      for (const more of [[], [authorization('Bearer wrong')], ['Accept: text/plain', 'Content-Type: text/x']]) {
        const lines = [...abroad, ...more];
        const hidden = await ask({ method, lines });
        const unknown = await ask({ method, path: '/metricz', lines });
        assert.equal(hidden.status, 404);
        assert.equal(headerOf(hidden, 'allow'), undefined);
        assert.equal(hidden.raw, unknown.raw.replaceAll('/metricz', '/metrics'));
      }
      assert.equal(collected(), before);
      assert.ok(refused.every(({ count }) => count > 0));
    });
  }
}
