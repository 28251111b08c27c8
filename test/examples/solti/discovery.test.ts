/** The example's discovery against control planes that answer in every way, and the example's own. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { createAgents } from '../../../examples/solti/agents.ts';
import { startDiscovery } from '../../../examples/solti/discovery.ts';
import { type SoltiBackend, soltiBackend } from '../../../instrumentation/solti/index.ts';
import { until } from '../../until.ts';

async function controlPlane(t: TestContext, answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Samples of the discovery, without its histograms' buckets. */
async function shown(backend: SoltiBackend): Promise<ReadonlyMap<string, number>> {
  const families = (await backend.gather()).filter(({ name }) => name.startsWith('solti_discover_'));
  return new Map(
    families.flatMap(({ samples }) =>
      samples.map(({ name, labels, value }): [string, number] => [[name, ...labels.map(([, label]) => label)].join(' '), value]),
    ),
  );
}

interface Started {
  readonly backend: SoltiBackend;
  readonly lines: readonly string[];
  readonly end: () => Promise<void>;
}

function discover(t: TestContext, url: string, { everyMs = 3_600_000, timeoutMs = 60_000, name = 'agent' } = {}): Started {
  const backend = soltiBackend();
  const lines: string[] = [];
  const parts = { controlPlane: url, name, everyMs, timeoutMs, endpoint: 'http://127.0.0.1:1' };
  const end = startDiscovery({ ...parts, metrics: backend.discovery(), log: (line) => lines.push(line) });
  t.after(end);
  return { backend, lines, end };
}

const said =
  (status: number, body: string): RequestListener =>
  (request, response) => {
    request.resume().on('end', () => response.writeHead(status, { 'content-type': 'application/json' }).end(body));
  };

// Reasons as solti-discover 0.0.2 gives them.
const failures: readonly (readonly [name: string, reason: string, answer: RequestListener])[] = [
  ['an error of the server', 'rejected_server', said(503, '{}')],
  ['a request that is refused', 'rejected_client', said(404, '{}')],
  ['a control plane that says no', 'rejected_client', said(200, '{"success":false,"reason":"unknown agent"}')],
  ['an answer without success, which is false', 'rejected_client', said(200, '{}')],
  ['an answer that is no JSON', 'parse', said(200, '<html>')],
  ['an answer that is no object', 'parse', said(200, '[]')],
  ['an answer without end', 'parse', said(200, ' '.repeat(70_000))],
  ['a token that is missing', 'auth', said(401, '{}')],
  ['a token that is not enough', 'auth', said(403, '{}')],
  ['a connection that is closed', 'other', (request) => request.socket.destroy()],
  ['a redirection', 'other', (_request, response) => response.writeHead(302, { location: '/elsewhere' }).end()],
];

for (const [name, reason, answer] of failures) {
  test(`${name}: ${reason}`, async (t) => {
    const { backend, lines } = discover(t, await controlPlane(t, answer));
    await until('it failed', async () => (await shown(backend)).has(`solti_discover_failures_total ${reason}`));
    const samples = await shown(backend);
    const expected = {
      attempts_total: 1,
      'outcomes_total failure': 1,
      'duration_seconds_count failure': 1,
      last_success_timestamp_seconds: 0,
    };
    for (const [series, value] of Object.entries(expected)) assert.equal(samples.get(`solti_discover_${series}`), value, series);
    assert.equal(samples.has('solti_discover_outcomes_total success'), false);
    assert.equal(lines.length, 1);
  });
}

test('nobody listens: connect', async (t) => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  const { backend } = discover(t, `http://127.0.0.1:${port}`);
  await until('it failed', async () => (await shown(backend)).get('solti_discover_failures_total connect') === 1);
});

test('no answer in time: timeout', async (t) => {
  const { backend } = discover(t, await controlPlane(t, () => {}), { timeoutMs: 50 });
  await until('it failed', async () => (await shown(backend)).get('solti_discover_failures_total timeout') === 1);
});

