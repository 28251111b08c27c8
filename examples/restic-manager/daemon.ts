/** Starts a restic-manager: its parts first, then its listener, then its work. */
import { existsSync } from 'node:fs';
import { mountResticManagerMetrics, resticManager, resticManagerRecorder } from '../../instrumentation/restic-manager/index.ts';
import { MeterbridgeError, meterbridge } from '../../src/index.ts';
import { createBookkeeping } from '../bookkeeping.ts';
import { fromData } from '../database.ts';
import type { Host } from '../host.ts';
import { noted } from '../left-behind.ts';
import { openMain } from '../listen.ts';
import { createApi } from './api.ts';
import { loadConfig } from './config.ts';
import { DATABASE_NAME, openFleetStore, type Host as ResticHost } from './fleet-store.ts';
import { createJobs } from './jobs.ts';
import { openRestic, resticProblem } from './restic.ts';

const VERSION = '0.1.0';
/** It runs from source. */
const COMMIT = 'none';

export const start: Host = async (args, { log, closing }) => {
  const config = loadConfig(args, process.env);
  const missing = resticProblem();
  if (missing !== undefined) throw new MeterbridgeError('HOST_CONFIG_INVALID', [missing]);
  const { metrics, api } = config;
  const bridge = meterbridge(resticManager, { log });
  const store = fromData(config.data, DATABASE_NAME, () => openFleetStore(config.data, config.hosts, Date.now));
  closing.defer(store.close);
  // The last push still queries the inventory.
  closing.defer(() => bridge.close());
  const enrolled = () => store.hosts().filter((host) => host.enrolled === 1);
  const { jobFinished } = resticManagerRecorder(bridge, {
    hosts: () => enrolled().map(readingOf),
    activeAlerts: store.alerts,
    version: VERSION,
    commit: COMMIT,
  });
  const books = createBookkeeping(log);
  closing.defer(books.close);
  const restic = fromData(config.data, DATABASE_NAME, () => openRestic(config.data, noted(store.processes, books)));
  const jobs = createJobs(config, store, books, restic, log, jobFinished);
  closing.defer(jobs.stop);
  const app = createApi(api, store, jobs);
  closing.defer(() => app.close());

  const onRefused = ({ reason, client }: { reason: string; client: string | undefined }) =>
    log(`/metrics: ${client} refused (${reason})`);
  await mountResticManagerMetrics({ app, bridge, config: metrics, onRefused });
  const main = await openMain(app, config, { host: '--host', port: '--port' });
  jobs.start();
  if (api === undefined) log('no token: there is no API; set RM_TOKEN or token');
  return { main, metrics: metrics.access === undefined ? undefined : `${main}/metrics` };
};

function readingOf({ id, name, folder, repoStatus, lastBackupMs, lastBackupOk, repoBytes, snapshots, openAlerts }: ResticHost) {
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
