/** The commands of RunWisp's metrics page, in its order, and the programs that it names, on an example at work. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { parse } from 'yaml';
import { folderWith, startExample } from '../../examples/example.ts';
import { runwispPage } from '../../tools/cli/check/real-pages.ts';
import { until } from '../../until.ts';
import { startCollector } from '../collector.ts';
import { requirePeer } from '../peers.ts';
import { runPrometheus } from '../prometheus.ts';
import { checkMetrics, promtoolSays } from '../promtool.ts';
import { parseWithPython } from '../strict-openmetrics.ts';
import { shell } from './shell.ts';

/** `nightly-backup` runs until there is a file `let-go`. */
const FILE = `
[daemon]
port = 0
metrics_enabled = true
token = "t0ken"

[tasks.nightly-backup]
run = "while [ ! -e let-go ]; do sleep 0.05; done"
[tasks.broken]
run = "exit 3"
`;
const SCRAPE_CONFIG = `
scrape_configs:
  - job_name: runwisp
    scrape_interval: 30s
    static_configs:
      - targets: ["localhost:9477"]
`;
const ADDRESS = 'localhost:9477';
const ALERT = 'time() - runwisp_runs_last_failure_timestamp_seconds < 600';

async function started(t: TestContext) {
  const { file, folder } = folderWith(t, 'runwisp.toml', FILE);
  const { main, metrics } = await startExample(t, ['runwisp', '--config', file]).ready();
  assert.ok(metrics);
  const { host, port } = new URL(main);
  const job = { ...parse(SCRAPE_CONFIG.replace(ADDRESS, host)).scrape_configs[0], scrape_interval: '1s' };
  return {
    metrics,
    /** With the port of this daemon in place of the default one. */
    here: (command: string) => command.replace(ADDRESS, `localhost:${port}`),
    job,
    letGo: () => writeFileSync(join(folder, 'let-go'), ''),
    async fail() {
      await fetch(`${main}/api/tasks/broken/run`, { method: 'POST', headers: { authorization: 'Bearer t0ken' } });
      await until('it has failed', async () =>
        (await (await fetch(metrics)).text()).includes('runwisp_runs_total{status="failed"} 1'),
      );
    },
  };
}

test("its OpenMetrics is a strict parser's", async (t) => {
  const python = requirePeer(t, 'parser');
  if (python === undefined) return;
  const { metrics } = await started(t);
  const samples = parseWithPython(python, await (await fetch(metrics)).text(), 'openmetrics');
  assert.ok(samples.some(({ name, type }) => name === 'runwisp_runs_total' && type === 'counter'));
  assert.throws(() => parseWithPython(python, runwispPage, 'openmetrics'), /prometheus-client refuses it/);
});

test('curl into promtool check metrics: with Accept: text/plain as of the real page, without it one finding', async (t) => {
  const [promtool, curl] = [requirePeer(t, 'promtool'), requirePeer(t, 'curl')];
  if (promtool === undefined || curl === undefined) return;
  const { here, fail } = await started(t);
  await fail();
  assert.deepEqual(checkMetrics(promtool, runwispPage), []);
  const run = (command: string) => shell(here(command), [promtool, curl]);
  assert.deepEqual(await run("curl -s -H 'Accept: text/plain' http://localhost:9477/metrics | promtool check metrics"), {
    code: 0,
    stdout: '',
    stderr: '',
  });
  const { code, stdout, stderr } = await run('curl -s http://localhost:9477/metrics | promtool check metrics');
  assert.deepEqual([code, stdout + stderr], [3, 'runwisp_runs_total no help text\n']);
});

test('the scrape config: promtool accepts it, Prometheus scrapes by it, and the alert fires after a failure alone', async (t) => {
  const [promtool, prometheus] = [requirePeer(t, 'promtool'), requirePeer(t, 'prometheus')];
  if (promtool === undefined || prometheus === undefined) return;
  assert.match(promtoolSays(promtool, 'check', 'config', folderWith(t, 'prometheus.yml', SCRAPE_CONFIG).file), /SUCCESS/);
  const { job, fail } = await started(t);
  const server = await runPrometheus(t, prometheus, { scrape_configs: [job] });
  t.after(server.stop);
  const before = await server.scraped();
  assert.equal((await server.query('runwisp_runs_total{status="failed"} == 0', before)).length, 1);
  assert.deepEqual(await server.query(ALERT, before), []);
  const absent = await server.query('absent_over_time(runwisp_runs_last_failure_timestamp_seconds[10m])', before);
  assert.deepEqual(absent, [{ labels: {}, value: '1' }]);
  await fail();
  await until('the alert has a series', async () => (await server.query(ALERT)).length === 1);
});

test('the Collector scrapes by the same configuration', async (t) => {
  const binary = requirePeer(t, 'collector');
  if (binary === undefined) return;
  const { job, fail } = await started(t);
  await fail();
  const receiver = { config: { scrape_configs: [job] } };
  const collector = await startCollector(t, binary, {
    over: [
      `yaml:receivers::prometheus: ${JSON.stringify(receiver)}`,
      'yaml:service::pipelines::metrics::receivers: [otlp, prometheus]',
    ],
  });
  t.after(collector.stop);
  let page = '';
  await until('scraped', async () => {
    page = await collector.scrape();
    return page.includes('runwisp_build_info{');
  });
  const shown = page.replaceAll(/\b(?:instance|job)="[^"]*",?/g, '').replaceAll(',}', '}');
  for (const line of [
    '# TYPE runwisp_runs_total counter',
    'runwisp_runs_total{status="failed"} 1',
    'runwisp_runs_total{status="success"} 0',
    'runwisp_task_active_runs{kind="task",task="nightly-backup"} 0',
    'runwisp_build_info{version="0.1.0"} 1',
  ])
    assert.ok(shown.split('\n').includes(line), `${line} in ${shown}`);
});

test('curl starts a run, and shows its gauge climb and fall', async (t) => {
  const curl = requirePeer(t, 'curl');
  if (curl === undefined) return;
  const { here, letGo } = await started(t);
  // What `watch -n1` runs each second.
  const look = async () =>
    (await shell(here('curl -s http://localhost:9477/metrics | grep runwisp_task_active_runs'), [curl])).stdout;
  const gauge = async () => /^runwisp_task_active_runs\{task="nightly-backup",kind="task"\} (\d+)$/m.exec(await look())?.[1];
  assert.equal(await gauge(), '0');
  const start = here('curl -sX POST http://localhost:9477/api/tasks/$NAME/run -H "Authorization: Bearer $TOKEN"');
  const { code, stdout } = await shell(start, [curl], { NAME: 'nightly-backup', TOKEN: 't0ken' });
  assert.deepEqual([code, JSON.parse(stdout)], [0, { task: 'nightly-backup', run: 1 }]);
  assert.equal(await gauge(), '1');
  letGo();
  await until('it has ended', async () => (await gauge()) === '0');
});