test('what ends while it is under way has neither succeeded nor failed', async (t) => {
  let asked = false;
  const url = await controlPlane(t, () => {
    asked = true;
  });
  const { backend, end } = discover(t, url);
  await until('asked', () => asked);
  await end();
  const samples = await shown(backend);
  assert.equal(samples.get('solti_discover_attempts_total'), 1);
  assert.deepEqual(
    [...samples.keys()].filter((series) => /outcomes|failures/.test(series)),
    [],
  );
});

test('an advised hold is kept, and told', async (t) => {
  const at: number[] = [];
  const { backend } = discover(
    t,
    await controlPlane(t, (request, response) => {
      at.push(performance.now());
      said(200, at.length === 1 ? '{"success":false,"reason":"full","retryAfterS":1}' : '{"success":true}')(request, response);
    }),
    { everyMs: 20 },
  );
  await until('it is known', async () => ((await shown(backend)).get('solti_discover_outcomes_total success') ?? 0) > 0);
  assert.ok((at[1] ?? 0) - (at[0] ?? 0) >= 990, String(at));
  const samples = await shown(backend);
  assert.equal(samples.get('solti_discover_holds_total'), 1);
  assert.equal(samples.get('solti_discover_hold_duration_seconds_sum'), 1);
  const last = samples.get('solti_discover_last_success_timestamp_seconds') ?? 0;
  assert.ok(Math.abs(last - Date.now() / 1_000) < 300, String(last));
});

test('a program is known to the control plane of the example, with what solti sends', async (t) => {
  const agents = createAgents(1);
  let sent: Record<string, unknown> = {};
  const url = await controlPlane(t, async (request, response) => {
    assert.deepEqual([request.method, request.url], ['POST', '/api/v1/discovery/sync']);
    sent = (await json(request)) as Record<string, unknown>;
    response.end(JSON.stringify(agents.announced(sent)));
  });
  const { backend } = discover(t, url);
  await until('known', async () => (await shown(backend)).get('solti_discover_outcomes_total success') === 1);
  const [agent] = agents.list();
  assert.deepEqual([agent?.id, agent?.name, agent?.endpoint], ['agent', 'agent', 'http://127.0.0.1:1']);
  const { heartbeatIntervalS, apiVersion, endpointType, uptimeSeconds, ts } = sent;
  assert.deepEqual([heartbeatIntervalS, apiVersion, endpointType], [3_600, 1, 'ENDPOINT_TYPE_HTTP']);
  for (const number of [uptimeSeconds, ts]) assert.match(String(number), /^\d+$/);
  assert.equal(typeof ts, 'string');
});

test('one agent more than there are places waits until one is silent', (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: 1_000_000 });
  const agents = createAgents(1);
  const announce = (id: string) => agents.announced({ id, name: id, endpoint: 'http://a', heartbeatIntervalS: 10 });
  const known = { success: true, reason: '', retryAfterS: 0 };
  assert.deepEqual(announce('a'), known);
  t.mock.timers.tick(5_000);
  assert.deepEqual(announce('b'), { success: false, reason: 'there are 1 agents', retryAfterS: 25 });
  assert.deepEqual(announce('a'), known);
  t.mock.timers.tick(30_000);
  assert.deepEqual(agents.list(), []);
  assert.deepEqual(announce('b'), known);
  assert.deepEqual(
    agents.list().map(({ id }) => id),
    ['b'],
  );
});

const announcement = { id: 'a', name: 'a', endpoint: 'http://a', heartbeatIntervalS: 10 };
for (const [name, body] of [
  ['no object', 'x'],
  ['no id', { ...announcement, id: '' }],
  ['an id without end', { ...announcement, id: 'x'.repeat(257) }],
  ['no interval', { ...announcement, heartbeatIntervalS: 0 }],
  ['an interval of a year', { ...announcement, heartbeatIntervalS: 31_536_000 }],
] as const) {
  test(`no announcement: ${name}`, () => assert.equal(createAgents(1).announced(body), undefined));
}
