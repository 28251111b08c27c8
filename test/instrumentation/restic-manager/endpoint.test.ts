import assert from 'node:assert/strict';
import { createServer, request as httpRequest, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import fastify from 'fastify';
import {
  type Environment,
  mountResticManagerMetrics,
  type ResticManagerMetrics,
  resolveResticManagerMetrics,
  resticManager,
  resticManagerRecorder,
} from '../../../instrumentation/restic-manager/index.ts';
import { guarded, type Refused } from '../../../src/access.ts';
import { nodeListener } from '../../../src/index.ts';
import { testBridge } from '../../../src/testing.ts';
import { full } from '../../full.ts';
import { hosts, probes } from './probes.ts';
import { file } from './token-file.ts';

const TEXT = 'text/plain; version=0.0.4; charset=utf-8';
interface Asked {
  /** The address that the connection comes from; the whole of 127.0.0.0/8 is this machine. */
  readonly from?: string;
  readonly forwarded?: string | string[];
  readonly authorization?: string;
  readonly method?: string;
}

function ask(port: number, { from = '127.0.0.1', forwarded, authorization, method = 'GET' }: Asked, path = '/metrics') {
  const headers = {
    ...(forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }),
    ...(authorization === undefined ? {} : { authorization }),
  };
  return new Promise<{ status: number | undefined; challenge: string | undefined; type: string | undefined; body: string }>(
    (resolve, reject) => {
      const sent = httpRequest(
        { host: '127.0.0.1', port, path, method, headers, localAddress: from, agent: false },
        (answer: IncomingMessage) => {
          let body = '';
          answer.setEncoding('utf8').on('data', (chunk: string) => {
            body += chunk;
          });
          const { statusCode: status, headers } = answer;
          answer.on('end', () =>
            resolve({ status, challenge: headers['www-authenticate'], type: headers['content-type'], body }),
          );
        },
      );
      sent.on('error', reject).end();
    },
  );
}

type Mount = (
  t: TestContext,
  config: ResticManagerMetrics,
  refused?: (event: Refused) => void,
) => Promise<{ port: number; asked(): number }>;

function daemon(t: TestContext) {
  const { bridge } = testBridge(resticManager);
  t.after(() => bridge.close());
  let asked = 0;
  const counted = () => {
    asked++;
    return hosts;
  };
  resticManagerRecorder(bridge, probes({ hosts: counted }));
  return { bridge, asked: () => asked };
}

