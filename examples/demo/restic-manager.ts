/** restic-manager: rounds of real backups of two small folders and of a machine that is away. Its API has the results. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { counted } from '../../src/tools/demo/board/words.ts';
import type { Host } from '../restic-manager/fleet-store.ts';
import { type DemoHost, total } from './host.ts';
import { type Samples, seriesOf } from './sample.ts';

const token = randomBytes(16).toString('hex');
const metricsToken = randomBytes(16).toString('hex');
const HERE = fileURLToPath(new URL('.', import.meta.url));

/** `PATH`, and behind it the folder into which `test/conformance/provision.sh` unpacks Debian's restic. */
function searchPath({ PATH = '', METERBRIDGE_PEERS, XDG_CACHE_HOME }: NodeJS.ProcessEnv): string {
  const peers = METERBRIDGE_PEERS || join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'meterbridge-peers');
  return [PATH, join(peers, 'restic/usr/bin')].join(delimiter);
}

export const resticManager: DemoHost = {
  name: 'restic-manager',
  shown: ['rm_host_snapshot_count'],
  moving: /^$/,
  missing() {
    const folders = searchPath(process.env).split(delimiter);
    const found = folders.some((folder) => filesIn(folder).includes('restic'));
    return found ? undefined : 'no restic here: apt-get install restic';
  },
  settings(data) {
    const config = join(data, 'restic-manager.yaml');
    const hosts = [
      { name: 'demo', folder: HERE },
      { name: 'laptop', folder: join(data, 'away') },
      { name: 'notes "and\\more', folder: join(data, 'notes') },
    ];
    mkdirSync(join(data, 'notes'));
    writeFileSync(join(data, 'notes', 'note.txt'), 'A small file.\n');
    writeFileSync(config, stringify({ port: 0, every: '20s', keep: 2, hosts }));
    const env = { RM_TOKEN: token, RM_METRICS_TOKEN: metricsToken, PATH: searchPath(process.env) };
    return {
      args: ['--config', config, '--data', join(data, 'state')],
      env,
      headers: { authorization: `Bearer ${metricsToken}` },
    };
  },
  async open({ main, ended }) {
    async function hosts(): Promise<readonly Host[]> {
      const answer = await fetch(`${main}/api/hosts`, { headers: { authorization: `Bearer ${token}` }, signal: ended });
      return (await answer.json()) as readonly Host[];
    }
    return {
      samples: async () => recordedOf(await hosts()),
      // A round is over: each host's backup has succeeded or failed, and each repository that is there was measured.
      done: (recorded) =>
        [...recorded.keys()].filter((series) => series.startsWith('rm_host_last_backup_success')).length === 3 &&
        total(recorded, 'rm_host_snapshot_count') >= 2,
      life(recorded) {
        const megabytes = (total(recorded, 'rm_host_repo_size_bytes') / 1e6).toFixed(2);
        const failed = [...recorded].filter(
          ([series, value]) => series.startsWith('rm_host_last_backup_success') && value === 0,
        ).length;
        return `${counted(total(recorded, 'rm_host_snapshot_count'), 'snapshot')} in ${megabytes} MB, ${counted(failed, 'host')} whose last backup failed, ${counted(total(recorded, 'rm_host_open_alerts'), 'alert')}`;
      },
      close() {},
    };
  },
};

function filesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function recordedOf(hosts: readonly Host[]): Samples {
  const enrolled = hosts.filter((host) => host.enrolled === 1);
  const samples = new Map<string, number>([['rm_hosts_total', enrolled.length]]);
  for (const { id, name, repoStatus, lastBackupMs, lastBackupOk, repoBytes, snapshots, openAlerts } of enrolled) {
    const labels = [['host_id', id] as const, ['host', name] as const];
    const set = (family: string, value: number | null, more: readonly (readonly [string, string])[] = []): void => {
      if (value !== null) samples.set(seriesOf(family, [...labels, ...more]), value);
    };
    set('rm_host_last_backup_timestamp_seconds', lastBackupMs === null ? null : Math.floor(lastBackupMs / 1_000));
    set('rm_host_last_backup_success', lastBackupOk);
    set('rm_host_repo_size_bytes', repoBytes);
    set('rm_host_snapshot_count', snapshots);
    set('rm_host_open_alerts', openAlerts);
    set('rm_host_repo_status', 1, [['status', repoStatus]]);
  }
  return samples;
}
