/** The dedicated listener behind a gate, in the host's thread and in its own: the same requests, the same answers. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import {
  type Access,
  allOf,
  anyOf,
  apiKeys,
  bearer,
  cidr,
  jsonError,
  loopback,
  notFound,
  type Refused,
  secret,
  secretFile,
  trustedProxies,
  unauthorized,
} from '../../../src/access.ts';
import { createStore } from '../../../src/core/store/index.ts';
import type { ListenOptions } from '../../../src/net/pull/index.ts';
import { until } from '../../until.ts';
import { everywhere, openEndpoint, putGauge, type Where } from '../pull/endpoint.ts';
import { type Asking, ask, headerOf, withoutId } from './request-as.ts';

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'PROPFIND'];

async function opened(t: TestContext, where: Where, access: Access, listen: ListenOptions = {}) {
  const refusals: Refused[] = [];
  let collections = 0;
  const store = createStore();
  putGauge(store, 'app.runs', 3);
  const { listener } = await openEndpoint(t, where, store, {
    refresh: async () => {
      collections += 1;
    },
    listen: { access, onRefused: (event) => void refusals.push(event), ...listen },
  });
  return {
    refusals,
    collections: () => collections,
    ask: (asking: Asking = {}) => ask(listener.address.port, asking),
  };
}

const hidden: Access = {
  gate: anyOf(loopback(), bearer(secret('good'))),
  proxies: trustedProxies(['127.0.0.5/32']),
  refusal: notFound(),
};
const stranger = { from: '127.0.0.5', forwarded: ['192.0.2.1'] };

for (const where of everywhere) {
  test(`${where}: a hidden endpoint is byte for byte a path that does not exist, for every method and body`, async (t) => {
    const { refusals, collections, ask } = await opened(t, where, hidden);
    const bodies: readonly Pick<Asking, 'body' | 'lines'>[] = [
      {},
      { body: '{', lines: ['Content-Type: application/json'] },
      { body: 'x', lines: ['Content-Type: application/strange'] },
      { body: 'x', lines: ['Content-Type: not a type at all'] },
    ];
    for (const method of methods) {
      for (const sent of bodies) {
        const [refused, unknown] = await Promise.all([
          ask({ ...stranger, ...sent, method }),
          ask({ ...sent, method, path: '/unknown' }),
        ]);
        assert.deepEqual(refused, unknown, `${method} ${sent.body}`);
        assert.deepEqual([refused.status, headerOf(refused, 'allow')], [404, undefined]);
      }
    }
    await until('told', () => refusals.reduce((sum, { count }) => sum + count, 0) === methods.length * bodies.length);
    assert.equal(collections(), 0);
    const { status, body } = await ask({ ...stranger, authorization: 'Bearer good' });
    assert.deepEqual([status, /^app_runs 3$/m.test(body), collections()], [200, true, 1]);
  });

  test(`${where}: allowed, but not GET or HEAD: 405, whatever the body`, async (t) => {
    const { ask } = await opened(t, where, hidden);
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
      const answer = await ask({ method, body: '{', lines: ['Content-Type: application/json'] });
      assert.deepEqual([answer.status, headerOf(answer, 'allow')], [405, 'get, head']);
    }
    assert.equal((await ask({ method: 'HEAD' })).status, 200);
  });

  test(`${where}: token and address, 401 without a body, refusals told by their reason`, async (t) => {
    const { refusals, collections, ask } = await opened(t, where, {
      gate: allOf(bearer(secret('good')), cidr(['198.51.100.0/24'])),
      proxies: trustedProxies(['127.0.0.5/32', '10.0.0.0/8']),
      refusal: unauthorized(),
    });
    const from = { from: '127.0.0.5', forwarded: ['198.51.100.7'] };
    for (const [asking, reason] of [
      [from, 'missing'],
      [{ ...from, authorization: 'Bearer bad' }, 'wrong'],
      [{ ...stranger, authorization: 'Bearer good' }, 'address'],
      [{ authorization: 'Bearer good' }, 'address'],
      // Claims of somebody who is no proxy.
      [{ forwarded: ['198.51.100.7'], authorization: 'Bearer good' }, 'address'],
      [{ ...from, forwarded: ['198.51.100.7', '192.0.2.1'], authorization: 'Bearer good' }, 'address'],
      [{ ...from, forwarded: ['198.51.100.7', 'unknown'], authorization: 'Bearer good' }, 'address'],
      [{ ...from, authorization: 'Bearer good', lines: ['Authorization: Bearer good'] }, 'wrong'],
    ] as const) {
      refusals.length = 0;
      const answer = await ask(asking);
      assert.deepEqual([answer.status, headerOf(answer, 'www-authenticate'), answer.body], [401, 'bearer', '']);
      await until('told', () => refusals.length > 0);
      assert.deepEqual([refusals[0]?.reason, refusals.length], [reason, 1]);
    }
    assert.equal(collections(), 0);
    for (const forwarded of [['198.51.100.7'], ['192.0.2.1', '198.51.100.7'], ['192.0.2.1, 198.51.100.7:80', '10.0.0.1']]) {
      assert.equal((await ask({ ...from, forwarded, authorization: 'bearer  good' })).status, 200);
    }
  });

  test(`${where}: keys, the gate ahead of the method, JSON also where nothing is, ids and the access log`, async (t) => {
    const lines: string[] = [];
    const { ask } = await opened(
      t,
      where,
      {
        // SHA-256 of "abc", FIPS 180-2, appendix B.1.
        gate: apiKeys([{ sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad', tenant: 'team a' }]),
        refusal: jsonError(401, 'unauthorized'),
        methods: { only: ['GET'], otherwise: jsonError(404, 'not found') },
      },
      { notFound: jsonError(404, 'not found'), requestLog: { write: (line) => void lines.push(line), verbose: true } },
    );
    const told = async (asking: Asking): Promise<readonly [number, string, string]> => {
      lines.length = 0;
      const answer = await ask({ ...asking, lines: ['X-Request-Id: 0123456789abcdef'] });
      await until('told', () => lines.length >= 2);
      const id = headerOf(answer, 'x-request-id') ?? '';
      assert.match(id, /^[0-9a-f]{16}$/);
      assert.notEqual(id, '0123456789abcdef');
      const method = asking.method ?? 'GET';
      assert.equal(lines[0], `→ ${method} ${asking.path ?? '/metrics'} (id=${id})`);
      const [, rest = ''] = /^ts=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00 id=[0-9a-f]{16} (.*)$/.exec(lines[1] ?? '') ?? [];
      assert.ok(lines[1]?.includes(`id=${id}`));
      return [answer.status, answer.body, rest.replace(/dur_ms=\d+/, 'dur_ms=N')];
    };
    const unauthorizedBody = '{"error":"unauthorized","code":401}';
    const missing = '{"error":"not found","code":404}';
    const authorization = 'Bearer abc';
    assert.deepEqual(await told({}), [401, unauthorizedBody, 'method=GET path=/metrics status=401 dur_ms=N tenant=-']);
    assert.deepEqual(await told({ method: 'POST' }), [
      401,
      unauthorizedBody,
      'method=POST path=/metrics status=401 dur_ms=N tenant=-',
    ]);
    assert.deepEqual(await told({ method: 'POST', authorization }), [
      404,
      missing,
      'method=POST path=/metrics status=404 dur_ms=N tenant="team a"',
    ]);
    assert.deepEqual(await told({ method: 'HEAD', authorization }), [
      404,
      '',
      'method=HEAD path=/metrics status=404 dur_ms=N tenant="team a"',
    ]);
    assert.deepEqual(await told({ path: '/x?key=secret' }), [404, missing, 'method=GET path=/x status=404 dur_ms=N tenant=-']);
    assert.deepEqual(await told({ path: '/%zz' }), [404, missing, 'method=GET path=/%zz status=404 dur_ms=N tenant=-']);
    const [status, , line] = await told({ authorization });
    assert.deepEqual([status, line], [200, 'method=GET path=/metrics status=200 dur_ms=N tenant="team a"']);
    const unreadable = await ask({ lines: ['Content-Length: 1', 'Content-Length: 2'] });
    assert.deepEqual([unreadable.status, /^[0-9a-f]{16}$/.test(headerOf(unreadable, 'x-request-id') ?? '')], [400, true]);
    assert.deepEqual(withoutId(await ask({ path: '/a' })), withoutId(await ask({ path: '/b' })));
  });

  test(`${where}: a token's file that changes while it listens`, async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'meterbridge-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const path = join(folder, 'token');
    writeFileSync(path, 'first\n');
    const { ask } = await opened(t, where, { gate: bearer(secretFile(path)), refusal: unauthorized() });
    assert.equal((await ask({ authorization: 'Bearer first' })).status, 200);
    writeFileSync(path, 'second\n');
    await until('the second counts', async () => (await ask({ authorization: 'Bearer second' })).status === 200);
    assert.equal((await ask({ authorization: 'Bearer first' })).status, 401);
  });

  test(`${where}: an access that cannot be compiled is refused where it is given`, async (t) => {
    const access = { ...hidden, proxies: { trusted: ['10.0.0.1'] } };
    await assert.rejects(opened(t, where, access), { code: 'ACCESS_CONFIG_INVALID', message: /10\.0\.0\.1\/32/ });
  });
}
