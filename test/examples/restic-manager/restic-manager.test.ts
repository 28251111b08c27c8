/** The example restic-manager as a whole: real repositories, a real inventory, real sockets. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type Samples, seriesOf } from '../../../examples/demo/sample.ts';
import { parseExposition } from '../../../src/formats/exposition/index.ts';
import { requirePeer } from '../../conformance/peers.ts';
import { testInFull } from '../../full.ts';
import { until } from '../../until.ts';
import { startCapture } from '../capture.ts';
import { endless, folderWith, pushingTo, startExample, takenPort } from '../example.ts';

const CONFIG = `
port: 0
token: t0ken
every: 1h
keep: 1
hosts:
  - { name: web-1, folder: web }
  - { name: away, folder: away }
  - { name: broken, folder: web, repo: /dev/null/repository }
`;
const scraping = { RM_METRICS_TOKEN: 's3cret', RM_METRICS_TRUSTED_CIDR: '127.0.0.0/8' };
const ofJobs = (kind: string, status: string) => seriesOf('rm_job_duration_seconds_count', Object.entries({ kind, status }));

/** The PATH on which the example finds this restic. */
const pathTo = (restic: string) => ({ PATH: [dirname(restic), process.env.PATH].join(delimiter) });

function fleet(t: TestContext) {
  const { folder, file } = folderWith(t, 'restic-manager.yaml', CONFIG);
  mkdirSync(join(folder, 'web'));
  writeFileSync(join(folder, 'web', 'index.html'), '<p>hello</p>');
  return { folder, file, data: join(folder, '.restic-manager') };
}

async function scrape(url: string): Promise<Samples> {
  const answer = await fetch(url, { headers: { authorization: 'Bearer s3cret' } });
  assert.equal(answer.status, 200);
  const parsed = parseExposition(await answer.text(), 'text');
  assert.ok(parsed.ok);
  const samples = parsed.families.flatMap((family) => family.samples);
  return new Map(samples.map(({ name, labels, value }) => [seriesOf(name, labels), value]));
}

