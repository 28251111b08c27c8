/** RunWisp's metrics page, from top to bottom, on an example at work. `examples/runwisp/document.md` lists its sentences. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { until } from '../../until.ts';
import { folderWith, startExample } from '../example.ts';

/** `nightly-backup` runs until there is a file `let-go`. */
const FILE = `
[daemon]
port = 0
token = "t0ken-s3cret"

[tasks.nightly-backup]
run = "while [ ! -e let-go ]; do sleep 0.05; done; echo output-s3cret"
[tasks.broken]
run = "KEY=command-s3cret; echo output-s3cret; exit 3"
[services.api-server]
run = "exec sleep 600"
`;
const ENABLED = 'metrics_enabled = true';
const TASKS = ['api-server', 'broken', 'nightly-backup'];
const withKeys = (...keys: readonly string[]) => FILE.replace('port = 0', ['port = 0', ...keys].join('\n'));

/** The document's table, with the values of its labels. What only newer versions have is in examples/runwisp/README.md. */
const FAMILIES: readonly (readonly [name: string, type: string, series: readonly string[]])[] = [
  ['runwisp_runs_total', 'counter', ['success', 'failed'].map((status) => `{status="${status}"}`)],
  ['runwisp_runs_last_failure_timestamp_seconds', 'gauge', ['']],
  [
    'runwisp_task_active_runs',
    'gauge',
    TASKS.map((task) => `{task="${task}",kind="${task === 'api-server' ? 'service' : 'task'}"}`),
  ],
  ['runwisp_daemon_cpu_percent', 'gauge', ['']],
  ['runwisp_daemon_memory_used_bytes', 'gauge', ['']],
  ['runwisp_daemon_memory_total_bytes', 'gauge', ['']],
  ['runwisp_daemon_uptime_seconds', 'gauge', ['']],
  ['runwisp_build_info', 'gauge', ['{version="0.1.0"}']],
];
const NEWER_LABELS = ['{status="missed"}'];
const NEWER_FAMILIES = ['runwisp_task_cpu_percent', 'runwisp_task_memory_bytes'];

const FAILED_AT = 'runwisp_runs_last_failure_timestamp_seconds';
const PROXY_TOKEN = 'scraper-s3cret';
const CLIENT = '203.0.113.9';

