/** The example agent as a whole: real modules in real threads, real files, real sockets. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { type TestContext, test } from 'node:test';
import wabt from 'wabt';
import { type Samples, scrape } from '../../../examples/demo/sample.ts';
import { testInFull } from '../../full.ts';
import { until } from '../../until.ts';
import { startCapture } from '../capture.ts';
import { folderWith, pushingTo, startExample, takenPort } from '../example.ts';

const module = (name: string) => readFileSync(new URL(`../../../examples/wasmrun/modules/${name}`, import.meta.url), 'utf8');

/** Series without their common start. */
async function metricsOf(url: string, key?: string): Promise<(series: string) => number | undefined> {
  const answer = key === undefined ? await scrape(url) : await scrapeWith(url, key);
  return (series) => answer?.get(`wasmrun_agent_${series}`);
}

async function scrapeWith(url: string, key: string): Promise<Samples> {
  const answer = await fetch(`${url}?format=json`, { headers: { authorization: `Bearer ${key}` } });
  const flat = Object.entries((await answer.json()) as Record<string, number | Record<string, number>>);
  return new Map(
    flat.flatMap(([name, value]): [string, number][] =>
      typeof value === 'number'
        ? [[`wasmrun_agent_${name}`, value]]
        : Object.entries(value).map(([of, one]) => [`wasmrun_agent_${name}.${of}`, one]),
    ),
  );
}

/** Longer than a test takes, on any machine: no test waits for its end. */
const SPINNING_S = 3_600;

interface Executed {
  readonly stdout: string;
  readonly stderr: string;
  readonly exit_code: number;
  readonly truncated: boolean;
  readonly error?: string;
}

/** An agent and what can be asked of it. */
async function agent(t: TestContext, args: readonly string[] = [], env: Readonly<Record<string, string>> = {}, key?: string) {
  const daemon = startExample(t, ['wasmrun', '--port', '0', ...args], env);
  const { main, metrics, ...rest } = await daemon.ready();
  assert.deepEqual(rest, { ready: true });
  assert.equal(metrics, `${main}/api/v1/metrics`);
  const headers = { 'content-type': 'application/json', ...(key === undefined ? {} : { authorization: `Bearer ${key}` }) };
  const api = `${main}/api/v1`;
  async function post(path: string, body: object) {
    const answer = await fetch(api + path, { method: 'POST', headers, body: JSON.stringify(body) });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  }
  async function session(...modules: readonly string[]): Promise<string> {
    const { body } = await post('/sessions', {});
    for (const name of modules) {
      assert.equal((await post(`/sessions/${body.session_id}/files`, { path: name, content: module(name) })).status, 200);
    }
    return body.session_id as string;
  }
  async function exec(id: string, name: string, timeout = 60): Promise<Executed> {
    const { status, body } = await post(`/sessions/${id}/exec`, { wasm_path: name, timeout });
    assert.equal(status, 200, JSON.stringify(body));
    return body as unknown as Executed;
  }
  return { daemon, main, api, post, session, exec, metrics: () => metricsOf(metrics as string, key) };
}