function client(main: string) {
  return async (method: string, path = '', body?: object, authorization = 'Bearer t0ken') => {
    const headers = { authorization, ...(body === undefined ? {} : { 'content-type': 'application/json' }) };
    const answer = await fetch(`${main}/api/hosts${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, json: text === '' ? undefined : JSON.parse(text) };
  };
}

testInFull('a fleet with real repositories is backed up, pulled, renamed, removed, and survives', async (t) => {
  const restic = requirePeer(t, 'restic');
  if (restic === undefined) return;
  const begunAt = Math.floor(Date.now() / 1_000);
  const { folder, file, data } = fleet(t);
  const capture = await startCapture();
  t.after(capture.close);
  const pushing = pushingTo(capture.endpoint);
  const daemon = startExample(t, ['restic-manager', '--config', file], { ...pathTo(restic), ...scraping, ...pushing });
  const { main, metrics } = await daemon.ready();
  assert.equal(metrics, `${main}/metrics`);
  const api = client(main);
  let samples: Samples = new Map();
  const shows = (what: string, ...expected: [series: string, value: number | undefined][]) =>
    until(what, async () => {
      samples = await scrape(metrics);
      return expected.every(([series, value]) => samples.get(series) === value);
    });

  const refused = await fetch(metrics);
  assert.deepEqual([refused.status, refused.headers.get('www-authenticate'), await refused.text()], [401, 'Bearer', '']);
  for (const wrong of ['', 'Bearer s3cret', 'Basic t0ken'])
    assert.equal((await api('GET', '', undefined, wrong)).status, 401, wrong);
  const { json: hosts } = await api('GET');
  const [web, away, broken] = hosts.map(({ id, name: host }: { id: string; name: string }) => {
    assert.match(id, /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/, 'a ULID');
    return (name: string, more = {}) => seriesOf(name, Object.entries({ host_id: id, host, ...more }));
  });
  const id = hosts[0].id as string;

  await shows('a round over', [ofJobs('check', 'succeeded'), 2], [ofJobs('init', 'failed'), 1]);
  await shows('measured', [web('rm_host_snapshot_count'), 1]);
  const expected: [string, number | undefined][] = [
    ['rm_hosts_total', 3],
    ['rm_hosts_online', 2],
    ['rm_active_alerts{severity="info"}', 0],
    ['rm_active_alerts{severity="warning"}', 1],
    ['rm_active_alerts{severity="critical"}', 1],
    [web('rm_host_agent_online'), 1],
    [away('rm_host_agent_online'), 0],
    [web('rm_host_last_backup_success'), 1],
    [away('rm_host_last_backup_success'), 0],
    [broken('rm_host_last_backup_success'), undefined],
    [broken('rm_host_last_backup_timestamp_seconds'), undefined],
    [broken('rm_host_repo_size_bytes'), undefined],
    [web('rm_host_open_alerts'), 0],
    [away('rm_host_open_alerts'), 1],
    [broken('rm_host_open_alerts'), 1],
    [web('rm_host_repo_status', { status: 'ready' }), 1],
    [web('rm_host_repo_status', { status: 'unknown' }), undefined],
    [away('rm_host_repo_status', { status: 'ready' }), 1],
    [broken('rm_host_repo_status', { status: 'init_failed' }), 1],
    [ofJobs('init', 'succeeded'), 2],
    [ofJobs('backup', 'succeeded'), 1],
    [ofJobs('backup', 'failed'), 1],
    [ofJobs('forget', 'succeeded'), 2],
  ];
  for (const [series, value] of expected) assert.equal(samples.get(series), value, series);
  const backedUpAt = samples.get(web('rm_host_last_backup_timestamp_seconds')) as number;
  assert.ok(Number.isInteger(backedUpAt) && backedUpAt >= begunAt && backedUpAt <= Date.now() / 1_000, `${backedUpAt}`);

  /** What restic itself says of the repository. */
  function ask(...args: string[]) {
    const env = { RESTIC_REPOSITORY: join(data, 'repos', id), RESTIC_PASSWORD_FILE: join(data, 'password') };
    return JSON.parse(execFileSync(restic as string, ['--no-cache', '--json', ...args], { env, encoding: 'utf8' }));
  }
  const size = () => ask('stats', '--mode', 'raw-data').total_size as number;
  assert.equal(samples.get(web('rm_host_repo_size_bytes')), size());
  assert.equal(ask('snapshots').length, 1);

  // More files, another backup: forget leaves one snapshot, and prune makes room.
  writeFileSync(join(folder, 'web', 'index.html'), 'x'.repeat(100_000));
  assert.equal((await api('POST', `/${id}/jobs/backup`)).status, 202);
  await shows('a second snapshot', [web('rm_host_snapshot_count'), 2]);
  const grown = samples.get(web('rm_host_repo_size_bytes'));
  assert.equal(grown, size());
  for (const kind of ['forget', 'prune']) assert.equal((await api('POST', `/${id}/jobs/${kind}`)).status, 202);
  await shows('one snapshot again', [web('rm_host_snapshot_count'), 1], [ofJobs('prune', 'succeeded'), 1]);
  await until('smaller', async () => ((await scrape(metrics)).get(web('rm_host_repo_size_bytes')) as number) < (grown as number));
  assert.equal((await api('POST', `/${id}/jobs/restore`)).status, 400, 'not a job of this example');

  // The machine that was away comes back: its alert is resolved.
  mkdirSync(join(folder, 'away'));
  await api('POST', `/${hosts[1].id}/jobs/backup`);
  await shows(
    'back',
    [away('rm_host_last_backup_success'), 1],
    [away('rm_host_open_alerts'), 0],
    ['rm_active_alerts{severity="warning"}', 0],
  );
  assert.equal(samples.get('rm_hosts_online'), 3);

  // A pending announce does not count.
  const { status, json } = await api('POST', '', { name: 'new', folder: join(folder, 'web') });
  assert.equal(status, 201);
  assert.equal((await scrape(metrics)).get('rm_hosts_total'), 3);
  assert.equal((await api('POST', `/${json.id}/jobs/backup`)).status, 404, 'not enrolled');
  assert.equal((await api('POST', `/${json.id}/enroll`)).status, 202);
  const added = (name: string) => seriesOf(name, Object.entries({ host_id: json.id, host: 'new' }));
  await shows('enrolled and backed up', ['rm_hosts_total', 4], [added('rm_host_snapshot_count'), 1]);

  assert.equal((await api('PATCH', `/${id}`, { name: 'www' })).status, 200);
  samples = await scrape(metrics);
  assert.equal(samples.get(web('rm_host_snapshot_count')), undefined, 'the old name is gone');
  const renamed = seriesOf('rm_host_snapshot_count', Object.entries({ host_id: id, host: 'www' }));
  assert.equal(samples.get(renamed), 1);
  assert.equal((await api('PATCH', `/${id}`, { name: 'a\nb' })).status, 400);
  assert.equal((await api('PATCH', '/nobody', { name: 'x' })).status, 404);
  assert.equal((await api('DELETE', `/${json.id}`)).status, 200);
  assert.deepEqual(
    [...(await scrape(metrics)).keys()].filter((series) => series.includes(json.id)),
    [],
    'a removed host is gone',
  );

  assert.equal(await daemon.stop(), 0, daemon.stderr());
  assert.equal(daemon.stdout().split('\n').length, 2, 'one line on standard output');
  assert.doesNotMatch(daemon.stderr(), /s3cret|t0ken/);
  const last = capture.samples();
  assert.deepEqual([last?.get('rm_hosts_total'), last?.get(renamed), last?.get(ofJobs('prune', 'succeeded'))], [3, 1, 1]);

  const again = startExample(t, ['restic-manager', '--config', file], { ...pathTo(restic), ...scraping, RM_PORT: '0' });
  const second = await again.ready();
  samples = await scrape(second.metrics as string);
  assert.equal(samples.get('rm_hosts_total'), 3, 'the inventory survives');
  assert.equal(samples.get(renamed), 1);
  assert.equal(samples.get(ofJobs('prune', 'succeeded')), undefined, 'job durations are in memory only');
  assert.equal(await again.stop(), 0);
});

testInFull('neither gate: no metrics, and the line says so', async (t) => {
  const restic = requirePeer(t, 'restic');
  if (restic === undefined) return;
  const { file } = folderWith(t, 'restic-manager.yaml', 'every: 1h\n');
  const daemon = startExample(t, ['restic-manager', '--config', file, '--port', '0'], pathTo(restic));
  const { main, metrics } = await daemon.ready();
  assert.equal(metrics, null);
  assert.equal((await fetch(`${main}/metrics`)).status, 404);
  assert.equal((await fetch(`${main}/health`)).status, 200);
  assert.equal((await client(main)('GET')).status, 404, 'no token: no API');
  assert.equal(await daemon.stop(), 0);
});

testInFull('a job that the end cuts off is cancelled, and leaves no lock', async (t) => {
  const restic = requirePeer(t, 'restic');
  if (restic === undefined) return;
  const { folder, file, data } = fleet(t);
  const capture = await startCapture();
  t.after(capture.close);
  // Random, so that it fills packs, and then something that keeps the backup from ending before it is cut off.
  for (let at = 0; at < 32; at++) writeFileSync(join(folder, 'web', `noise-${at}`), randomBytes(1 << 20));
  endless(join(folder, 'web', 'zeros'));
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: capture.endpoint, OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: 'http/json' };
  const daemon = startExample(t, ['restic-manager', '--config', file], { ...pathTo(restic), ...env });
  await daemon.ready();
  await until('initialised', () => /init succeeded/.test(daemon.stderr()));
  const [repository = ''] = readdirSync(join(data, 'repos'));
  const inside = (name: string) => readdirSync(join(data, 'repos', repository, name), { recursive: true });
  const before = inside('data').length;
  await until('backing up', () => inside('data').length > before);
  assert.equal(await daemon.stop(), 0);
  const ended = [...(capture.samples() ?? [])].filter(([series]) => series.startsWith('rm_job_duration_seconds_count'));
  assert.deepEqual(ended.sort(), [
    [ofJobs('backup', 'cancelled'), 1],
    [ofJobs('init', 'succeeded'), 1],
  ]);
  assert.deepEqual(inside('locks'), []);
});

test('without restic: the command that helps, exit code 1, nothing started', async (t) => {
  const { folder, file, data } = fleet(t);
  const daemon = startExample(t, ['restic-manager', '--config', file], { PATH: folder });
  assert.equal(await daemon.ended, 1);
  assert.equal(daemon.stdout(), '');
  assert.match(daemon.stderr(), /^restic: got nothing on the PATH; .*Fix: apt-get install restic\.$/m);
  assert.equal(existsSync(data), false);
});

test('a wrong configuration says everything at once, ends with 1, and has started nothing', async (t) => {
  const yaml = 'prot: 1\nmetrics_trusted_cidrs: [10.0.0.1]\nhosts: [{ name: a }]\n';
  const { folder, file } = folderWith(t, 'restic-manager.yaml', yaml);
  const env = { RM_METRICS_TOKEN: 's3cret token', RM_METRICS_TOKEN_FILE: '/nowhere' };
  const daemon = startExample(t, ['restic-manager', '--config', file], env);
  assert.equal(await daemon.ended, 1);
  assert.equal(daemon.stdout(), '');
  for (const part of [
    'prot: ',
    'metrics_trusted_cidrs: ',
    '10.0.0.1/32',
    'hosts[0].folder',
    'RM_METRICS_TOKEN: ',
    'RM_METRICS_TOKEN_FILE: ',
  ]) {
    assert.ok(daemon.stderr().includes(part), `${part} in ${daemon.stderr()}`);
  }
  assert.doesNotMatch(daemon.stderr(), /s3cret/);
  assert.equal(existsSync(join(folder, '.restic-manager')), false);
});

testInFull('a taken port: exit code 1, and no job was started', async (t) => {
  const restic = requirePeer(t, 'restic');
  if (restic === undefined) return;
  const { file } = fleet(t);
  const daemon = startExample(t, ['restic-manager', '--config', file, '--port', `${await takenPort(t)}`], pathTo(restic));
  assert.equal(await daemon.ended, 1);
  assert.match(daemon.stderr(), /the port must be free/);
  assert.doesNotMatch(daemon.stderr(), /init/);
});