const lines = (page: string) => page.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
const valueIn = (page: string, series: string) => {
  const line = lines(page).find((one) => one.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
};

/** A reverse proxy as the document recommends: `/metrics` requires a token, and the daemon gets the client's address. */
async function startProxy(t: TestContext, to: string): Promise<string> {
  const server = createServer(async ({ url = '/', method = 'GET', headers: { authorization = '' } }, response) => {
    if (url === '/metrics' && authorization !== `Bearer ${PROXY_TOKEN}`) return void response.writeHead(401).end();
    const answer = await fetch(new URL(url, to), { method, headers: { authorization, 'x-forwarded-for': CLIENT } });
    response.writeHead(answer.status).end(await answer.text());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('enabled on the main listener', async (t) => {
  const { file, folder } = folderWith(t, 'runwisp.toml', FILE);
  const before = startExample(t, ['runwisp', '--config', file]);
  const { main: off, metrics } = await before.ready();

  await t.test('off by default: no path shows a task or the version', async () => {
    assert.equal(metrics, null);
    assert.equal((await fetch(`${off}/metrics`)).status, 404);
    for (const path of ['/', '/health', '/metrics', '/api/tasks'])
      assert.doesNotMatch(await (await fetch(off + path)).text(), /nightly-backup|api-server|0\.1\.0/, path);
  });

  await t.test('metrics_enabled = true counts after a restart', async () => {
    writeFileSync(file, withKeys(ENABLED));
    assert.equal((await fetch(`${off}/metrics`)).status, 404);
    assert.equal(await before.stop(), 0);
  });

  const daemon = startExample(t, ['runwisp', '--config', file], { RUNWISP_TRUST_PROXY: '127.0.0.1' });
  const { main, ...ready } = await daemon.ready();
  const scrape = async () => (await fetch(`${main}/metrics`)).text();
  const run = (name: string, base = main) =>
    fetch(`${base}/api/tasks/${name}/run`, { method: 'POST', headers: { authorization: 'Bearer t0ken-s3cret' } });
  const active = async (task: string) => valueIn(await scrape(), `runwisp_task_active_runs{task="${task}",kind="task"}`);

  await t.test('at the address of the API, beside /health, on loopback, without authentication', async () => {
    assert.equal(ready.metrics, `${main}/metrics`);
    assert.equal(new URL(main).hostname, '127.0.0.1');
    assert.equal((await fetch(`${main}/health`)).status, 200);
    for (const headers of [{}, { authorization: 'Bearer wrong' }])
      assert.equal((await fetch(`${main}/metrics`, { headers })).status, 200);
  });

  await t.test('OpenMetrics 1.0 that ends with # EOF', async () => {
    const response = await fetch(`${main}/metrics`);
    assert.equal(response.headers.get('content-type'), 'application/openmetrics-text; version=1.0.0; charset=utf-8');
    assert.match(await response.text(), /\n# EOF\n$/);
  });

  await t.test('without a failed run its time is absent, not 0', async () => {
    const page = await scrape();
    assert.equal(valueIn(page, 'runwisp_runs_total{status="failed"}'), 0);
    assert.ok(!page.includes(FAILED_AT));
  });

  await t.test('the gauge climbs and falls with a run, at each scrape', async () => {
    assert.equal(await active('nightly-backup'), 0);
    assert.equal((await run('nightly-backup')).status, 202);
    assert.equal(await active('nightly-backup'), 1);
    assert.equal((await run('nightly-backup')).status, 202);
    assert.equal(await active('nightly-backup'), 2);
    writeFileSync(join(folder, 'let-go'), '');
    await until('both runs have ended', async () => (await active('nightly-backup')) === 0);
    assert.equal(valueIn(await scrape(), 'runwisp_runs_total{status="success"}'), 2);
    assert.equal(valueIn(await scrape(), 'runwisp_task_active_runs{task="api-server",kind="service"}'), 1);
  });

  await t.test('a failed run: its status, and when it ended', async () => {
    const begunAt = Math.floor(Date.now() / 1_000);
    await run('broken');
    await until('it has failed', async () => valueIn(await scrape(), 'runwisp_runs_total{status="failed"}') === 1);
    const failedAt = valueIn(await scrape(), FAILED_AT) ?? 0;
    assert.ok(failedAt >= begunAt && failedAt <= Date.now() / 1_000, `${failedAt}`);
  });

  await t.test(
    'the machine: CPU from 0 to 100, memory in use, all of its memory',
    { skip: process.platform !== 'linux' },
    async () => {
      await until('a reading of the CPU', async () => valueIn(await scrape(), 'runwisp_daemon_cpu_percent') !== undefined);
      const page = await scrape();
      const cpu = valueIn(page, 'runwisp_daemon_cpu_percent') ?? -1;
      assert.ok(cpu >= 0 && cpu <= 100, `${cpu}`);
      const total = valueIn(page, 'runwisp_daemon_memory_total_bytes');
      assert.equal(total, Number(/MemTotal: +(\d+) kB/.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1]) * 1_024);
      const used = valueIn(page, 'runwisp_daemon_memory_used_bytes') ?? 0;
      assert.ok(used > 0 && used < (total ?? 0), `${used}`);
    },
  );

  await t.test('uptime in seconds', async () => {
    const uptime = async () => valueIn(await scrape(), 'runwisp_daemon_uptime_seconds') ?? Number.NaN;
    const first = await uptime();
    const { uptimeSeconds } = (await (await fetch(`${main}/health`)).json()) as { readonly uptimeSeconds: number };
    assert.ok(first <= uptimeSeconds && uptimeSeconds <= (await uptime()));
  });

  await t.test('build info is 1, and its label the version', async () =>
    assert.equal(valueIn(await scrape(), 'runwisp_build_info{version="0.1.0"}'), 1),
  );

  await t.test('each family of the table has its type and labels, and there are no others', async () => {
    const page = await scrape();
    const types = [...page.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(
      ([, name, type]) => `${name}${type === 'counter' ? '_total' : ''} ${type}`,
    );
    const old = types.filter((line) => !NEWER_FAMILIES.some((name) => line.startsWith(name)));
    assert.deepEqual(
      old,
      FAMILIES.map(([name, type]) => `${name} ${type}`),
    );
    for (const [name, , series] of FAMILIES) {
      const found = lines(page).filter((line) => /^\w+/.exec(line)?.[0] === name);
      const labels = found.map((line) => line.slice(name.length, line.lastIndexOf(' ')));
      assert.deepEqual(
        labels.filter((one) => !NEWER_LABELS.includes(one)),
        series,
        name,
      );
    }
  });

  await t.test('no secret, output or command is in it', async () =>
    assert.doesNotMatch(await scrape(), /s3cret|echo|sleep|exit/),
  );

  await t.test('behind a proxy: the metrics require its token, and the API has the address of the client', async () => {
    const proxy = await startProxy(t, main);
    assert.equal((await fetch(`${proxy}/metrics`)).status, 401);
    const scraped = await fetch(`${proxy}/metrics`, { headers: { authorization: `Bearer ${PROXY_TOKEN}` } });
    assert.match(await scraped.text(), /^runwisp_build_info/m);
    await run('broken', proxy);
    const logged = () => daemon.stderr().match(/\S+ POST \/api\/tasks\/"broken"\/run 202/g) ?? [];
    await until('it is logged', () => logged().length === 2);
    assert.equal(logged()[1], `${CLIENT} POST /api/tasks/"broken"/run 202`);
  });

  assert.equal(await daemon.stop(), 0);
});

test('metrics_listen stays on loopback, with --host 0.0.0.0 too, and has only /metrics', {
  skip: process.platform !== 'linux',
}, async (t) => {
  const { file } = folderWith(t, 'runwisp.toml', withKeys(ENABLED, 'metrics_listen = "127.0.0.1:0"'));
  const daemon = startExample(t, ['runwisp', '--config', file, '--host', '0.0.0.0']);
  const { main, metrics } = await daemon.ready();
  assert.ok(metrics);
  // 127.0.0.2 stands for an address of the network: the main listener has it, the other one does not.
  const elsewhere = (url: string, path: string) => Object.assign(new URL(path, url), { hostname: '127.0.0.2' });
  assert.equal((await fetch(elsewhere(main, '/health'))).status, 200);
  assert.equal((await fetch(elsewhere(main, '/metrics'))).status, 404);
  await assert.rejects(fetch(elsewhere(metrics, '/metrics')));
  assert.equal((await fetch(metrics)).status, 200);
  for (const path of ['/', '/health', '/api/tasks/broken/run'])
    assert.equal((await fetch(new URL(path, metrics))).status, 404, path);
  assert.equal(await daemon.stop(), 0);
});