const mounts: Readonly<Record<string, Mount>> = {
  async 'the Fastify app'(t, config, refused = () => {}) {
    const { bridge, asked } = daemon(t);
    const app = fastify({ forceCloseConnections: true });
    await mountResticManagerMetrics({ app, bridge, config, onRefused: refused });
    await app.listen({ host: '127.0.0.1', port: 0 });
    t.after(() => app.close());
    return { port: (app.server.address() as AddressInfo).port, asked };
  },
  async 'plain node:http'(t, config, onRefused = () => {}) {
    const { bridge, asked } = daemon(t);
    const { access } = config;
    const answer = access === undefined ? undefined : nodeListener(guarded(bridge.scrape, access, { onRefused }));
    const server = createServer((request, response) => {
      if (answer !== undefined && request.url === '/metrics') answer(request, response);
      else response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    t.after(() => server.close());
    return { port: (server.address() as AddressInfo).port, asked };
  },
};

/** A listener of its own is not opened without a gate: then there is nothing to serve. */
const withGate: Record<string, Mount> = { ...mounts };
for (const [name, thread] of Object.entries({ 'the dedicated listener': false, 'the dedicated listener in a thread': true })) {
  withGate[name] = async (t, { access }, onRefused = () => {}) => {
    const { bridge, asked } = daemon(t);
    assert.ok(access);
    const { address } = await bridge.listen('127.0.0.1:0', { access, thread, onRefused });
    return { port: address.port, asked };
  };
}

const TOKEN = { RM_METRICS_TOKEN: 's3cret' };
const RANGE = { RM_METRICS_TRUSTED_CIDR: '127.0.0.3/32, 192.0.2.0/24,2001:db8::/32' };
const PROXY = { RM_TRUSTED_PROXY: '127.0.0.2/32,198.51.100.0/24' };
const right = 'Bearer s3cret';
const [inside, outside, proxy] = ['127.0.0.3', '127.0.0.4', '127.0.0.2'];
const refusedWithChallenge = { status: 401, challenge: 'Bearer', body: '' };
const refused = { status: 401, challenge: undefined, body: '' };

/** Typed from the host's rules. */
const truth: [name: string, env: Environment, asked: Asked, expected: typeof refused | typeof refusedWithChallenge | 200][] = [
  ['token alone: the right one, from anywhere', TOKEN, { authorization: right, from: outside }, 200],
  ['token alone: the scheme in any case', TOKEN, { authorization: 'bearer s3cret' }, 200],
  ['token alone: none', TOKEN, {}, refusedWithChallenge],
  ['token alone: a longer one', TOKEN, { authorization: 'Bearer s3cret2' }, refusedWithChallenge],
  ['token alone: a shorter one', TOKEN, { authorization: 'Bearer s3cre' }, refusedWithChallenge],
  ['token alone: an empty one', TOKEN, { authorization: 'Bearer ' }, refusedWithChallenge],
  ['token alone: another scheme', TOKEN, { authorization: 'Basic s3cret' }, refusedWithChallenge],
  ['token alone: wrong with POST', TOKEN, { method: 'POST' }, refusedWithChallenge],
  ['token from a file', { RM_METRICS_TOKEN_FILE: file('token', 's3cret\n') }, { authorization: right }, 200],
  [
    'token from a file: wrong',
    { RM_METRICS_TOKEN_FILE: file('token', 's3cret\n') },
    { authorization: 'Bearer x' },
    refusedWithChallenge,
  ],
  ['range alone: inside', RANGE, { from: inside }, 200],
  ['range alone: outside', RANGE, { from: outside }, refused],
  ['range alone: outside, even with a token', RANGE, { from: outside, authorization: right }, refused],
  ['range alone: whoever names an address inside is no proxy', RANGE, { from: outside, forwarded: '192.0.2.1' }, refused],
  ['range alone: inside, and what it forwards is passed over', RANGE, { from: inside, forwarded: '203.0.113.9' }, 200],
  ['both: token and address', { ...TOKEN, ...RANGE }, { from: inside, authorization: right }, 200],
  ['both: token only', { ...TOKEN, ...RANGE }, { from: outside, authorization: right }, refusedWithChallenge],
  ['both: address only', { ...TOKEN, ...RANGE }, { from: inside }, refusedWithChallenge],
  ['both: neither', { ...TOKEN, ...RANGE }, { from: outside }, refusedWithChallenge],
  ['a proxy names a client inside', { ...RANGE, ...PROXY }, { from: proxy, forwarded: '192.0.2.1' }, 200],
  ['a proxy names an IPv6 client inside', { ...RANGE, ...PROXY }, { from: proxy, forwarded: '2001:db8::9' }, 200],
  ['a proxy names a client outside', { ...RANGE, ...PROXY }, { from: proxy, forwarded: '203.0.113.9' }, refused],
  ['a proxy names nobody: it is the client itself', { ...RANGE, ...PROXY }, { from: proxy }, refused],
  ['not a proxy: its word does not count', { ...RANGE, ...PROXY }, { from: outside, forwarded: '192.0.2.1' }, refused],
  [
    'right-most stranger: inside',
    { ...RANGE, ...PROXY },
    { from: proxy, forwarded: '203.0.113.9, 192.0.2.1, 198.51.100.7' },
    200,
  ],
  [
    'right-most stranger: outside, what stands left was claimed',
    { ...RANGE, ...PROXY },
    { from: proxy, forwarded: '192.0.2.1, 203.0.113.9' },
    refused,
  ],
  ['two lines are one list', { ...RANGE, ...PROXY }, { from: proxy, forwarded: ['192.0.2.1', '203.0.113.9'] }, refused],
  [
    'every hop a proxy: the left-most is the client',
    { RM_METRICS_TRUSTED_CIDR: '198.51.100.1/32', ...PROXY },
    { from: proxy, forwarded: '198.51.100.1, 198.51.100.2' },
    200,
  ],
  [
    'what cannot be read is in no range',
    { RM_METRICS_TRUSTED_CIDR: '0.0.0.0/0,::/0', ...PROXY },
    { from: proxy, forwarded: 'unknown' },
    refused,
  ],
  ['both, through a proxy', { ...TOKEN, ...RANGE, ...PROXY }, { from: proxy, forwarded: '192.0.2.1', authorization: right }, 200],
  [
    'both, through a proxy: no token',
    { ...TOKEN, ...RANGE, ...PROXY },
    { from: proxy, forwarded: '192.0.2.1' },
    refusedWithChallenge,
  ],
];

for (const [where, mount] of Object.entries(withGate)) {
  // A thread for each takes long.
  const rows = where.endsWith('in a thread') && !full ? truth.filter((_, at) => at % 4 === 0) : truth;
  for (const [name, env, asked, expected] of rows) {
    test(`${where}: ${name}`, async (t) => {
      const served = await mount(t, resolveResticManagerMetrics({}, env));
      const { type, ...answer } = await ask(served.port, asked);
      if (expected !== 200) {
        assert.deepEqual(answer, expected);
        assert.equal(served.asked(), 0, 'a refused request costs no collection');
        return;
      }
      assert.deepEqual([answer.status, type], [200, TEXT]);
      // The listener's thread does not wait for a host that is slow to hear it: this scrape is without values then, and another
      // one has them.
      let { body } = answer;
      while (where.endsWith('in a thread') && body === '') ({ body } = await ask(served.port, asked));
      assert.match(body, /^rm_hosts_total 4$/m);
      assert.ok(served.asked() > 0);
    });
  }
}

for (const [where, mount] of Object.entries(mounts)) {
  test(`${where}: without a gate the path is as unknown as any other`, async (t) => {
    const { port, asked } = await mount(t, resolveResticManagerMetrics({}, PROXY));
    const [metrics, unknown] = [await ask(port, { authorization: right }), await ask(port, {}, '/metricz')];
    assert.equal(metrics.status, 404);
    assert.deepEqual({ ...metrics, body: metrics.body.replace('metrics', 'metricz') }, unknown);
    assert.equal(asked(), 0);
  });

  test(`${where}: the environment beats the file, each by itself`, async (t) => {
    const config = resolveResticManagerMetrics({ metrics_token: 'of-the-file', metrics_trusted_cidrs: [`${inside}/32`] }, TOKEN);
    const { port } = await mount(t, config);
    assert.equal((await ask(port, { from: inside, authorization: right })).status, 200);
    assert.equal((await ask(port, { from: inside, authorization: 'Bearer of-the-file' })).status, 401);
    assert.equal((await ask(port, { from: outside, authorization: right })).status, 401);
  });

  test(`${where}: refusals are told, with their reason and client`, async (t) => {
    const told: Refused[] = [];
    const { port } = await mount(t, resolveResticManagerMetrics({}, { ...TOKEN, ...RANGE, ...PROXY }), (event) =>
      told.push(event),
    );
    await ask(port, { from: proxy, forwarded: '192.0.2.1', authorization: 'Bearer x' });
    await ask(port, { from: outside, authorization: right, method: 'HEAD' });
    assert.deepEqual(told, [
      { reason: 'wrong', count: 1, client: '192.0.2.1', method: 'GET', path: '/metrics' },
      { reason: 'address', count: 1, client: outside, method: 'HEAD', path: '/metrics' },
    ]);
  });
}
