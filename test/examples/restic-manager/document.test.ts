/**
 * restic-manager's document from top to bottom, on the example. A stand-in has restic's place, so that this needs nothing but the
 * clone; what needs restic or Prometheus is in `test/conformance/documents/restic-manager.test.ts`.
 * `examples/restic-manager/document.md` lists the sentences.
 */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { seriesOf } from '../../../examples/demo/sample.ts';
import { type ParsedFamily, parseExposition } from '../../../src/formats/exposition/index.ts';
import { type Asking, ask, headerOf } from '../../net/access/request-as.ts';
import { until } from '../../until.ts';
import { type Example, folderWith, startExample } from '../example.ts';

/** The repository of one host cannot be made, and the folder of another cannot be backed up. */
const RESTIC = `#!/bin/sh
case "$RESTIC_REPOSITORY $*" in *no-repository*init* | *nowhere*) exit 1 ;; esac
case "$RESTIC_REPOSITORY $*" in *no-repository*) ;; *snapshots*) echo '[{},{}]' ;; *stats*raw-data*) echo '{"total_size":4096}' ;; esac
`;
const HOSTS = `
hosts:
  - { name: web-1, folder: web }
  - { name: away, folder: nowhere }
  - { name: broken, folder: web, repo: no-repository }
`;

/** The tables, in their order: name, type, labels beside those of a host. */
const server = ['rm_hosts_total', 'rm_hosts_online', 'rm_active_alerts', 'rm_build_info'];
const ofHost = [
  'agent_online',
  'last_backup_timestamp_seconds',
  'last_backup_success',
  'repo_size_bytes',
  'snapshot_count',
  'open_alerts',
  'repo_status',
];
const labels: Readonly<Record<string, readonly string[]>> = {
  rm_active_alerts: ['severity'],
  rm_build_info: ['version', 'commit', 'go_version'],
  rm_host_repo_status: ['host_id', 'host', 'status'],
  rm_job_duration_seconds: ['kind', 'status'],
};

const token = 's3cret';
const authorization = `Bearer ${token}`;
const proxy = '127.0.0.2';

function start(t: TestContext, yaml: string, env: Readonly<Record<string, string>> = {}): Example {
  const { folder, file } = folderWith(t, 'restic-manager.yaml', `port: 0\nevery: 1h\n${yaml}`);
  const bin = join(folder, 'bin');
  for (const name of [bin, join(folder, 'web')]) mkdirSync(name);
  writeFileSync(join(bin, 'restic'), RESTIC, { mode: 0o755 });
  return startExample(t, ['restic-manager', '--config', file], { PATH: [bin, process.env.PATH].join(delimiter), ...env });
}

type Ask = (asking?: Asking) => ReturnType<typeof ask>;

async function asking(daemon: Example): Promise<Ask> {
  const { main } = await daemon.ready();
  return (asking) => ask(Number(new URL(main).port), asking);
}

const statusOf = async (answer: ReturnType<typeof ask>) => (await answer).status;

async function neither(t: TestContext, ask: Ask): Promise<void> {
  await t.test('with neither switch GET /metrics is the 404 of any unknown path, with any token', async () => {
    const [metrics, unknown] = [await ask({ authorization }), await ask({ authorization, path: '/metricz' })];
    assert.deepEqual({ ...metrics, body: metrics.body.replace('metrics', 'metricz') }, unknown);
    assert.deepEqual([metrics.status, await statusOf(ask({ path: '/health' }))], [404, 200]);
  });
}

async function oneSwitch(t: TestContext, withToken: Ask, withRanges: Ask): Promise<void> {
  await t.test('metrics_token alone authorizes, from any address', async () => {
    for (const from of ['127.0.0.1', '127.0.0.9']) assert.equal(await statusOf(withToken({ from, authorization })), 200);
    for (const wrong of [undefined, 'Bearer s3cre', `Basic ${token}`]) {
      const refused = await withToken(wrong === undefined ? {} : { authorization: wrong });
      assert.deepEqual([refused.status, headerOf(refused, 'www-authenticate'), refused.body], [401, 'bearer', '']);
    }
  });
  await t.test('metrics_trusted_cidrs alone authorizes, without a token', async () => {
    assert.deepEqual(
      [await statusOf(withRanges({ from: '127.0.0.3' })), await statusOf(withRanges({ from: '127.0.0.5' }))],
      [200, 200],
    );
    for (const more of [{}, { authorization }, { forwarded: ['127.0.0.3'] }])
      assert.equal(await statusOf(withRanges({ from: '127.0.0.8', ...more })), 401);
  });
}

