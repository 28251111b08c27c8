/** The dashboard of restic-manager's document: six panels, and no alerts, because restic-manager has its own. */
import { resticManager } from '../../instrumentation/restic-manager/index.ts';
import { buckets, type Dashboard, labels, legend, type Panel, series, unitOf } from '../../src/tools/generate/index.ts';

/** The document's quantile and window. */
const QUANTILE = 0.95;
const JOB_WINDOW = '1h';
/** Grafana counts time in milliseconds. */
const MS_A_SECOND = 1_000;

const { hostsOnline, hostsTotal, activeAlerts, jobDuration } = resticManager.metrics;
const { hostLastBackupTimestamp, hostLastBackupSuccess, hostRepoSize, hostSnapshotCount, hostOpenAlerts } = resticManager.metrics;

type PerHost = typeof hostRepoSize;

/** By the host alone: target labels such as `instance` would be columns of the table. */
const perHost = (metric: PerHost) => `max by ${labels(metric, 'host_id', 'host')} (${series(metric)})`;

const panels: readonly Panel[] = [
  {
    type: 'stat',
    title: 'Fleet status',
    description: 'Hosts whose agent is online, and all enrolled hosts.',
    width: 8,
    height: 5,
    queries: [
      { expr: `sum(${series(hostsOnline)})`, legend: 'Online' },
      { expr: `sum(${series(hostsTotal)})`, legend: 'Total' },
    ],
  },
  {
    type: 'stat',
    title: 'Open alerts',
    description: activeAlerts.help,
    width: 8,
    height: 5,
    queries: [
      { expr: `sum by ${labels(activeAlerts, 'severity')} (${series(activeAlerts)})`, legend: legend(activeAlerts, 'severity') },
    ],
    redFrom: 1,
  },
  {
    type: 'stat',
    title: 'Backups failing',
    description: 'Hosts whose latest backup did not succeed. A host without a backup does not count.',
    width: 8,
    height: 5,
    // A comparison to 0 or 1: the sum is 0 when none fails, and absent when nothing is known.
    queries: [{ expr: `sum(${series(hostLastBackupSuccess)} == bool 0)`, legend: 'Hosts' }],
    redFrom: 1,
  },
  {
    type: 'table',
    title: 'Hosts',
    description: 'Latest backup, repository size, snapshots and open alerts of each host. What is unknown is empty.',
    width: 24,
    height: 9,
    keys: { host: 'Host', host_id: 'Id' },
    columns: [
      { title: 'Last backup', expr: `${perHost(hostLastBackupTimestamp)} * ${MS_A_SECOND}`, unit: 'dateTimeFromNow' },
      { title: 'Repository size', expr: perHost(hostRepoSize), unit: unitOf(hostRepoSize) },
      { title: 'Snapshots', expr: perHost(hostSnapshotCount), unit: unitOf(hostSnapshotCount) },
      { title: 'Open alerts', expr: perHost(hostOpenAlerts), unit: unitOf(hostOpenAlerts) },
    ],
  },
  {
    type: 'timeseries',
    title: 'Repository size',
    description: hostRepoSize.help,
    width: 12,
    height: 9,
    unit: unitOf(hostRepoSize),
    queries: [{ expr: perHost(hostRepoSize), legend: legend(hostRepoSize, 'host') }],
  },
  {
    type: 'timeseries',
    title: 'Job duration, p95',
    description: `${QUANTILE * 100} of 100 jobs of a kind that ended within ${JOB_WINDOW} took at most this long.`,
    width: 12,
    height: 9,
    unit: unitOf(jobDuration),
    queries: [
      {
        expr: `histogram_quantile(${QUANTILE}, sum by ${labels(jobDuration, 'le', 'kind')} (rate(${buckets(jobDuration)}[${JOB_WINDOW}])))`,
        legend: legend(jobDuration, 'kind'),
      },
    ],
  },
];

export const resticManagerDashboard: Dashboard = {
  uid: 'restic-manager',
  title: 'restic-manager',
  description: 'Fleet, backups and jobs of a restic-manager. Generated (npm run generate); save a copy to change it.',
  tags: ['restic-manager', 'meterbridge'],
  span: '24h',
  panels,
};
