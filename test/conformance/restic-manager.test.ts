/**
 * A real Prometheus scrapes restic-manager behind both its gates, as an operator would configure it, and answers its dashboard's
 * questions.
 */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { resolveResticManagerMetrics, resticManager, resticManagerRecorder } from '../../instrumentation/restic-manager/index.ts';
import type { Access } from '../../src/access.ts';
import { meterbridge } from '../../src/index.ts';
import { until } from '../until.ts';
import { inReverse } from './in-reverse.ts';
import { requirePeer } from './peers.ts';
import { startPrometheus } from './prometheus.ts';

const host = { online: true, snapshots: 3, openAlerts: 0, repoStatus: 'ready' } as const;
const hosts = [
  {
    ...host,
    id: '01ARZ3NDEKTSV4RRFFQ69G5FAV',
    name: 'web',
    lastBackup: { endedMs: 1_775_046_600_000, succeeded: true },
    repoBytes: 2 ** 40,
  },
  {
    ...host,
    id: '01BX5ZZKBKACTAV9WEVGEMMVRZ',
    name: 'db',
    lastBackup: { endedMs: 1_775_046_600_000, succeeded: false },
    online: false,
  },
  { ...host, id: '01CQ7T4KJ8V3R5M2N9XW6YZ0AB', name: 'new', snapshots: 0 },
];
const queries: readonly [promql: string, value: string][] = [
  ['up', '1'],
  ['rm_hosts_online / rm_hosts_total', '0.6666666666666666'],
  ['sum(rm_active_alerts)', '2'],
  ['rm_active_alerts{severity="critical"}', '2'],
  ['max(rm_host_repo_size_bytes)', '1099511627776'],
  ['count(rm_host_last_backup_success == 0)', '1'],
  ['count(rm_host_repo_status)', '3'],
  ['max(rm_host_last_backup_timestamp_seconds)', '1775046600'],
  // Four of 5 s, inclusive: three quarters of the way into the bucket from 1 to 5.
  ['histogram_quantile(0.75, sum by (le) (rm_job_duration_seconds_bucket))', '4'],
  // Of hosts: agent 3, backups 2 + 2, size 1, snapshots 3, alerts 3, status 3; of the control plane 2 + 3 + 1; of jobs 12.
  ['scrape_samples_scraped', '35'],
];

async function startDaemon(atEnd: ReturnType<typeof inReverse>, ranges = '127.0.0.0/8') {
  const bridge = meterbridge(resticManager, { isolated: true, env: {}, log: () => {}, push: false });
  atEnd(bridge.close);
  const probes = { hosts: () => hosts, activeAlerts: () => ({ critical: 2 }), version: '1.0.0', commit: 'ccd14f7cee' };
  const { jobFinished } = resticManagerRecorder(bridge, probes);
  for (let job = 0; job < 4; job++) jobFinished('backup', 'succeeded', 5);
  const refused = new Set<string>();
  const { access } = resolveResticManagerMetrics({}, { RM_METRICS_TOKEN: 's3cret', RM_METRICS_TRUSTED_CIDR: ranges });
  const { url } = await bridge.listen('127.0.0.1:0', {
    access: access as Access,
    onRefused: ({ reason }) => void refused.add(reason),
  });
  return { url, refused };
}

test('Prometheus: restic-manager lets it in with the token, and its dashboard has what it asks for', async (t: TestContext) => {
  const binary = requirePeer(t, 'prometheus');
  if (binary === undefined) return;
  const atEnd = inReverse(t);
  const { url, refused } = await startDaemon(atEnd);
  const prometheus = await startPrometheus(t, binary, url, 's3cret');
  atEnd(prometheus.stop);
  const at = await prometheus.scraped();
  for (const [promql, value] of queries)
    assert.deepEqual(
      (await prometheus.query(promql, at)).map((result) => result.value),
      [value],
      promql,
    );
  assert.equal(refused.size, 0);
});

for (const [name, token, ranges, reason] of [
  ['another token', 's3cre', undefined, 'wrong'],
  ['no token', undefined, undefined, 'missing'],
  ['the token, from elsewhere', 's3cret', '10.0.0.0/8,fd00::/8', 'address'],
] as const) {
  test(`Prometheus: restic-manager refuses it with ${name}`, async (t: TestContext) => {
    const binary = requirePeer(t, 'prometheus');
    if (binary === undefined) return;
    const atEnd = inReverse(t);
    const { url, refused } = await startDaemon(atEnd, ranges);
    const prometheus = await startPrometheus(t, binary, url, token);
    atEnd(prometheus.stop);
    await until('refused', async () => refused.size > 0 && (await prometheus.query('up'))[0]?.value === '0');
    assert.deepEqual([...refused], [reason]);
    assert.deepEqual(await prometheus.query('rm_hosts_total'), []);
  });
}
