/**
 * Connects restic-manager, through functions that the host passes in, with the contract's series. Of jobs it keeps only the
 * histogram.
 */
import { durationOf, publicFunctions } from '../../src/host.ts';
import type { Bridge, LabelValues } from '../../src/index.ts';
import type { resticManager } from './contract.ts';

type Metrics = (typeof resticManager)['metrics'];
export type Severity = LabelValues<Metrics['activeAlerts']['labels']>['severity'];
export type RepoStatus = LabelValues<Metrics['hostRepoStatus']['labels']>['status'];
export type JobKind = LabelValues<Metrics['jobDuration']['labels']>['kind'];
export type JobStatus = LabelValues<Metrics['jobDuration']['labels']>['status'];

/** An enrolled host. */
export interface HostReading {
  /** Its ULID, which never changes. */
  readonly id: string;
  /** Readable, and may change. */
  readonly name: string;
  readonly online: boolean;
  /** The latest backup; absent if there was none. */
  readonly lastBackup?: { readonly endedMs: number; readonly succeeded: boolean } | undefined;
  /** Raw data of the repository in bytes; absent when unknown. */
  readonly repoBytes?: number | undefined;
  readonly snapshots: number;
  readonly openAlerts: number;
  readonly repoStatus: RepoStatus;
}

type Awaitable<T> = T | Promise<T>;

/** The functions that each collection calls. One that throws affects only its own series: their last good values are served. */
export interface ResticManagerProbes {
  /** Enrolled hosts only, pending announces excluded. */
  hosts(): Awaitable<readonly HostReading[]>;
  /** Open alerts; a severity that is left out has none. */
  activeAlerts(): Awaitable<Readonly<Partial<Record<Severity, number>>>>;
  /** The control plane's own version, and the commit that it was built from. */
  readonly version: string;
  readonly commit: string;
  /** Shown as `go_version`, a name that dashboards use. Default: `process.version`. */
  readonly runtime?: string;
}

export interface ResticManagerRecorder {
  /**
   * A job has ended. A negative duration, from a clock that was set back, counts as 0; a duration that is not a number is refused
   * and counted.
   */
  jobFinished(kind: JobKind, status: JobStatus, seconds: number): void;
  /** Stops calling the probes. */
  detach(): void;
}

/**
 * Records a restic-manager through `bridge`.
 *
 * @throws MeterbridgeError `OBSERVE_MISUSE` when a recorder is attached already
 */
export function resticManagerRecorder(
  bridge: Pick<Bridge<typeof resticManager>, 'metrics' | 'observe'>,
  probes: ResticManagerProbes,
): ResticManagerRecorder {
  const { metrics } = bridge;
  metrics.buildInfo.set({ version: probes.version, commit: probes.commit, go_version: probes.runtime ?? process.version });
  const perHost = [
    metrics.hostAgentOnline,
    metrics.hostLastBackupTimestamp,
    metrics.hostLastBackupSuccess,
    metrics.hostRepoSize,
    metrics.hostSnapshotCount,
    metrics.hostOpenAlerts,
    metrics.hostRepoStatus,
  ];
  const detach = [
    // One reading for all of them: the fleet's numbers and its hosts' always agree.
    bridge.observe([metrics.hostsTotal, metrics.hostsOnline, ...perHost], async (seen) => {
      const hosts = await probes.hosts();
      seen.set(metrics.hostsTotal, hosts.length);
      seen.set(metrics.hostsOnline, hosts.filter(({ online }) => online).length);
      for (const { id, name, online, lastBackup, repoBytes, snapshots, openAlerts, repoStatus } of hosts) {
        const labels = { host_id: id, host: name };
        seen.set(metrics.hostAgentOnline, Number(online), labels);
        if (lastBackup !== undefined) {
          seen.set(metrics.hostLastBackupTimestamp, Math.floor(lastBackup.endedMs / 1_000), labels);
          seen.set(metrics.hostLastBackupSuccess, Number(lastBackup.succeeded), labels);
        }
        if (repoBytes !== undefined) seen.set(metrics.hostRepoSize, repoBytes, labels);
        seen.set(metrics.hostSnapshotCount, snapshots, labels);
        seen.set(metrics.hostOpenAlerts, openAlerts, labels);
        seen.set(metrics.hostRepoStatus, 1, { ...labels, status: repoStatus });
      }
    }),
    metrics.activeAlerts.observe(async (seen) => {
      const open = await probes.activeAlerts();
      for (const severity of ['info', 'warning', 'critical'] as const) seen.set(open[severity] ?? 0, { severity });
    }),
  ];
  return Object.freeze({
    jobFinished: (kind: JobKind, status: JobStatus, seconds: number) =>
      metrics.jobDuration.record(durationOf(seconds), { kind, status }),
    detach() {
      for (const stop of detach) stop();
    },
  });
}

publicFunctions(resticManagerRecorder);
