/** Where solti's `/metrics` is served, and what is said of wrong variables. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { fastify } from 'fastify';
import { mountSoltiMetrics, resolveSoltiMetrics, soltiBackend } from '../../../instrumentation/solti/index.ts';
import { capped, contract, counter, nodeListener } from '../../../src/index.ts';
import { assertRefused } from '../../core/errors/assert-refused.ts';

const inFlight = 'solti_sv_tasks_in_flight 0';

test("on the program's own Fastify app", async (t) => {
  const app = fastify();
  t.after(() => app.close());
  assert.deepEqual(await mountSoltiMetrics({ app, backend: soltiBackend(), config: resolveSoltiMetrics({}) }), {
    url: undefined,
  });
  const answer = await app.inject('/metrics');
  assert.equal(answer.headers['content-type'], 'text/plain; version=0.0.4; charset=utf-8');
  assert.ok(answer.body.split('\n').includes(inFlight));
});

test('on a dedicated listener, and not on the app then', async (t) => {
  const app = fastify();
  const backend = soltiBackend();
  t.after(() => Promise.all([app.close(), backend.registry().close()]));
  const { url } = await mountSoltiMetrics({ app, backend, config: resolveSoltiMetrics({ SOLTI_METRICS_LISTEN: '127.0.0.1:0' }) });
  assert.ok((await (await fetch(String(url))).text()).includes(inFlight));
  assert.equal((await app.inject('/metrics')).statusCode, 404);
});

test('on plain node:http', async (t) => {
  const server = createServer(nodeListener(soltiBackend().registry().scrape));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`);
  assert.ok((await answer.text()).includes(inFlight));
});

test('a page has at most 4 MiB, and is never cut off', async () => {
  const { registry } = soltiBackend();
  const bridge = registry();
  const wide = bridge.register(
    contract('wide', { runs: counter({ help: 'Runs.', labels: { task: capped({ limit: 20_000 }) } }) }),
  );
  const statusWith = async (count: number) => {
    for (let n = 0; n < count; n++) wide.runs.add(1, { task: `${n}`.padEnd(230, 'x') });
    return (await bridge.scrape({ method: 'GET', query: new URLSearchParams(), header: () => undefined } as never)).status;
  };
  assert.deepEqual([await statusWith(15_000), await statusWith(18_000)], [200, 500]);
});

test('an address that reaches out is refused unless it is meant', async (t) => {
  const app = fastify();
  const backend = soltiBackend();
  t.after(() => Promise.all([app.close(), backend.registry().close()]));
  const config = resolveSoltiMetrics({ SOLTI_METRICS_LISTEN: '0.0.0.0:0' });
  await assert.rejects(mountSoltiMetrics({ app, backend, config }), (error: Error) => {
    assert.match(error.message, /SOLTI_METRICS_LISTEN.*"0\.0\.0\.0:0".*SOLTI_METRICS_PUBLIC=true/s);
    return true;
  });
  const meant = resolveSoltiMetrics({ SOLTI_METRICS_LISTEN: '0.0.0.0:0', SOLTI_METRICS_PUBLIC: 'true' });
  const { url } = await mountSoltiMetrics({ app, backend, config: meant });
  assert.equal((await fetch(String(url))).status, 200);
});

const bad: [name: string, env: Record<string, string>, messages: RegExp[]][] = [
  ['no port', { SOLTI_METRICS_LISTEN: '9478' }, [/^SOLTI_METRICS_LISTEN: got "9478"/]],
  ['a port above 65535', { SOLTI_METRICS_LISTEN: '127.0.0.1:70000' }, [/^SOLTI_METRICS_LISTEN: got "127\.0\.0\.1:70000"/]],
  [
    'neither true nor false',
    { SOLTI_METRICS_LISTEN: '127.0.0.1:0', SOLTI_METRICS_PUBLIC: 'yes' },
    [/^SOLTI_METRICS_PUBLIC: got "yes"; it is true or false/],
  ],
  [
    'a public listener that is not there',
    { SOLTI_METRICS_PUBLIC: 'true' },
    [/^SOLTI_METRICS_PUBLIC: got "true"; .*SOLTI_METRICS_LISTEN/],
  ],
  [
    'everything at once',
    { SOLTI_METRICS_LISTEN: 'x', SOLTI_METRICS_PUBLIC: 'no' },
    [/^SOLTI_METRICS_LISTEN: got "x"/, /^SOLTI_METRICS_PUBLIC: got "no"/],
  ],
];

for (const [name, env, messages] of bad) {
  test(`configuration error: ${name}`, () => assertRefused(() => resolveSoltiMetrics(env), messages));
}

test("a page beyond its limit is 500, as the host's document wants it", async () => {
  const registry = soltiBackend().registry();
  const wide = contract('wide', { agents: counter({ help: 'Agents.', labels: { agent: capped({ limit: 30_000 }) } }) });
  const { agents } = registry.register(wide);
  const get = { method: 'GET', path: '/metrics', query: new URLSearchParams(), header: () => undefined, peer: '127.0.0.1' };
  const ask = () => registry.scrape(get);
  assert.equal((await ask()).status, 200);
  for (let n = 0; n < 25_000; n++) agents.add(1, { agent: `${n}`.padEnd(180, 'x') });
  assert.equal((await ask()).status, 500);
});
