/**
 * The agent's observability page, from top to bottom, on an example at work. `examples/wasmrun/document.md` lists its sentences.
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { until } from '../../until.ts';
import { folderWith, startExample } from '../example.ts';

const module = (name: string) => readFileSync(new URL(`../../../examples/wasmrun/modules/${name}`, import.meta.url), 'utf8');

/** What the document prints, as far as it prints it; the duration is the machine's. */
const PRINTED = [
  `# HELP wasmrun_agent_exec_total Total code executions by terminal result.
# TYPE wasmrun_agent_exec_total counter
wasmrun_agent_exec_total{result="success"} 12
wasmrun_agent_exec_total{result="error"} 1
wasmrun_agent_exec_total{result="timeout"} 0
# HELP wasmrun_agent_exec_duration_ms_sum Sum of execution wall-clock durations in milliseconds.
# TYPE wasmrun_agent_exec_duration_ms_sum counter
wasmrun_agent_exec_duration_ms_sum 4200
`,
  `# HELP wasmrun_agent_sessions_active Currently active (non-expired) sessions.
# TYPE wasmrun_agent_sessions_active gauge
wasmrun_agent_sessions_active 3
`,
] as const;
const PRINTED_JSON = {
  exec_total: { success: 12, error: 1, timeout: 0 },
  exec_duration_ms_sum: 4200,
  exec_duration_ms_count: 13,
  output_truncated_total: 0,
  sessions_created_total: 20,
  exec_rejected_total: { concurrency: 0, payload: 0, unauthorized: 0 },
  sessions_active: 3,
  sessions_total: 3,
  exec_in_flight: 1,
  sessions_disk_bytes: 16384,
};
type Printed = typeof PRINTED_JSON;
interface Shown extends Printed {
  readonly exec_rejected_total: Printed['exec_rejected_total'] & { readonly rate: number };
  readonly workers_live: number;
  readonly requests_in_flight: number;
  readonly sessions?: readonly { readonly id: string; readonly disk_bytes: number; readonly memory_cap_pages: number | null }[];
}

/** The document's table. What only newer versions have is in examples/wasmrun/README.md. */
const TYPES = [
  'exec_total counter',
  'exec_duration_ms_sum counter',
  'exec_duration_ms_count counter',
  'output_truncated_total counter',
  'sessions_created_total counter',
  'exec_rejected_total counter',
  'sessions_active gauge',
  'sessions_total gauge',
  'exec_in_flight gauge',
  'sessions_disk_bytes gauge',
];
const NEWER = ['workers_live gauge', 'requests_in_flight gauge'];

/** Longer than the test takes: its end is the agent's. */
const SPINNING_S = 3_600;

