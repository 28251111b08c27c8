/** What restic-manager must say, typed from its metric reference; only the HELP texts are ours. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import {
  type HostReading,
  type JobKind,
  type JobStatus,
  type ResticManagerProbes,
  resticManager,
  resticManagerRecorder,
} from '../../../instrumentation/restic-manager/index.ts';
import { lint } from '../../../src/index.ts';
import { testBridge } from '../../../src/testing.ts';
import { scrape, testGolden } from '../golden.ts';
import { hosts, probes } from './probes.ts';

const kinds = ['backup', 'forget', 'prune', 'check', 'unlock', 'restore', 'diff', 'init', 'update'] as const;
const statuses = ['succeeded', 'failed', 'cancelled'] as const;

function host(t: TestContext, changes: Partial<ResticManagerProbes> = {}) {
  const { bridge, clock, log } = testBridge(resticManager);
  t.after(() => bridge.close());
  const { jobFinished } = resticManagerRecorder(bridge, probes(changes));
  return { clock, log, jobFinished, scrape: (accept?: string) => scrape(bridge, accept) };
}

/** Bounds themselves, between them and beyond; and a clock that was set back. */
const jobs: readonly [JobKind, JobStatus, number][] = [
  ...[0.5, 1, 5, 61, 86_400, 86_401].map((seconds): [JobKind, JobStatus, number] => ['backup', 'succeeded', seconds]),
  ['init', 'failed', -3],
];
const cases: [
  name: string,
  file: string,
  changes: Partial<ResticManagerProbes>,
  jobs: readonly [JobKind, JobStatus, number][],
][] = [
  ['a fleet with backups, failures and alerts', 'busy', {}, jobs],
  ['no host, no alert, no job', 'new', { hosts: () => [], activeAlerts: () => ({}) }, []],
];
testGolden(
  'restic-manager',
  'text',
  cases.map(([name, file, changes, finished]) => [
    name,
    file,
    (t) => {
      const { jobFinished, scrape } = host(t, changes);
      for (const job of finished) jobFinished(...job);
      return scrape;
    },
  ]),
);

test('what Prometheus would not name so is accepted by name', () => assert.deepEqual(lint(resticManager), []));

test("go_version is the runtime's", async (t) => {
  const { bridge, value } = testBridge(resticManager);
  t.after(() => bridge.close());
  const { runtime: _, ...others } = probes();
  resticManagerRecorder(bridge, others);
  assert.equal(await value('buildInfo', { version: '2026.5.1', commit: 'ccd14f7cee', go_version: process.version }), 1);
});

