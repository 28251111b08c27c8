/** What crewshipd's document asks of Prometheus and promtool, in its order, on the example at work. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { parse } from 'yaml';
import { DATABASE_NAME, openStore, type Store } from '../../../examples/crewshipd/store.ts';
import { client, environment } from '../../examples/crewshipd/crew.ts';
import { startExample } from '../../examples/example.ts';
import { folderFor } from '../../folder-for.ts';
import { host } from '../../instrumentation/crewshipd/host.ts';
import { crewshipdPage } from '../../tools/cli/check/real-pages.ts';
import { until } from '../../until.ts';
import { requirePeer } from '../peers.ts';
import { runPrometheus } from '../prometheus.ts';
import { checkMetrics, promtoolSays } from '../promtool.ts';
import { firing, playPages } from './played-pages.ts';
import { startReverseProxy } from './reverse-proxy.ts';

/** The document's, but for the token's placeholder. */
const SCRAPE_CONFIG = `
scrape_configs:
  - job_name: crewshipd
    scrape_interval: 30s
    authorization:
      credentials: m3trics
    static_configs:
      - targets: ["crewship.example.com:8080"]
`;
const FAILURE_RATE = `sum(rate(crewshipd_agent_run_events_total{event="failed"}[10m]))
/
sum(rate(crewshipd_agent_run_events_total{event="started"}[10m])) > 0.2`;
const SPEND_RATE = 'sum(increase(crewshipd_llm_cost_usd_total[1h])) > 5';
const SILENT = 'crewshipd_containers_tracked - crewshipd_containers_reporting > 0';
const BEHIND = 'crewshipd_db_migration_version < on () group_left () max(crewshipd_db_migration_version)';
const rules = join(import.meta.dirname, '../../../deploy/prometheus/crewshipd.rules.yaml');

type Crew = ReturnType<typeof client>;
const good = async (crew: Crew) => crew.ends(`/assignments/${await crew.queue('blue', 'One')}`, 'COMPLETED');

/** A daemon's first page after this work; its database stays. */
async function pageAfter(t: TestContext, env: Record<string, string>, work: (crew: Crew) => Promise<void>) {
  const daemon = startExample(t, ['crewshipd'], env);
  const { main, metrics } = await daemon.ready();
  await work(client(main));
  const page = await (await fetch(metrics as string)).text();
  assert.equal(await daemon.stop(), 0);
  return page;
}

/** What a daemon shows whose database is like this. */
async function pageWith(t: TestContext, prepare: (store: Store, data: string) => void): Promise<string> {
  const { CREWSHIP_DATA_DIR: data = '' } = environment(t);
  const store = openStore(data, 0);
  t.after(store.close);
  prepare(store, data);
  const containers = () => ({ tracked: 0, reporting: 0 });
  return (await host(t, { database: store.reading, containers }).scrape('text/plain')).text;
}

test('crewshipd at work, seen by promtool and by Prometheus', async (t: TestContext) => {
  const [promtool, binary] = [requirePeer(t, 'promtool'), requirePeer(t, 'prometheus3')];
  if (promtool === undefined || binary === undefined) return;
  const { main, metrics } = await startExample(t, ['crewshipd'], environment(t)).ready();
  await good(client(main));

  await t.test('promtool finds as little in its page as in that of the real crewshipd', async () => {
    const page = await (await fetch(metrics as string)).text();
    assert.match(page, /^crewshipd_llm_calls_total\{.*\} 1$/m);
    assert.deepEqual([checkMetrics(promtool, page), checkMetrics(promtool, crewshipdPage)], [[], []]);
  });

  await t.test('the scrape configuration of the document: from elsewhere with the token, and not with another one', async (t) => {
    assert.match(
      promtoolSays(promtool, 'check', 'config', folderFor(t)('prometheus.yml', SCRAPE_CONFIG)),
      /is valid prometheus config/,
    );
    const target = new URL(await startReverseProxy(t, main, { client: '203.0.113.9' })).host;
    const [job] = parse(SCRAPE_CONFIG.replace('crewship.example.com:8080', target)).scrape_configs;
    const right = { ...job, scrape_interval: '1s' };
    const wrong = { ...right, job_name: 'another', authorization: { credentials: 'm3tricz' } };
    const prometheus = await runPrometheus(t, binary, { scrape_configs: [right, wrong] });
    t.after(prometheus.stop);
    const up = async (name: string) => (await prometheus.query(`up{job="${name}"}`))[0]?.value;
    await until('one is up, the other is not', async () => (await up('crewshipd')) === '1' && (await up('another')) === '0');
    assert.equal((await prometheus.query('count by (job) ({__name__=~"crewshipd_.+"})')).length, 1);
  });
});