testInFull('an agent executes modules, and each outcome is in the scrape, in JSON and in the last push', async (t) => {
  const capture = await startCapture();
  t.after(capture.close);
  const { folder, file } = folderWith(t, 'here', '');
  const { daemon, main, post, session, exec, metrics } = await agent(t, ['--max-output', '0.1', '--max-memory', '1'], {
    TMPDIR: folder,
    ...pushingTo(capture.endpoint),
  });
  const before = await metrics();
  for (const series of ['exec_total{result="success"}', 'exec_duration_ms_sum', 'sessions_total'])
    assert.equal(before(series), 0, series);

  const names = ['hello.wat', 'spin.wat', 'chatter.wat', 'greedy.wat'];
  const id = await session(...names);
  const { stdout, exit_code, error } = await exec(id, 'hello.wat');
  assert.deepEqual({ stdout, exit_code, error }, { stdout: 'hello\n', exit_code: 0, error: undefined });

  const binary = (await wabt()).parseWat('hello.wat', module('hello.wat')).toBinary({}).buffer;
  await post(`/sessions/${id}/files`, {
    path: 'hello.wasm',
    content: Buffer.from(binary).toString('base64'),
    encoding: 'base64',
  });
  assert.equal((await exec(id, 'hello.wasm')).stdout, 'hello\n', 'a module in binary');

  const chatter = await exec(id, 'chatter.wat');
  assert.deepEqual([chatter.exit_code, chatter.truncated, chatter.stderr], [3, true, '.'.repeat(104_857)], 'cut at 0.1 MiB');
  assert.match((await exec(id, 'greedy.wat')).error ?? '', /unreachable/);
  assert.match((await exec(id, 'nothing.wasm')).error ?? '', /^the file cannot be read \(ENOENT\)$/);
  assert.match((await exec(id, 'spin.wat', 0.2)).error ?? '', /^timed out after 200 ms$/);

  const after = await metrics();
  const expected: [series: string, value: number][] = [
    ['exec_total{result="success"}', 3],
    ['exec_total{result="error"}', 2],
    ['exec_total{result="timeout"}', 1],
    ['exec_duration_ms_count', 6],
    ['output_truncated_total', 1],
    ['sessions_created_total', 1],
    ['sessions_active', 1],
    ['sessions_total', 1],
    ['sessions_disk_bytes', names.reduce((sum, name) => sum + Buffer.byteLength(module(name)), binary.length)],
    ['requests_in_flight', 1],
  ];
  for (const [series, value] of expected) assert.equal(after(series), value, series);
  const sum = after('exec_duration_ms_sum') ?? 0;
  assert.ok(Number.isInteger(sum) && sum >= 200, `${sum}`);
  await until('the worker that has timed out has ended', async () => (await metrics())('exec_in_flight') === 0);

  const json = (await (await fetch(`${main}/metrics?format=json`)).json()) as { sessions: unknown };
  assert.deepEqual(json.sessions, [{ id, disk_bytes: after('sessions_disk_bytes'), memory_cap_pages: 16 }]);
  assert.equal(await daemon.stop(), 0);
  assert.equal(daemon.stdout().split('\n').length, 2, 'one line on standard output');
  assert.deepEqual(readdirSync(folder), [basename(file)], 'the sessions have gone');
  const pushed = capture.samples();
  assert.deepEqual(
    ['success', 'error', 'timeout'].map((result) => pushed?.get(`wasmrun_agent_exec_total{result="${result}"}`)),
    [3, 2, 1],
  );
});

testInFull(
  'an execution that runs is in flight, beyond the limits requests are rejected, and the end of the agent ends it',
  async (t) => {
    const { api, daemon, post, session, metrics } = await agent(t, [
      '--max-concurrent-exec',
      '1',
      '--max-body',
      '0.01',
      '--max-sessions',
      '2',
    ]);
    const id = await session('spin.wat', 'hello.wat');
    const client = new AbortController();
    const body = JSON.stringify({ wasm_path: 'spin.wat', timeout: SPINNING_S });
    const headers = { 'content-type': 'application/json' };
    const spinning = fetch(`${api}/sessions/${id}/exec`, { method: 'POST', headers, body, signal: client.signal });
    await until('it runs', async () => (await metrics())('exec_in_flight') === 1);
    assert.equal((await metrics())('workers_live'), 1);
    assert.equal((await metrics())('requests_in_flight'), 2);
    assert.deepEqual(await post(`/sessions/${id}/exec`, { wasm_path: 'hello.wat' }), {
      status: 429,
      body: { error: 'too many executions at once', code: 429 },
    });
    const large = await post(`/sessions/${id}/files`, { path: 'large', content: 'x'.repeat(20_000) });
    assert.deepEqual(large, { status: 413, body: { error: 'the body is too large', code: 413 } });
    const other = await session();
    assert.equal((await post('/sessions', {})).status, 429, 'too many sessions');
    for (const path of ['../escaped', '.hidden', 'a/b', '']) {
      assert.equal((await post(`/sessions/${id}/files`, { path, content: 'x' })).status, 400, path);
    }
    assert.equal((await post('/sessions/none/exec', { wasm_path: 'a' })).status, 404);
    const read = await metrics();
    assert.equal(read('exec_in_flight'), 1, 'all this time');
    assert.deepEqual(
      ['concurrency', 'payload', 'unauthorized', 'rate'].map((reason) => read(`exec_rejected_total{reason="${reason}"}`)),
      [1, 1, 0, 0],
    );
    assert.equal((await fetch(`${api}/sessions/${other}`, { method: 'DELETE' })).status, 200);
    assert.equal((await metrics())('sessions_total'), 1);
    client.abort();
    await assert.rejects(spinning, { name: 'AbortError' });
    assert.equal(await daemon.stop(), 0);
  },
);