async function startAgent(t: TestContext, args: readonly string[], key?: string) {
  const daemon = startExample(t, ['wasmrun', '--port', '0', ...args]);
  const { main } = await daemon.ready();
  const api = `${main}/api/v1`;
  const authorization = key === undefined ? {} : { authorization: `Bearer ${key}` };
  let requests = 0;
  function ask(path: string, init: RequestInit = {}): Promise<Response> {
    requests++;
    return fetch(api + path, { ...init, headers: { ...authorization, ...init.headers } });
  }
  const post = (path: string, body: object) =>
    ask(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  const json = async () => (await (await ask('/metrics?format=json')).json()) as Shown;
  const session = async () => ((await (await post('/sessions', {})).json()) as { session_id: string }).session_id;
  const write = async (id: string, path: string, content: string) =>
    assert.equal((await post(`/sessions/${id}/files`, { path, content })).status, 200);
  async function exec(id: string, wasm_path: string, timeout = 60): Promise<number> {
    const response = await post(`/sessions/${id}/exec`, { wasm_path, timeout });
    assert.equal(response.status, 200);
    return ((await response.json()) as { duration_ms: number }).duration_ms;
  }
  const accessLog = () =>
    daemon
      .stderr()
      .split('\n')
      .filter((line) => /^(?:ts=|→)/.test(line));
  return { daemon, api, ask, post, json, session, write, exec, accessLog, requests: () => requests };
}

test('without --auth', async (t) => {
  const limits = ['--max-output', '0.1', '--max-body', '0.05', '--max-concurrent-exec', '1'];
  const { daemon, ask, post, json, session, write, exec, accessLog, requests } = await startAgent(t, limits);
  const page = async () => (await ask('/metrics')).text();
  let duration = 0;

  await t.test('text 0.0.4, and JSON with format=json', async () => {
    assert.match((await ask('/metrics')).headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4(?:;|$)/);
    assert.equal((await ask('/metrics?format=json')).headers.get('content-type'), 'application/json');
  });

  // The state that the document prints.
  const ids: string[] = [];
  for (let i = 0; i < 20; i++) ids.push(await session());
  for (const id of ids.splice(3)) await ask(`/sessions/${id}`, { method: 'DELETE' });
  const [id = '', other = '', empty = ''] = ids;
  for (const name of ['hello.wat', 'spin.wat']) await write(id, name, module(name));
  const used = Buffer.byteLength(module('hello.wat') + module('spin.wat'));
  await write(other, 'rest', 'x'.repeat(16_384 - used));
  for (let i = 0; i < 12; i++) duration += await exec(id, 'hello.wat');
  duration += await exec(id, 'nothing.wat');
  const spinning = post(`/sessions/${id}/exec`, { wasm_path: 'spin.wat', timeout: SPINNING_S }).catch(() => {});
  await until('it spins', async () => (await json()).exec_in_flight === 1);

  await t.test('the exposition is the printed one, in its order and with its HELP', async () => {
    const text = await page();
    const [begin, active] = PRINTED;
    assert.ok(text.startsWith(begin.replace('4200', String(duration))), text);
    assert.ok(text.includes(active), text);
  });

  await t.test('JSON is the printed one, in its order', async () => {
    const { workers_live, requests_in_flight, sessions, ...shown } = await json();
    const { rate, ...rejected } = shown.exec_rejected_total;
    assert.equal(
      JSON.stringify({ ...shown, exec_rejected_total: rejected }),
      JSON.stringify({ ...PRINTED_JSON, exec_duration_ms_sum: duration }),
    );
  });

  await t.test('each row of the table, with its type, in its order', async () => {
    const types = [...(await page()).matchAll(/^# TYPE wasmrun_agent_(\w+ \w+)$/gm)].map(([, type]) => type);
    assert.deepEqual(types, [...TYPES, ...NEWER]);
  });

  await t.test('the sum is that of the durations, the count that of the results', async () => {
    const { exec_total, exec_duration_ms_sum, exec_duration_ms_count } = await json();
    assert.equal(exec_duration_ms_sum / exec_duration_ms_count, duration / 13);
    assert.equal(
      exec_duration_ms_count,
      Object.values(exec_total).reduce((sum, one) => sum + one),
    );
  });

  await t.test('requests beyond a limit: concurrency with 429, payload with 413', async () => {
    assert.equal((await post(`/sessions/${id}/exec`, { wasm_path: 'hello.wat' })).status, 429);
    assert.equal((await post(`/sessions/${id}/files`, { path: 'large', content: 'x'.repeat(60_000) })).status, 413);
    assert.deepEqual((await json()).exec_rejected_total, { concurrency: 1, payload: 1, unauthorized: 0, rate: 0 });
  });

  await t.test('sessions: the size and the memory cap of each active one, and no id in the exposition', async () => {
    const shown = (await json()).sessions?.toSorted((a, b) => b.disk_bytes - a.disk_bytes);
    const sizes = [16_384 - used, used, 0];
    assert.deepEqual(
      shown,
      [other, id, empty].map((one, index) => ({ id: one, disk_bytes: sizes[index], memory_cap_pages: 4_096 })),
    );
    const text = await page();
    for (const one of ids) assert.ok(!text.includes(one));
  });

  await t.test('a line for each request, of the printed form, with the id of its response', async () => {
    const { headers } = await ask('/metrics?format=json');
    await until('all are logged', () => accessLog().length >= requests() - 1);
    // The one that spins has no response yet.
    assert.equal(accessLog().length, requests() - 1);
    for (const line of accessLog())
      assert.match(
        line,
        /^ts=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00 id=[0-9a-f]{16} method=[A-Z]+ path=\/api\/v1\/[\w/-]+ status=\d{3} dur_ms=\d+ tenant=-$/,
      );
    const line = accessLog().at(-1) ?? '';
    assert.ok(line.includes(` id=${headers.get('x-request-id')} method=GET path=/api/v1/metrics status=200 dur_ms=`), line);
    const [, ts = ''] = /^ts=(\S+)/.exec(line) ?? [];
    assert.ok(Math.abs(Date.now() - Date.parse(ts)) < 600_000, ts);
  });

  assert.equal(await daemon.stop(), 0);
  await spinning;
});

test('with --auth and -v', async (t) => {
  const sha256 = (key: string) => createHash('sha256').update(key).digest('hex');
  const tenant = (id: string, key: string) => `[[tenants]]\nid = "${id}"\nkey_sha256 = "${sha256(key)}"\n`;
  const { file } = folderWith(t, 'auth.toml', tenant('acme', 'k1') + tenant('umbrella', 'k2'));
  const limits = ['--max-output', '0.1', '--auth', file, '-v'];
  const { daemon, api, ask, json, session, write, exec, accessLog } = await startAgent(t, limits, 'k1');

  await t.test('a missing or an invalid key is 401 and counted, at every endpoint', async () => {
    const requests: readonly (readonly [path: string, init: RequestInit])[] = [
      ['/metrics', {}],
      ['/metrics', { headers: { authorization: 'Bearer k3' } }],
      ['/sessions', { method: 'POST' }],
      ['/sessions/x/exec', { method: 'POST' }],
    ];
    for (const [path, init] of requests) assert.equal((await fetch(api + path, init)).status, 401, path);
    assert.equal((await json()).exec_rejected_total.unauthorized, requests.length);
  });

  const id = await session();
  for (const name of ['chatter.wat', 'spin.wat']) await write(id, name, module(name));

  await t.test('executions: success whatever the exit code, timeout, and output beyond its limit', async () => {
    const durations = [await exec(id, 'chatter.wat'), await exec(id, 'spin.wat', 0.1)];
    const shown = await json();
    assert.deepEqual(shown.exec_total, { success: 1, error: 0, timeout: 1 });
    assert.equal(shown.output_truncated_total, 1);
    assert.equal(
      shown.exec_duration_ms_sum,
      durations.reduce((sum, one) => sum + one),
    );
  });

  await t.test('a scrape has aggregates alone, the same for each tenant', async () => {
    await until('no execution is in flight', async () => (await json()).exec_in_flight === 0);
    const pages = [];
    for (const key of ['k1', 'k2']) {
      const headers = { authorization: `Bearer ${key}` };
      pages.push(await (await ask('/metrics', { headers })).text());
      const shown = (await (await ask('/metrics?format=json', { headers })).json()) as Shown;
      assert.equal(shown.sessions, undefined);
      assert.ok(shown.sessions_disk_bytes >= 0);
    }
    assert.equal(pages[0], pages[1]);
    assert.doesNotMatch(pages[0] ?? '', new RegExp(`${id}|acme|umbrella`));
  });

  await t.test('a line ahead of each, the time that it took, and the tenant of the key', async () => {
    const own = (await ask('/metrics')).headers.get('x-request-id');
    const refused = (await fetch(`${api}/metrics`)).headers.get('x-request-id');
    const times = accessLog().map((line) => Number(/ path=\S+\/exec .* dur_ms=(\d+) /.exec(line)?.[1] ?? 0));
    assert.ok(Math.max(...times) >= 99, 'that of the execution that timed out after 100 ms');
    const of = (request: string | null) => accessLog().filter((line) => line.includes(`id=${request}`));
    await until('both are logged', () => of(own).length === 2 && of(refused).length === 2);
    for (const [request, status, tenant] of [
      [own, 200, 'acme'],
      [refused, 401, '-'],
    ] as const) {
      const [ahead, line = ''] = of(request);
      assert.equal(ahead, `→ GET /api/v1/metrics (id=${request})`);
      assert.match(
        line,
        new RegExp(`^ts=\\S+ id=${request} method=GET path=/api/v1/metrics status=${status} dur_ms=\\d+ tenant=${tenant}$`),
      );
    }
  });

  assert.equal(await daemon.stop(), 0);
});