const series = (text: string, name: string) => text.split('\n').filter((line) => line.startsWith(name));
const one = {
  id: '01ARZ3NDEKTSV4RRFFQ69G5FAV',
  name: 'old',
  online: true,
  snapshots: 1,
  openAlerts: 0,
  repoStatus: 'ready',
} as const;
const full: HostReading = { ...one, lastBackup: { endedMs: 1_000, succeeded: true }, repoBytes: 5 };
/** Per-host series: seven of them with a backup and a known size. */
const PER_HOST =
  /^rm_host_(agent_online|last_backup_timestamp_seconds|last_backup_success|repo_size_bytes|snapshot_count|open_alerts|repo_status)\{/;

test('a renamed host keeps its identity, and its old name is gone at the next scrape', async (t) => {
  let fleet = [full];
  const { scrape } = host(t, { hosts: () => fleet });
  await scrape();
  fleet = [{ ...full, name: 'new' }];
  const { text } = await scrape();
  const rows = text.split('\n').filter((line) => PER_HOST.test(line));
  assert.equal(rows.length, 7);
  for (const row of rows) assert.match(row, /\{host_id="01ARZ3NDEKTSV4RRFFQ69G5FAV",host="new"[,}]/);
  assert.doesNotMatch(text, /"old"/);
});

test('two hosts may swap their names', async (t) => {
  const other = { ...full, id: '01BX5ZZKBKACTAV9WEVGEMMVRZ', name: 'other', snapshots: 9 };
  let fleet = [full, other];
  const { scrape } = host(t, { hosts: () => fleet });
  await scrape();
  fleet = [
    { ...full, name: 'other' },
    { ...other, name: 'old' },
  ];
  assert.deepEqual(series((await scrape()).text, 'rm_host_snapshot_count'), [
    'rm_host_snapshot_count{host_id="01ARZ3NDEKTSV4RRFFQ69G5FAV",host="other"} 1',
    'rm_host_snapshot_count{host_id="01BX5ZZKBKACTAV9WEVGEMMVRZ",host="old"} 9',
  ]);
});

test('a removed host is gone at the next scrape', async (t) => {
  let fleet = [...hosts];
  const { scrape } = host(t, { hosts: () => fleet });
  await scrape();
  fleet = fleet.filter(({ name }) => name !== 'web-1');
  const { text } = await scrape();
  assert.doesNotMatch(text, /web-1|01ARZ3NDEKTSV4RRFFQ69G5FAV|01DRA5H2X1C7Q8E4T6GJ9KMNPS/);
  assert.deepEqual(series(text, 'rm_hosts_'), ['rm_hosts_total 2', 'rm_hosts_online 1']);
});

test('omission: without a backup no timestamp and no success, without a size no size; both come and go', async (t) => {
  let reading: HostReading = one;
  const { scrape } = host(t, { hosts: () => [reading] });
  const shown = async () => series((await scrape()).text, 'rm_host_').map((line) => line.slice(0, line.indexOf('{')));
  const always = ['rm_host_agent_online', 'rm_host_snapshot_count', 'rm_host_open_alerts', 'rm_host_repo_status'];
  assert.deepEqual(await shown(), always);
  reading = { ...one, lastBackup: { endedMs: 1_000, succeeded: false } };
  assert.deepEqual(await shown(), always.toSpliced(1, 0, 'rm_host_last_backup_timestamp_seconds', 'rm_host_last_backup_success'));
  reading = { ...one, repoBytes: 0 };
  assert.deepEqual(await shown(), always.toSpliced(1, 0, 'rm_host_repo_size_bytes'));
  reading = one;
  assert.deepEqual(await shown(), always);
});

test('exactly one repository status a host, whatever it was before', async (t) => {
  let reading: HostReading = one;
  const { scrape } = host(t, { hosts: () => [reading] });
  for (const repoStatus of ['unknown', 'init_failed', 'unknown', 'ready'] as const) {
    reading = { ...one, repoStatus };
    assert.deepEqual(series((await scrape()).text, 'rm_host_repo_status'), [
      `rm_host_repo_status{host_id="01ARZ3NDEKTSV4RRFFQ69G5FAV",host="old",status="${repoStatus}"} 1`,
    ]);
  }
});

const les: [seconds: number, le: string][] = [
  [-0.001, '1'],
  [0, '1'],
  [1, '1'],
  [1.000_001, '5'],
  [5, '5'],
  [30, '30'],
  [60, '60'],
  [300, '300'],
  [1_800, '1800'],
  [3_600, '3600'],
  [21_600, '21600'],
  [86_400, '86400'],
  [86_400.5, '+Inf'],
];
for (const [seconds, le] of les) {
  test(`a job of ${seconds} s falls into le="${le}"`, async (t) => {
    const { jobFinished, scrape } = host(t);
    jobFinished('check', 'cancelled', seconds);
    const lines = series((await scrape()).text, 'rm_job_duration_seconds_bucket');
    assert.equal(lines.length, 10);
    assert.match(
      lines.find((line) => line.endsWith(' 1')) as string,
      new RegExp(`\\{kind="check",status="cancelled",le="${le.replace('+', '\\+')}"\\} 1$`),
    );
  });
}

test('a duration that is no number is refused, never counted', async (t) => {
  const { jobFinished, scrape } = host(t);
  jobFinished('check', 'failed', Number.NaN);
  assert.deepEqual(series((await scrape()).text, 'rm_job_'), []);
});

test('an inventory that fails: its last good values up to their age, then nothing of it; alerts and jobs go on', async (t) => {
  let broken = false;
  const { clock, jobFinished, scrape } = host(t, {
    hosts: () => {
      if (broken) throw new Error('database is locked');
      return hosts;
    },
  });
  await scrape();
  broken = true;
  jobFinished('backup', 'succeeded', 1);
  clock.advance(59_999);
  assert.deepEqual(series((await scrape()).text, 'rm_hosts_total'), ['rm_hosts_total 4']);
  clock.advance(2);
  const { status, text } = await scrape();
  assert.equal(status, 200);
  assert.doesNotMatch(text, /rm_hosts?_|locked/);
  assert.deepEqual(series(text, 'rm_active_alerts').length, 3);
  assert.deepEqual(series(text, 'rm_job_duration_seconds_count'), [
    'rm_job_duration_seconds_count{kind="backup",status="succeeded"} 1',
  ]);
});

test('jobs that end while pages are rendered are counted once each, and no page contradicts itself', async (t) => {
  const { jobFinished, scrape } = host(t);
  const pages: ReturnType<typeof scrape>[] = [];
  for (let n = 0; n < 1_000; n++) {
    jobFinished('backup', 'succeeded', n % 7);
    if (n % 100 === 0) pages.push(scrape());
    if (n % 30 === 0) await new Promise(setImmediate);
  }
  const counts = [...(await Promise.all(pages)), await scrape()].map(({ text }) =>
    ['bucket\\{.*le="\\+Inf"', 'count\\{.*'].map((end) =>
      Number(new RegExp(`^rm_job_duration_seconds_${end}\\} (\\d+)$`, 'm').exec(text)?.[1]),
    ),
  );
  for (const [infinite, count] of counts) assert.equal(infinite, count);
  assert.equal(counts.at(-1)?.[1], 1_000);
});

test('a fleet of 100 hosts: 700 host rows, and 324 histogram rows at most, 270 of them buckets', async (t) => {
  const fleet = Array.from({ length: 100 }, (_, at) => ({
    ...full,
    id: `01ARZ3NDEKTSV4RRFFQ69G5${100 + at}`,
    name: `host-${at}`,
  }));
  const { jobFinished, scrape } = host(t, { hosts: () => fleet });
  for (const kind of kinds) for (const status of statuses) jobFinished(kind, status, 42);
  const lines = (await scrape()).text.split('\n');
  const rows = (pattern: RegExp) => lines.filter((line) => pattern.test(line)).length;
  assert.equal(rows(PER_HOST), 700);
  assert.equal(rows(/^rm_job_duration_seconds_(bucket|sum|count)\{/), 324);
  assert.equal(rows(/^rm_job_duration_seconds_bucket\{/), 270);
  assert.equal(rows(/^rm_(hosts_total|hosts_online|active_alerts|build_info)[ {]/), 6);
  assert.equal(rows(/^rm_/), 1_030);
  assert.equal(rows(/job_id/), 0);
});

test('detached: the probes are not asked any more', async (t) => {
  let asked = 0;
  const { bridge } = testBridge(resticManager);
  t.after(() => bridge.close());
  const { detach } = resticManagerRecorder(
    bridge,
    probes({
      hosts() {
        asked++;
        return [];
      },
    }),
  );
  await bridge.refresh();
  detach();
  await bridge.refresh();
  assert.equal(asked, 1);
});

test('a job whose duration is no number is refused', async (t) => {
  const { jobFinished, scrape } = host(t);
  for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, 'x', undefined, 5n] as number[])
    jobFinished('backup', 'succeeded', bad);
  assert.deepEqual(series((await scrape()).text, 'rm_job_duration_seconds'), []);
});