async function both(t: TestContext, ask: Ask): Promise<void> {
  const inside = ['10.1.2.3'];
  await t.test('RM_METRICS_TOKEN_FILE and RM_METRICS_TRUSTED_CIDR, as in the Docker example: both have to pass', async () => {
    assert.equal(await statusOf(ask({ from: proxy, forwarded: inside, authorization })), 200);
    assert.equal(await statusOf(ask({ from: proxy, forwarded: ['2001:db8::9'], authorization })), 200, 'the second of the list');
    assert.equal(await statusOf(ask({ from: proxy, forwarded: inside })), 401, 'the address alone');
    assert.equal(await statusOf(ask({ from: proxy, forwarded: ['203.0.113.9'], authorization })), 401, 'the token alone');
  });
  await t.test('X-Forwarded-For counts only where the immediate hop is in RM_TRUSTED_PROXY', async () => {
    assert.equal(await statusOf(ask({ from: '127.0.0.4', forwarded: inside, authorization })), 401);
    assert.equal(
      await statusOf(ask({ from: proxy, forwarded: ['10.1.2.3, 203.0.113.9'], authorization })),
      401,
      'the right-most one counts',
    );
  });
}

async function tables(t: TestContext, families: readonly ParsedFamily[]): Promise<void> {
  await t.test('the families of the reference in its order: all begin with rm_, gauges but for the histogram', () => {
    const gauges = [...server, ...ofHost.map((name) => `rm_host_${name}`)];
    assert.deepEqual(
      families.map(({ name, kind }) => `${name} ${kind}`),
      [...gauges.map((name) => `${name} gauge`), 'rm_job_duration_seconds histogram'],
    );
  });
  await t.test('series of a host have host_id and host; no series has a label of a job or of a source', () => {
    for (const { name, samples } of families) {
      const expected = labels[name] ?? (name.startsWith('rm_host_') ? ['host_id', 'host'] : []);
      assert.ok(samples.length > 0, name);
      for (const sample of samples) {
        const shown = sample.labels.map(([label]) => label).filter((label) => label !== 'le');
        assert.deepEqual(shown, expected, name);
      }
    }
  });
}