testInFull('with keys: whoever has none is counted, tenants do not see each other, and a rate holds', async (t) => {
  const sha256 = (key: string) => createHash('sha256').update(key).digest('hex');
  const toml = `
[[tenants]]
id = "copilot"
key_sha256 = "${sha256('k1')}"
[[tenants]]
id = "ci"
key_sha256 = "${sha256('k2')}"
[tenants.rate]
max_requests_per_min = 2
`;
  const { file } = folderWith(t, 'auth.toml', toml);
  const { api, daemon, session, metrics } = await agent(t, ['--auth', file, '--verbose'], {}, 'k1');
  const id = await session('hello.wat');
  const asCi = (path: string, method = 'POST') => fetch(api + path, { method, headers: { authorization: 'Bearer k2' } });
  assert.equal((await fetch(`${api}/sessions`, { method: 'POST' })).status, 401);
  assert.equal((await fetch(`${api}/metrics`)).status, 401);
  assert.equal((await fetch(`${api}/nothing`, { headers: { authorization: 'Bearer k3' } })).status, 401);
  assert.equal((await fetch(`${api}/metrics%zz`)).status, 401, 'ahead of a target that cannot be decoded');
  assert.equal((await asCi(`/sessions/${id}`, 'DELETE')).status, 404, "another tenant's");
  assert.equal((await asCi('/sessions')).status, 200);
  assert.equal((await asCi('/sessions')).status, 429);
  assert.equal((await asCi('/metrics', 'GET')).status, 200, 'metrics have no rate');
  const read = await metrics();
  assert.equal(read('exec_rejected_total.unauthorized'), 4);
  assert.equal(read('exec_rejected_total.rate'), 1);
  assert.equal(await daemon.stop(), 0);
  const log = daemon.stderr();
  assert.match(log, /^→ POST \/api\/v1\/sessions \(id=[0-9a-f]{16}\)$/m);
  assert.match(log, /^ts=\S+ id=[0-9a-f]{16} method=POST path=\/api\/v1\/sessions status=200 dur_ms=\d+ tenant=ci$/m);
  assert.match(log, /^ts=\S+ id=[0-9a-f]{16} method=GET path=\/api\/v1\/metrics status=401 dur_ms=\d+ tenant=-$/m);
  assert.doesNotMatch(log, /k1|k2|k3/);
});

test('a wrong configuration says everything at once, ends with 1, and has started nothing', async (t) => {
  const daemon = startExample(t, ['wasmrun', '--port', 'x', '--auth', '/nowhere', '--colour'], { WASMRUN_AGENT_TIMEOUT: 'soon' });
  assert.equal(await daemon.ended, 1);
  assert.equal(daemon.stdout(), '');
  for (const part of ['--port: got "x"', '--auth /nowhere: got ENOENT', '--colour', 'WASMRUN_AGENT_TIMEOUT: got "soon"']) {
    assert.ok(daemon.stderr().includes(part), `${part} in ${daemon.stderr()}`);
  }
});

test('where it cannot listen: an error that names the flag, and nothing is left behind', async (t) => {
  const { folder, file } = folderWith(t, 'auth.toml', `[[tenants]]\nid = "a"\nkey_sha256 = "${'0'.repeat(64)}"\n`);
  const cases: [args: string[], message: RegExp][] = [
    [['--port', `${await takenPort(t)}`], /^--port: got \d+; the port must be free/m],
    [
      ['--port', '0', '--auth', file, '--host', '192.0.2.1'],
      /^--host: got "192\.0\.2\.1"; it can be listened at \(EADDRNOTAVAIL\)/m,
    ],
  ];
  for (const [args, message] of cases) {
    const daemon = startExample(t, ['wasmrun', ...args], { TMPDIR: folder });
    assert.equal(await daemon.ended, 1);
    assert.match(daemon.stderr(), message);
    assert.deepEqual(readdirSync(folder), ['auth.toml']);
  }
});
