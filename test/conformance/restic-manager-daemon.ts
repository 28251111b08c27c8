/** A restic-manager whose fleet, jobs and clock are played by a generator; with it, from its document, what must arrive. */
import { type HostReading, resticManager, resticManagerRecorder } from '../../instrumentation/restic-manager/index.ts';
import { expectedOf } from './expected-of.ts';
import { type PlayedDaemon, startBridge } from './played-daemon.ts';
import type { Random } from './random.ts';
import { ownRoad } from './roads.ts';
import { seriesKey } from './series.ts';

const kinds = ['backup', 'forget', 'prune', 'check', 'unlock', 'restore', 'diff', 'init', 'update'] as const;
const statuses = ['succeeded', 'failed', 'cancelled'] as const;
const repoStatuses = ['unknown', 'ready', 'init_failed', 'ready'] as const;
const ids = [
  '01ARZ3NDEKTSV4RRFFQ69G5FAV',
  '01BX5ZZKBKACTAV9WEVGEMMVRZ',
  '01CQ7T4KJ8V3R5M2N9XW6YZ0AB',
  '01DRA5H2X1C7Q8E4T6GJ9KMNPS',
];
/** Two days: beyond the last bound. */
const longestJobS = 172_800;

/** @param endpoint of a Collector; without it nothing is pushed */
export async function startResticManagerDaemon(random: Random, endpoint?: string, road = ownRoad): Promise<PlayedDaemon> {
  let hosts: HostReading[] = [];
  const names = ['web', 'db "blue"', 'résumé\\new\nline', 'web'];
  let alerts = { info: 0, warning: 0, critical: 0 };
  const finished = new Map<string, number>();

  const { bridge, clock, daemon } = await startBridge(resticManager, { endpoint, road });
  const recorder = resticManagerRecorder(bridge, {
    hosts: () => hosts,
    activeAlerts: () => alerts,
    version: '0.9.1+weird"\\',
    commit: 'ccd14f7cee',
  });

  function finish(kind: (typeof kinds)[number], status: (typeof statuses)[number]): void {
    recorder.jobFinished(kind, status, random.next() * longestJobS);
    const key = seriesKey('rm_job_duration_seconds_count', Object.entries({ kind, status }));
    finished.set(key, (finished.get(key) ?? 0) + 1);
  }

  return Object.freeze({
    ...daemon,
    truth: () =>
      new Map([
        ...finished,
        ['rm_hosts_total{}', hosts.length],
        ['rm_hosts_online{}', hosts.filter(({ online }) => online).length],
        ...Object.entries(alerts).map(([severity, open]): [string, number] => [`rm_active_alerts{severity="${severity}"}`, open]),
        ...hosts.map(({ id, name, snapshots }): [string, number] => {
          return [seriesKey('rm_host_snapshot_count', Object.entries({ host_id: id, host: name })), snapshots];
        }),
      ]),
    run(steps: number) {
      for (const kind of kinds) for (const status of statuses) finish(kind, status);
      for (let i = 0; i < steps; i++) finish(random.pick(kinds), random.pick(statuses));
      alerts = { info: random.between(0, 9), warning: random.between(0, 9), critical: random.between(0, 9) };
      hosts = ids.map((id, at) => ({
        id,
        name: names[at] as string,
        online: random.next() < 0.5,
        ...(at === 0 ? {} : { lastBackup: { endedMs: clock() - random.between(0, 100_000), succeeded: random.next() < 0.5 } }),
        ...(at === 1 ? {} : { repoBytes: random.between(0, 2 ** 50) }),
        snapshots: random.between(0, 1_000),
        openAlerts: random.between(0, 9),
        repoStatus: repoStatuses[at] ?? 'unknown',
      }));
    },
    /** A host is renamed, another one removed, and a third one's repository size is not known any more. */
    lose() {
      const [first, , third, fourth] = hosts as [HostReading, HostReading, HostReading, HostReading];
      names[0] = 'renamed';
      hosts = [{ ...first, name: names[0] }, { ...third, repoBytes: undefined }, fourth];
    },
  });
}

export const expectedOfResticManager = expectedOf(resticManager, 'rm', [
  ['rm.hosts.total', 'rm_hosts_total', 'gauge', '{host}'],
  ['rm.hosts.online', 'rm_hosts_online', 'gauge', '{host}'],
  ['rm.active.alerts', 'rm_active_alerts', 'gauge', '{alert}'],
  ['rm.build.info', 'rm_build_info', 'info', ''],
  ['rm.host.agent.online', 'rm_host_agent_online', 'gauge', ''],
  ['rm.host.last.backup.timestamp', 'rm_host_last_backup_timestamp_seconds', 'gauge', 's'],
  ['rm.host.last.backup.success', 'rm_host_last_backup_success', 'gauge', ''],
  ['rm.host.repo.size', 'rm_host_repo_size_bytes', 'gauge', 'By'],
  ['rm.host.snapshot.count', 'rm_host_snapshot_count', 'gauge', '{snapshot}'],
  ['rm.host.open.alerts', 'rm_host_open_alerts', 'gauge', '{alert}'],
  ['rm.host.repo.status', 'rm_host_repo_status', 'gauge', ''],
  ['rm.job.duration', 'rm_job_duration_seconds', 'histogram', 's', [1, 5, 30, 60, 300, 1_800, 3_600, 21_600, 86_400]],
]);