test('the alerts of the document fire when they must, and are silent otherwise', async (t: TestContext) => {
  const promtool = requirePeer(t, 'promtool');
  if (promtool === undefined) return;
  const env = environment(t);
  const data = env.CREWSHIP_DATA_DIR as string;
  const quiet = await pageAfter(t, env, good);
  // An invoice that the stand-in would take hours for.
  const store = openStore(data, 0);
  store.spend({ provider: 'stand-in', inputTokens: 0, outputTokens: 400_000, costUsd: 6 });
  store.close();
  const forEver = { maxTokens: 100_000, timeoutMs: 600_000 };
  const bad = await pageAfter(t, env, async (crew) => {
    await good(crew);
    await crew.ends(`/assignments/${await crew.queue('blue', 'word '.repeat(2_001))}`, 'FAILED');
    for (const name of ['blue', 'red'])
      await crew.ends(`/assignments/${await crew.queue(name, 'on and on', forEver)}`, 'RUNNING');
    for (let n = 0; n < 25; n++) await crew.queue(`crew-${n % 5}`, 'waits');
    const frozen = (await crew.containers()).find(({ crew: name }) => name === 'red')?.pid as number;
    process.kill(frozen, 'SIGSTOP');
    const silent = async () => (await crew.containers()).filter(({ residentBytes }) => residentBytes === undefined).length;
    await until('the frozen container is silent', async () => (await silent()) === 1);
  });
  const upgraded = await pageWith(t, (_, data) => {
    const newer = new DatabaseSync(join(data, DATABASE_NAME));
    newer.exec('INSERT INTO _migrations VALUES (20270101000000, 1)');
    newer.close();
  });
  const queued = (crewOf: (n: number) => string) =>
    pageWith(t, (store) => {
      for (let n = 0; n < 12; n++) store.queue({ crew: crewOf(n), prompt: 'waits', maxTokens: 1, timeoutMs: 1 });
    });

  playPages(t, promtool, {
    job: 'crewshipd',
    rules: [rules],
    minutes: 180,
    pages: [
      { page: quiet, from: 0 },
      { page: quiet, from: 0, instance: 'b' },
      { page: bad, from: 60 },
      { page: upgraded, from: 60, instance: 'b' },
      { page: quiet, from: 120 },
      { page: await queued((n) => `crew-${n}`), from: 0, instance: 'c' },
      { page: await queued(() => 'wedged'), from: 60, instance: 'c' },
    ],
    asked: [
      ...[FAILURE_RATE, SPEND_RATE, SILENT, BEHIND].flatMap((promql) => [
        [59, promql, false] as const,
        [62, promql, true] as const,
      ]),
      [75, FAILURE_RATE, false],
      [59, firing('CrewshipdAgentRunsFail'), false],
      [66, firing('CrewshipdAgentRunsFail'), true],
      [119, BEHIND, true],
      [121, SILENT, false],
      ...['LlmSpendHigh', 'ContainersSilent', 'BacklogGrows', 'BacklogSpreads', 'CrewWedged', 'MigrationBehind'].flatMap(
        (alert) => [
          [59, firing(`Crewshipd${alert}`), false] as const,
          [alert === 'MigrationBehind' ? 91 : 72, firing(`Crewshipd${alert}`), true] as const,
        ],
      ),
      [72, `${firing('CrewshipdBacklogGrows')} and on (instance) ${firing('CrewshipdCrewWedged')}`, false],
    ],
  });
});

test('pruning shrinks a counter, which rate and increase take for a reset', async (t: TestContext) => {
  const promtool = requirePeer(t, 'promtool');
  if (promtool === undefined) return;
  const { CREWSHIP_DATA_DIR: data = '' } = environment(t);
  const store = openStore(data, 0, { liveRows: 3, archivedRows: 8 });
  t.after(store.close);
  const { clock, scrape } = host(t, { database: store.reading });
  /** 15 s after these events more; of each, started ones included, the journal has eleven at most. */
  async function pageAfter(ending: 'failed' | 'completed', runs: number): Promise<string> {
    for (let n = 0; n < runs; n++) {
      const id = store.queue({ crew: 'blue', prompt: 'One', maxTokens: 1, timeoutMs: 1 });
      store.begin(id, 1);
      store.end(id, ending, 2);
    }
    clock.advance(15_000);
    return (await scrape('text/plain')).text;
  }
  const pages = [await pageAfter('failed', 5), await pageAfter('completed', 3)];
  const failed = (page = '') => Number(/event="failed"\} (\d+)/.exec(page)?.[1]);
  assert.ok(failed(pages[1]) < failed(pages[0]), `${pages.map(failed)}`);
  const events = 'crewshipd_agent_run_events_total{event="failed"}[10m]';
  playPages(t, promtool, {
    job: 'crewshipd',
    minutes: 30,
    pages: pages.map((page, at) => ({ page, from: at * 20 })),
    asked: [
      [25, `resets(${events}) == 1`, true],
      [25, `increase(${events}) < 0 or rate(${events}) < 0`, false],
    ],
  });
});
