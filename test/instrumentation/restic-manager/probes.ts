/** A restic-manager in a stated state. */
import type { HostReading, ResticManagerProbes } from '../../../instrumentation/restic-manager/index.ts';

/** 2026-04-01T12:30:00.999Z. */
const backupMs = 1_775_046_600_999;

/** Four hosts, of which two share a name, one has no backup yet, and one has a repository that could not be made. */
export const hosts: readonly HostReading[] = [
  {
    id: '01DRA5H2X1C7Q8E4T6GJ9KMNPS',
    name: 'web-1',
    online: false,
    snapshots: 0,
    openAlerts: 1,
    repoStatus: 'init_failed',
  },
  {
    id: '01ARZ3NDEKTSV4RRFFQ69G5FAV',
    name: 'web-1',
    online: true,
    lastBackup: { endedMs: backupMs, succeeded: true },
    repoBytes: 2 ** 50,
    snapshots: 42,
    openAlerts: 0,
    repoStatus: 'ready',
  },
  {
    id: '01CQ7T4KJ8V3R5M2N9XW6YZ0AB',
    name: 'db',
    online: true,
    repoBytes: 0,
    snapshots: 0,
    openAlerts: 0,
    repoStatus: 'unknown',
  },
  {
    id: '01BX5ZZKBKACTAV9WEVGEMMVRZ',
    name: 'weird"host\\name',
    online: false,
    lastBackup: { endedMs: backupMs - 86_400_000, succeeded: false },
    snapshots: 7,
    openAlerts: 2,
    repoStatus: 'ready',
  },
];

export function probes(changes: Partial<ResticManagerProbes> = {}): ResticManagerProbes {
  return {
    hosts: () => hosts,
    activeAlerts: () => ({ warning: 2, critical: 1 }),
    version: '2026.5.1',
    commit: 'ccd14f7cee',
    runtime: 'v24.9.0',
    ...changes,
  };
}
