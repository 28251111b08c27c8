/**
 * `deploy/` as an operator uses it: a real Prometheus with that configuration scrapes the running examples through their gates,
 * and answers the dashboard.
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { parse } from 'yaml';
import { folderWith, startExample } from '../examples/example.ts';
import { until } from '../until.ts';
import { requirePeer } from './peers.ts';
import { type Configuration, type Prometheus, runPrometheus } from './prometheus.ts';
import { promtoolSays } from './promtool.ts';

const deploy = join(import.meta.dirname, '../../deploy');

/** By the name of the file that holds it. */
const secrets = { 'crewshipd-token': 'crew-s3cret', 'wasmrun-key': 'wasm-s3cret', 'restic-manager-token': 'restic-s3cret' };

const RUNWISP = `
[daemon]
port = 0
metrics_enabled = true
metrics_listen = "127.0.0.1:0"

[tasks.bad]
run = "exit 3"
every = "1s"
`;
const WASMRUN = `
[[tenants]]
id = "prometheus"
key_sha256 = "${createHash('sha256').update(secrets['wasmrun-key']).digest('hex')}"
`;
/** One host is backed up again and again, one is away, and the repository of the third cannot be made. */
const RESTIC_MANAGER = `
port: 0
every: 1s
keep: 2
hosts:
  - { name: web-1, folder: web }
  - { name: away, folder: away }
  - { name: broken, folder: web, repo: /dev/null/repository }
`;

/** A copy of the folder, as it would be in /etc/prometheus, with the secrets in their files. */
function installed(t: TestContext): string {
  const { folder } = folderWith(t, 'of', 'this test');
  const etc = join(folder, 'prometheus');
  cpSync(join(deploy, 'prometheus'), etc, { recursive: true });
  mkdirSync(join(etc, 'secrets'));
  for (const [name, text] of Object.entries(secrets)) writeFileSync(join(etc, 'secrets', name), `${text}\n`);
  return etc;
}

type Job = { job_name: string; metrics_path?: string; authorization?: { credentials_file: string } };

/** The configuration with these targets, and with absolute paths. Of a reverse proxy for TLS there is none here. */
function configuration(etc: string, targets: Readonly<Record<string, string>>): Configuration {
  const { rule_files, scrape_configs } = parse(readFileSync(join(etc, 'prometheus.yml'), 'utf8'));
  return {
    rule_files: rule_files.map((path: string) => join(etc, path)),
    scrape_configs: scrape_configs.map((job: Job) => {
      const { job_name, metrics_path = '/metrics', authorization } = job;
      const { host, pathname } = new URL(targets[job_name] ?? '');
      assert.equal(pathname, metrics_path, job_name);
      const gate = authorization && { authorization: { credentials_file: join(etc, authorization.credentials_file) } };
      return { job_name, metrics_path, ...gate, static_configs: [{ targets: [host] }] };
    }),
  };
}

/** Where the examples' metrics are, by job. */
async function startHosts(t: TestContext, restic: string): Promise<Readonly<Record<string, string>>> {
  const { file: toml, folder } = folderWith(t, 'runwisp.toml', RUNWISP);
  const { file: tenants } = folderWith(t, 'tenants.toml', WASMRUN);
  const { file: yaml, folder: fleet } = folderWith(t, 'restic-manager.yaml', RESTIC_MANAGER);
  mkdirSync(join(fleet, 'web'));
  writeFileSync(join(fleet, 'web', 'index.html'), '<p>hello</p>');
  const crewship = { CREWSHIP_PORT: '0', CREWSHIP_DATA_DIR: folder, CREWSHIP_METRICS_TOKEN: secrets['crewshipd-token'] };
  const rm = { RM_METRICS_TOKEN: secrets['restic-manager-token'], RM_METRICS_TRUSTED_CIDR: '127.0.0.0/8' };
  const hosts = {
    runwisp: startExample(t, ['runwisp', '--config', toml]),
    crewshipd: startExample(t, ['crewshipd'], crewship),
    wasmrun: startExample(t, ['wasmrun', '--port', '0', '--auth', tenants]),
    'restic-manager': startExample(t, ['restic-manager', '--config', yaml], {
      ...rm,
      PATH: [dirname(restic), process.env.PATH].join(delimiter),
    }),
  };
  const ready = Object.entries(hosts).map(async ([job, host]) => [job, (await host.ready()).metrics ?? ''] as const);
  return Object.fromEntries(await Promise.all(ready));
}