async function values(t: TestContext, page: string, families: readonly ParsedFamily[]): Promise<void> {
  const samples = new Map(
    families.flatMap((family) => family.samples.map(({ name, labels, value }) => [seriesOf(name, labels), value])),
  );
  const idOf = new Map(
    families
      .flatMap((family) => family.samples.map(({ labels }) => new Map(labels)))
      .map((of) => [of.get('host'), of.get('host_id')]),
  );
  const of = (host: string, name: string, more = {}) =>
    samples.get(seriesOf(`rm_host_${name}`, Object.entries({ host_id: idOf.get(host) ?? '', host, ...more })));
  const each = (name: string) => ['web-1', 'away', 'broken'].map((host) => of(host, name));

  await t.test('hosts that are enrolled, and those online', () =>
    assert.deepEqual([samples.get('rm_hosts_total'), samples.get('rm_hosts_online')], [3, 2]),
  );
  await t.test('open alerts by severity, each severity always there', () =>
    assert.deepEqual(
      ['info', 'warning', 'critical'].map((severity) => samples.get(`rm_active_alerts{severity="${severity}"}`)),
      [0, 1, 1],
    ),
  );
  await t.test('build info is 1, with version, commit and runtime', () =>
    assert.match(
      page,
      new RegExp(`^rm_build_info\\{version="0\\.1\\.0",commit="none",go_version="${process.version}"\\} 1$`, 'm'),
    ),
  );
  await t.test('a host: online, snapshots, open alerts', () => {
    assert.deepEqual(each('agent_online'), [1, 0, 1]);
    assert.deepEqual(each('snapshot_count'), [2, 2, 0]);
    assert.deepEqual(each('open_alerts'), [0, 1, 1]);
  });
  await t.test('the last backup, omitted for a host with none; the size, omitted when unknown', () => {
    assert.deepEqual(each('last_backup_success'), [1, 0, undefined]);
    const [web = 0, away = 0, broken] = each('last_backup_timestamp_seconds');
    for (const at of [web, away]) assert.ok(Number.isInteger(at) && Math.abs(Date.now() / 1_000 - at) < 600, `${at}`);
    assert.equal(broken, undefined);
    assert.deepEqual(each('repo_size_bytes'), [4_096, 4_096, undefined]);
  });
  await t.test('the state of a repository is a label, always 1', () => {
    const states = ['web-1', 'away', 'broken'].map((host) =>
      ['unknown', 'ready', 'init_failed'].filter((status) => of(host, 'repo_status', { status }) === 1),
    );
    assert.deepEqual(states, [['ready'], ['ready'], ['init_failed']]);
    assert.equal(page.match(/^rm_host_repo_status\{/gm)?.length, 3);
  });
  await t.test('job durations: the buckets of the document, by kind and status', () => {
    const buckets = page.match(/^rm_job_duration_seconds_bucket\{kind="backup",status="failed",le=".*"\} 1$/gm) ?? [];
    const bounds = ['1', '5', '30', '60', '300', '1800', '3600', '21600', '86400', '+Inf'];
    assert.deepEqual(
      buckets.map((line) => /le="(.*)"/.exec(line)?.[1]),
      bounds,
    );
    const counts = page
      .match(/^rm_job_duration_seconds_count\{.*$/gm)
      ?.map((line) => line.replace(/^.*kind="(\w+)",status="(\w+)"\}/, '$1 $2'));
    assert.deepEqual(counts?.sort(), [
      'backup failed 1',
      'backup succeeded 1',
      'check succeeded 2',
      'forget succeeded 2',
      'init failed 1',
    ]);
  });
}

/** By its API, after the page that the others read. */
async function changes(t: TestContext, ask: Ask): Promise<void> {
  const page = async () => (await ask({ authorization })).body;
  const change = (method: string, path: string, body: object) =>
    ask({
      method,
      path: `/api/hosts${path}`,
      authorization,
      lines: ['Content-Type: application/json'],
      body: JSON.stringify(body),
    });
  const idOf = (text: string, host: string) =>
    new RegExp(`^rm_host_agent_online\\{host_id="(\\w+)",host="${host}"\\}`, 'm').exec(text)?.[1];

  await t.test('a host that has only announced itself does not count, and has no series', async () => {
    assert.equal(await statusOf(change('POST', '', { name: 'pending', folder: '/nowhere' })), 201);
    const text = await page();
    assert.match(text, /^rm_hosts_total 3$/m);
    assert.equal(idOf(text, 'pending'), undefined);
  });
  await t.test('host_id is a ULID, and survives a rename', async () => {
    const id = idOf(await page(), 'web-1') ?? '';
    assert.match(id, /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/);
    assert.equal(await statusOf(change('PATCH', `/${id}`, { name: 'www' })), 200);
    const text = await page();
    assert.deepEqual([idOf(text, 'www'), idOf(text, 'web-1')], [id, undefined]);
  });
}

test('restic-manager, from the top of its document to the bottom', async (t) => {
  const docker = {
    RM_METRICS_TOKEN_FILE: folderWith(t, 'rm_metrics_token', `${token}\n`).file,
    RM_METRICS_TRUSTED_CIDR: '10.0.0.0/8,2001:db8::/32',
  };
  const [closed, withToken, withRanges, withBoth] = await Promise.all([
    asking(start(t, '')),
    asking(start(t, `token: ${token}\nmetrics_token: ${token}\n${HOSTS}`)),
    asking(start(t, 'metrics_trusted_cidrs: [127.0.0.3/32, 127.0.0.4/31]\n')),
    asking(start(t, '', { ...docker, RM_TRUSTED_PROXY: `${proxy}/32` })),
  ]);
  await neither(t, closed);
  await oneSwitch(t, withToken, withRanges);
  await both(t, withBoth);

  let page = '';
  await until('the first round is over', async () => {
    page = (await withToken({ authorization })).body;
    return page.includes('kind="init",status="failed"');
  });
  await t.test('it is text/plain in version 0.0.4', async () =>
    assert.equal(headerOf(await withToken({ authorization }), 'content-type'), 'text/plain; version=0.0.4; charset=utf-8'),
  );
  const parsed = parseExposition(page, 'text');
  assert.ok(parsed.ok);
  await tables(t, parsed.families);
  await values(t, page, parsed.families);
  await changes(t, withToken);
});
