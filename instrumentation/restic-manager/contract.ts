/** restic-manager's contract: every series of its metric reference, in the order of that page. */
import { contract, gauge, histogram, identity, info, oneOf } from '../../src/index.ts';

/** Maximum number of hosts of one fleet: series of further hosts are refused, and the self-metrics count them. */
const HOSTS_AT_MOST = 1_000;

/** The stable ULID first: it identifies the host. The readable name may change, and two hosts may share one. */
const hostLabels = { host_id: identity({ limit: HOSTS_AT_MOST }), host: identity({ limit: HOSTS_AT_MOST }) };

/** 1 s, 5 s, 30 s, 1 min, 5 min, 30 min, 1 h, 6 h, 24 h. */
const JOB_BOUNDS_S = [1, 5, 30, 60, 300, 1_800, 3_600, 21_600, 86_400];

export const resticManager = contract(
  'rm',
  {
    hostsTotal: gauge({
      observed: true,
      unit: '{host}',
      help: 'Enrolled hosts; those that only announced themselves do not count.',
    }),
    hostsOnline: gauge({ observed: true, unit: '{host}', help: 'Enrolled hosts whose agent is online.' }),
    activeAlerts: gauge({
      observed: true,
      unit: '{alert}',
      help: 'Open alerts, by severity.',
      labels: { severity: oneOf('info', 'warning', 'critical') },
    }),
    buildInfo: info({
      help: 'The running control plane, always 1; go_version is the version of its runtime.',
      labels: { version: identity(), commit: identity(), go_version: identity() },
    }),
    hostAgentOnline: gauge({ observed: true, help: 'Whether the agent of a host is online: 1 or 0.', labels: hostLabels }),
    hostLastBackupTimestamp: gauge({
      observed: true,
      unit: 's',
      help: 'When the latest backup of a host ended, in seconds since 1970; absent without a backup.',
      labels: hostLabels,
    }),
    hostLastBackupSuccess: gauge({
      observed: true,
      help: 'Whether the latest backup of a host succeeded: 1 or 0; absent without a backup.',
      labels: hostLabels,
    }),
    hostRepoSize: gauge({
      observed: true,
      unit: 'By',
      help: "Size of a host's repository as restic stats counts its raw data; absent when unknown.",
      labels: hostLabels,
    }),
    hostSnapshotCount: gauge({
      observed: true,
      unit: '{snapshot}',
      help: "Snapshots in a host's repository.",
      labels: hostLabels,
    }),
    hostOpenAlerts: gauge({ observed: true, unit: '{alert}', help: 'Open alerts about a host.', labels: hostLabels }),
    hostRepoStatus: gauge({
      observed: true,
      help: "State of a host's repository, always 1: each host has exactly one.",
      labels: { ...hostLabels, status: oneOf('unknown', 'ready', 'init_failed') },
    }),
    jobDuration: histogram({
      unit: 's',
      help: 'Time of finished jobs since the control plane started.',
      bounds: JOB_BOUNDS_S,
      labels: {
        kind: oneOf('backup', 'forget', 'prune', 'check', 'unlock', 'restore', 'diff', 'init', 'update'),
        status: oneOf('succeeded', 'failed', 'cancelled'),
      },
    }),
  },
  // Both names are those of the host's document.
  { accepts: { rm_hosts_total: ['total-suffix'], rm_host_snapshot_count: ['count-suffix'] } },
);

export default resticManager;