interface Panel {
  readonly title: string;
  readonly targets: readonly { readonly expr: string }[];
}

const { panels } = JSON.parse(readFileSync(join(deploy, 'grafana/restic-manager-dashboard.json'), 'utf8')) as {
  panels: readonly Panel[];
};

/** What a panel's queries give: value by label, or just the values where a query gives one without labels. */
async function shown(prometheus: Prometheus, title: string, label: string, at: number): Promise<unknown[]> {
  const targets = panels.find((panel) => panel.title === title)?.targets ?? [];
  const answers = await Promise.all(targets.map(({ expr }) => prometheus.query(expr, at)));
  return answers.map((answer) => {
    const [first] = answer;
    if (first !== undefined && first.labels[label] === undefined) return Number(first.value);
    return Object.fromEntries(answer.map(({ labels, value }) => [labels[label], Number(value)]).sort());
  });
}

test('promtool check config: the configuration to copy', (t: TestContext) => {
  const binary = requirePeer(t, 'promtool');
  if (binary === undefined) return;
  const said = promtoolSays(binary, 'check', 'config', join(installed(t), 'prometheus.yml'));
  assert.match(said, /SUCCESS: 3 rule files found/);
  assert.match(said, /prometheus\.yml is valid prometheus config file syntax/);
});

test('promtool check config: the jobs for the service', (t: TestContext) => {
  const binary = requirePeer(t, 'promtool');
  if (binary === undefined) return;
  assert.match(
    promtoolSays(binary, 'check', 'config', join(deploy, 'prometheus/serve.yml')),
    /serve\.yml is valid prometheus config file syntax/,
  );
});

test('Prometheus scrapes the examples through their gates, evaluates every alert and answers every panel', async (t: TestContext) => {
  const binary = requirePeer(t, 'prometheus');
  const restic = binary === undefined ? undefined : requirePeer(t, 'restic');
  if (binary === undefined || restic === undefined) return;
  const prometheus = await runPrometheus(t, binary, configuration(installed(t), await startHosts(t, restic)));
  t.after(prometheus.stop);
  let at = await prometheus.scraped();

  await until('evaluated', async () => (await prometheus.rules()).every(({ health }) => health !== 'unknown'));
  const rules = await prometheus.rules();
  assert.equal(rules.length, 12);
  assert.deepEqual(
    rules.filter(({ health }) => health !== 'ok'),
    [],
  );
  const alerts = async () => (await prometheus.query('ALERTS{alertstate="firing"}')).map(({ labels }) => labels.alertname);
  await until('RunWisp tells that its task fails', async () => (await alerts()).includes('RunWispRunFailed'));

  const show = (title: string, label = 'host') => shown(prometheus, title, label, at) as Promise<Record<string, number>[]>;
  // The last job of the first round is that of the host whose repository cannot be made.
  await until('the first round is over', async () => {
    at = await prometheus.scraped();
    return (await show('Open alerts', 'severity'))[0]?.critical === 1;
  });
  assert.deepEqual(await show('Fleet status'), [2, 3]);
  assert.deepEqual(await show('Open alerts', 'severity'), [{ critical: 1, info: 0, warning: 1 }]);
  assert.deepEqual(await show('Backups failing'), [1]);
  const [backups = {}, bytes = {}, snapshots = {}, open] = await show('Hosts');
  assert.deepEqual(Object.keys(backups), ['away', 'web-1']);
  for (const at of Object.values(backups)) assert.ok(Math.abs(Date.now() - at) < 600_000, 'milliseconds, of today');
  assert.ok((bytes['web-1'] ?? 0) > 0);
  assert.deepEqual(Object.keys(snapshots), ['away', 'broken', 'web-1']);
  assert.deepEqual(open, { away: 1, broken: 1, 'web-1': 0 });
  assert.ok(((await show('Repository size'))[0]?.['web-1'] ?? 0) > 0);
  // A rate takes two scrapes, and a quantile a job between them.
  await until('job durations', async () => {
    at = await prometheus.scraped();
    const [p95] = await show('Job duration, p95', 'kind');
    return ['backup', 'forget', 'check'].every((kind) => (p95?.[kind] ?? 0) > 0);
  });
});
