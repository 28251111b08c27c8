/** The agent's endpoint, typed from its observability page: formats, authentication, and what every other request gets. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import fastify from 'fastify';
import {
  mountWasmrunMetrics,
  resolveWasmrunMetrics,
  type WasmrunProbes,
  wasmrun,
  wasmrunListening,
  wasmrunMetrics,
  wasmrunRecorder,
} from '../../../instrumentation/wasmrun/index.ts';
import { tenantOf } from '../../../src/access.ts';
import { nodeListener } from '../../../src/index.ts';
import { testBridge } from '../../../src/testing.ts';
import { assertRefused } from '../../core/errors/assert-refused.ts';
import { until } from '../../until.ts';
import { golden as goldenOf, types } from '../golden.ts';
import { happen, noProbes, probes } from './probes.ts';

const sha256 = (key: string) => createHash('sha256').update(key).digest('hex');
const { text: TEXT, openmetrics: OPENMETRICS } = types;
const golden = (file: string) => goldenOf('wasmrun', file);
const keys = [
  { id: 'copilot', key_sha256: sha256('k1') },
  { id: 'ci', key_sha256: sha256('k2') },
];

interface Options {
  readonly tenants?: readonly unknown[];
  readonly given?: WasmrunProbes;
  readonly verbose?: boolean;
}

/** The endpoint on each kind of server: its base URL, and what its recorder can do. */
const servers = {
  async fastify(t: TestContext, options: Options) {
    const { endpoint } = parts(t, options);
    const app = fastify({ forceCloseConnections: true });
    t.after(() => app.close());
    await mountWasmrunMetrics({ app, ...endpoint });
    app.get('/api/v1/whoami', async (request) => ({ tenant: tenantOf(request.raw) ?? null }));
    return { ...endpoint, url: await app.listen({ host: '127.0.0.1', port: 0 }) };
  },
  async 'node:http'(t: TestContext, options: Options) {
    const { endpoint } = parts(t, options);
    const server = createServer(nodeListener(wasmrunMetrics(endpoint)));
    t.after(() => server.closeAllConnections());
    t.after(() => server.close());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return { ...endpoint, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
  },
};

function parts(t: TestContext, { tenants, given = probes(), verbose = false }: Options) {
  const { bridge } = testBridge(wasmrun);
  t.after(() => bridge.close());
  const recorder = wasmrunRecorder(bridge, given);
  const lines: string[] = [];
  const requestLog = {
    write: (line: string) => void lines.push(line),
    verbose,
    clock: () => Date.UTC(2026, 5, 13, 11, 18, 55, 354),
  };
  return { endpoint: { bridge, recorder, probes: given, config: resolveWasmrunMetrics(tenants), requestLog, lines } };
}

/** Probes that count how often they are asked. */
function counting() {
  let asked = 0;
  function load() {
    asked++;
    return noProbes.load();
  }
  return { asked: () => asked, given: probes({ load }) };
}

const authorization = (value: string) => ({ headers: { authorization: value } });
const withKey = authorization('Bearer k1');

async function answer(url: string, init?: RequestInit) {
  const response = await fetch(url, init);
  return { status: response.status, type: response.headers.get('content-type'), body: await response.text() };
}

async function unauthorized(url: string): Promise<number> {
  const { exec_rejected_total } = JSON.parse((await answer(`${url}/metrics?format=json`, withKey)).body);
  return exec_rejected_total.unauthorized;
}

for (const [name, start] of Object.entries(servers)) {
  for (const path of ['/api/v1/metrics', '/api/v1/metrics/', '/metrics']) {
    test(`${name}: GET ${path} is text 0.0.4, and JSON where asked for`, async (t) => {
      const { url, recorder } = await start(t, {});
      happen(recorder);
      assert.deepEqual(await answer(url + path), { status: 200, type: TEXT, body: golden('busy.text.txt') });
      const body = JSON.stringify(JSON.parse(golden('busy.json')));
      assert.deepEqual(await answer(`${url}${path}?format=json`), { status: 200, type: 'application/json', body });
      const preferred = { headers: { accept: 'application/json' } };
      assert.deepEqual(await answer(url + path, preferred), { status: 200, type: 'application/json', body });
    });
  }

  test(`${name}: JSON of an agent that has done nothing`, async (t) => {
    const { url } = await start(t, { given: noProbes });
    assert.equal((await answer(`${url}/metrics?format=json`)).body, JSON.stringify(JSON.parse(golden('new.json'))));
  });

  for (const format of ['', 'JSON', 'prometheus', 'text', 'json2', 'xml&format=json']) {
    test(`${name}: format=${format} is text`, async (t) => {
      const { url } = await start(t, {});
      assert.equal((await answer(`${url}/metrics?format=${format}`)).type, TEXT);
    });
  }

  test(`${name}: OpenMetrics for a client that prefers it`, async (t) => {
    const { url, recorder } = await start(t, {});
    happen(recorder);
    const accept = 'application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5';
    const body = golden('busy.openmetrics.txt');
    assert.deepEqual(await answer(`${url}/api/v1/metrics`, { headers: { accept } }), { status: 200, type: OPENMETRICS, body });
  });

  for (const method of ['HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
    test(`${name}: ${method} is 404 in JSON, and 401 without a key`, async (t) => {
      const { asked, given } = counting();
      const { url } = await start(t, { tenants: keys, given });
      const expected = (status: number) => (method === 'HEAD' ? '' : JSON.stringify({ error: errors[status], code: status }));
      const errors: Record<number, string> = { 404: 'not found', 401: 'a valid API key is needed' };
      for (const [init, status] of [[withKey, 404] as const, [{}, 401] as const]) {
        for (const path of ['/api/v1/metrics', '/api/v1/metrics/', '/metrics?format=json']) {
          assert.deepEqual(
            await answer(url + path, { method, ...init }),
            { status, type: 'application/json', body: expected(status) },
            path,
          );
        }
      }
      assert.equal(asked(), 0, 'none of them collects');
    });
  }

  for (const value of ['Bearer k1', 'bearer k1', 'BEARER   k2  ', 'Bearer\tk2']) {
    test(`${name}: ${JSON.stringify(value)} opens`, async (t) => {
      const { url } = await start(t, { tenants: keys });
      assert.equal((await answer(`${url}/metrics`, authorization(value))).status, 200);
    });
  }

  const wrong = ['', 'Bearer', 'Bearer ', 'Bearer wrong', 'Basic k1', 'k1', 'Bearer k1 k2', `Bearer ${sha256('k1')}`];
  for (const value of [undefined, ...wrong]) {
    test(`${name}: ${value === undefined ? 'no header' : JSON.stringify(value)} is refused, counted, and collects nothing`, async (t) => {
      const { asked, given } = counting();
      const { url } = await start(t, { tenants: keys, given });
      const init = value === undefined ? {} : authorization(value);
      const body = '{"error":"a valid API key is needed","code":401}';
      assert.deepEqual(await answer(`${url}/api/v1/metrics`, init), { status: 401, type: 'application/json', body });
      assert.equal(asked(), 0);
      assert.equal(await unauthorized(url), 1);
    });
  }

  test(`${name}: with authentication JSON has no sessions, only aggregates`, async (t) => {
    const { url, recorder } = await start(t, { tenants: keys });
    happen(recorder);
    const { sessions: _, ...aggregates } = JSON.parse(golden('busy.json'));
    assert.equal((await answer(`${url}/metrics?format=json`, withKey)).body, JSON.stringify(aggregates));
  });

  test(`${name}: another path is 404 in JSON, and every request without a key counts`, async (t) => {
    const { url } = await start(t, { tenants: keys });
    assert.deepEqual(await answer(`${url}/api/v1/nothing`, withKey), {
      status: 404,
      type: 'application/json',
      body: '{"error":"not found","code":404}',
    });
    for (const path of ['/', '/api/v1/nothing', '/metrics/', '/metrics/x'])
      assert.equal((await answer(url + path)).status, 401, path);
    assert.equal(await unauthorized(url), 4);
  });

  test(`${name}: every response has an id of its own, which its line in the access log has too`, async (t) => {
    const { url, lines } = await start(t, { tenants: keys, verbose: true });
    const seen = new Set<string>();
    const requests: [method: string, target: string, key: string, status: number, tenant: string][] = [
      ['GET', '/api/v1/metrics?format=json', 'k1', 200, 'copilot'],
      ['GET', '/metrics', 'k2', 200, 'ci'],
      ['GET', '/metrics', 'k3', 401, '-'],
      ['HEAD', '/api/v1/metrics/', 'k1', 404, 'copilot'],
      ['POST', '/api/v1/nothing?a=b', 'k1', 404, 'copilot'],
    ];
    for (const [method, target, key, status, tenant] of requests) {
      const headers = { authorization: `Bearer ${key}`, 'x-request-id': 'mine' };
      const response = await fetch(url + target, { method, headers });
      await response.arrayBuffer();
      const id = response.headers.get('x-request-id') ?? '';
      assert.match(id, /^[0-9a-f]{16}$/);
      seen.add(id);
      const [received, line, ...more] = lines.splice(0);
      assert.deepEqual([received, more], [`→ ${method} ${target} (id=${id})`, []]);
      const path = target.replace(/\?.*/, '');
      const expected = `ts=2026-06-13T11:18:55.354+00:00 id=${id} method=${method} path=${path} status=${status} dur_ms=N tenant=${tenant}`;
      assert.equal(line?.replace(/dur_ms=\d+/, 'dur_ms=N'), expected);
    }
    assert.equal(seen.size, requests.length);
  });

  test(`${name}: sessions that cannot be read are no sessions of size 0`, async (t) => {
    const given = probes({ sessions: () => Promise.reject(new Error('EIO /secret/path')) });
    const { url } = await start(t, { given });
    const { body } = await answer(`${url}/metrics?format=json`);
    assert.doesNotMatch(body, /secret|sessions_active|sessions_disk_bytes|"sessions"/);
    assert.equal(JSON.parse(body).exec_in_flight, 1);
  });
}

test("fastify: the gate is before the host's own routes too, and says whose key it was", async (t) => {
  const { url } = await servers.fastify(t, { tenants: keys });
  assert.equal((await answer(`${url}/api/v1/whoami`)).status, 401);
  assert.equal((await answer(`${url}/api/v1/whoami`, authorization('Bearer k2'))).body, '{"tenant":"ci"}');
  const open = await servers.fastify(t, {});
  assert.equal((await answer(`${open.url}/api/v1/whoami`, withKey)).body, '{"tenant":null}');
});

for (const thread of [false, true]) {
  const where = `the dedicated listener, ${thread ? 'in a thread of its own' : 'in this thread'}`;
  async function listening(t: TestContext, tenants?: readonly unknown[]) {
    const { endpoint } = parts(t, tenants === undefined ? {} : { tenants });
    happen(endpoint.recorder);
    const { url } = await endpoint.bridge.listen('127.0.0.1:0', { ...wasmrunListening(endpoint), thread });
    assert.match(url, /\/api\/v1\/metrics$/);
    return { ...endpoint, url };
  }

  test(`${where}: the exposition, JSON where asked for, and 404 in JSON for all else`, async (t) => {
    const { url } = await listening(t);
    for (const query of ['', '?format=JSON', '?format=toString'])
      assert.deepEqual(await answer(url + query), { status: 200, type: TEXT, body: golden('busy.text.txt') });
    const body = JSON.stringify(JSON.parse(golden('busy.json')));
    assert.deepEqual(await answer(`${url}?format=json`), { status: 200, type: 'application/json', body });
    assert.deepEqual(await answer(`${new URL('/metrics', url)}?format=json`), { status: 200, type: 'application/json', body });
    const missing = { status: 404, type: 'application/json', body: '{"error":"not found","code":404}' };
    assert.deepEqual(await answer(url, { method: 'POST' }), missing);
    assert.deepEqual(await answer(url, { method: 'HEAD' }), { ...missing, body: '' });
    assert.deepEqual(await answer(new URL('/health', url).href), missing);
  });

  test(`${where}: the same gate and the same log`, async (t) => {
    const { url, lines } = await listening(t, keys);
    const refused = await fetch(url, { method: 'DELETE' });
    assert.deepEqual([refused.status, await refused.json()], [401, { error: 'a valid API key is needed', code: 401 }]);
    assert.match((await answer(url, withKey)).body, /reason="unauthorized"} 1\n/);
    const { exec_rejected_total, sessions } = JSON.parse((await answer(`${url}?format=json`, withKey)).body);
    assert.deepEqual([exec_rejected_total.unauthorized, sessions], [1, undefined]);
    await until('its line is there', () => lines.length === 3);
    assert.ok(
      lines[0]?.includes(` id=${refused.headers.get('x-request-id')} method=DELETE path=/api/v1/metrics status=401 `),
      lines[0],
    );
    assert.match(lines[1] ?? '', / status=200 dur_ms=\d+ tenant=copilot$/);
  });
}

const good = sha256('a key');
const bad: [name: string, tenants: readonly unknown[], messages: RegExp[]][] = [
  ['no tenant', [], [/^tenants: got \[\]; /]],
  ['no table', ['copilot'], [/^tenants\[0\]\.key_sha256: got nothing; /, /^tenants\[0\]\.id: got nothing; /]],
  ['no key', [{ id: 'a' }], [/^tenants\[0\]\.key_sha256: got nothing; .*SHA-256/]],
  ['the key itself', [{ id: 'a', key_sha256: 'hunter2' }], [/^tenants\[0\]\.key_sha256: got \[redacted\]; .*sha256sum/]],
  ['upper case', [{ id: 'a', key_sha256: good.toUpperCase() }], [/^tenants\[0\]\.key_sha256: got \[redacted\]; .*lower-case/]],
  ['no id', [{ key_sha256: good }], [/^tenants\[0\]\.id: got nothing; /]],
  ['an id of another type', [{ id: 5, key_sha256: good }], [/^tenants\[0\]\.id: got 5; /]],
  [
    'everything at once',
    [{ id: '', key_sha256: good }, { key_sha256: good }],
    [
      /^tenants\[0\]\.id: got ""/,
      /^tenants\[1\]\.key_sha256: got \[redacted\]; .*tenants\[0\] is the same/,
      /^tenants\[1\]\.id: got nothing/,
    ],
  ],
];

for (const [name, tenants, messages] of bad) {
  test(`configuration error: ${name}`, () => {
    assertRefused(() => resolveWasmrunMetrics(tenants), messages, /hunter2/);
  });
}
