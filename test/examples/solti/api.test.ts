/** The example's API, and what its metrics say of each request. */
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { type TestContext, test } from 'node:test';
import { createAgents } from '../../../examples/solti/agents.ts';
import { createApi } from '../../../examples/solti/api.ts';
import { mountSoltiMetrics, resolveSoltiMetrics, soltiBackend } from '../../../instrumentation/solti/index.ts';
import { secret } from '../../../src/access.ts';
import { until } from '../../until.ts';

async function startApi(t: TestContext) {
  const backend = soltiBackend();
  const asked: string[] = [];
  const act = (what: string) => (name: string) => {
    asked.push(`${what} ${name}`);
    return name === 'free';
  };
  const supervisor = {
    tasks: () => ['free', 'busy'].map((name) => ({ name, phase: 'running' as const, attempts: 1, how: '' })),
    start() {},
    submit: act('submit'),
    cancel: act('cancel'),
    stop: async () => {},
  };
  const app = createApi({ metrics: backend.api, token: secret('t0ken'), supervisor, agents: createAgents(10) });
  t.after(() => app.close());
  await mountSoltiMetrics({ app, backend, config: resolveSoltiMetrics({}) });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  /** Requests that have been answered, and those in flight: method, path, status. */
  async function counted(): Promise<ReadonlyMap<string, number>> {
    const families = (await backend.gather()).filter(({ name }) => /^solti_api_(requests|in_flight)/.test(name));
    return new Map(
      families.flatMap(({ samples }) =>
        samples.map(({ labels, value }): [string, number] => [
          labels
            .slice(1)
            .map(([, label]) => label)
            .join(' '),
          value,
        ]),
      ),
    );
  }
  return { url, asked, counted };
}

const inFlight = '';

test('each request is counted under its route, and a scrape is none', async (t) => {
  const { url, asked, counted } = await startApi(t);
  const post = (path: string, token = 't0ken', body?: string) =>
    fetch(`${url}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body }),
    }).then(({ status }) => status);
  assert.equal((await fetch(`${url}/tasks`)).status, 200);
  assert.deepEqual(
    [
      await post('/tasks/free/start'),
      await post('/tasks/busy/start'),
      await post('/tasks/none/start'),
      await post('/tasks/free/start', 'x'),
    ],
    [202, 409, 404, 401],
  );
  assert.deepEqual([await post('/tasks/free/cancel'), await post('/tasks/busy/cancel')], [202, 409]);
  assert.deepEqual(asked, ['submit free', 'submit busy', 'cancel free', 'cancel busy']);
  const body = JSON.stringify({ id: 'a', name: 'a', endpoint: 'http://a', heartbeatIntervalS: 10 });
  assert.deepEqual([await post('/api/v1/discovery/sync', '', body), await post('/api/v1/discovery/sync', '', '{}')], [200, 400]);
  assert.equal(((await (await fetch(`${url}/agents`)).json()) as unknown[]).length, 1);
  assert.equal((await fetch(`${url}/metrics`)).status, 200);
  assert.equal((await fetch(`${url}/nowhere`)).status, 404);
  await until('all have ended', async () => (await counted()).get(inFlight) === 0);
  const expected: Readonly<Record<string, number>> = {
    'GET /tasks 200': 1,
    'POST /tasks/{name}/start 202': 1,
    'POST /tasks/{name}/start 409': 1,
    'POST /tasks/{name}/start 404': 1,
    'POST /tasks/{name}/start 401': 1,
    'POST /tasks/{name}/cancel 202': 1,
    'POST /tasks/{name}/cancel 409': 1,
    'POST /api/v1/discovery/sync 200': 1,
    'POST /api/v1/discovery/sync 400': 1,
    'GET /agents 200': 1,
    [inFlight]: 0,
  };
  assert.deepEqual(Object.fromEntries(await counted()), expected);
});

test('a request whose client goes before its answer was in flight, and is none that was answered', async (t) => {
  const { url, counted } = await startApi(t);
  const client = connect(Number(new URL(url).port), '127.0.0.1');
  t.after(() => client.destroy());
  client.write(
    'POST /api/v1/discovery/sync HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{',
  );
  await until('in flight', async () => (await counted()).get(inFlight) === 1);
  client.destroy();
  await until('ended', async () => (await counted()).get(inFlight) === 0);
  assert.deepEqual(Object.fromEntries(await counted()), { [inFlight]: 0 });
});
