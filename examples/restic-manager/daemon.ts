/** Puts a restic-manager together: its parts first, then its door, and only then its work. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mountResticManagerMetrics, resticManager, resticManagerRecorder } from '../../instrumentation/restic-manager/index.ts';
import { meterbridge } from '../../src/index.ts';
import type { RunningHost } from '../host.ts';
import { createApi } from './api.ts';
import type { ResticManagerConfig } from './config.ts';
import { type Host, openFleetStore } from './fleet-store.ts';
import { createJobs } from './jobs.ts';

export interface DaemonOptions {
  readonly version: string;
  readonly commit: string;
  readonly log: (line: string) => void;
}

/** @throws when the listener cannot be opened; no job has been started then. */
export async function startDaemon(
  config: ResticManagerConfig,
  { version, commit, log }: DaemonOptions,
): Promise<RunningHost & { close(): Promise<void> }> {
  const clock = Date.now;
  const bridge = meterbridge(resticManager, { log });
  const passwordFile = preparedFolder(config.data);
  const store = openFleetStore(config.data, config.hosts, clock);
  const { jobFinished } = resticManagerRecorder(bridge, {
    hosts: () =>
      store
        .hosts()
        .filter(({ enrolled }) => enrolled === 1)
        .map(readingOf),
    activeAlerts: () => store.alerts(),
    version,
    commit,
  });
  const { everyMs, keep, metrics } = config;
  const jobs = createJobs({ store, passwordFile, everyMs, keep, clock, log, onFinished: jobFinished });
  const app = createApi({ gate: config.api, store, jobs });

  async function close(): Promise<void> {
    await app.close();
    await jobs.stop();
    // The last push still asks the inventory.
    await bridge.close();
    store.close();
  }

  try {
    const onRefused = ({ reason, client }: { reason: string; client: string | undefined }) =>
      log(`/metrics: ${client} refused (${reason})`);
    await mountResticManagerMetrics({ app, bridge, config: metrics, onRefused });
    const main = await app.listen({ host: config.host, port: config.port });
    jobs.start();
    if (config.api === undefined) log('no token: there is no API; set RM_TOKEN or token');
    return Object.freeze({ main, metrics: metrics.access === undefined ? undefined : `${main}/metrics`, close });
  } catch (error) {
    await close();
    throw error;
  }
}

/** Makes the data folder, with a password for its repositories; returns the password's file. */
function preparedFolder(data: string): string {
  mkdirSync(join(data, 'repos'), { recursive: true, mode: 0o700 });
  const file = join(data, 'password');
  if (!existsSync(file)) writeFileSync(file, randomBytes(32).toString('hex'), { mode: 0o600 });
  return file;
}

function readingOf({ id, name, folder, repoStatus, lastBackupMs, lastBackupOk, repoBytes, snapshots, openAlerts }: Host) {
  return {
    id,
    name,
    online: existsSync(folder),
    lastBackup: lastBackupMs === null ? undefined : { endedMs: lastBackupMs, succeeded: lastBackupOk === 1 },
    repoBytes: repoBytes ?? undefined,
    snapshots,
    openAlerts,
    repoStatus,
  };
}
