/** The `restic` program: found on the PATH, run on one repository at a time, its JSON read. */
import { spawnSync } from 'node:child_process';
import type { Problem } from '../../src/index.ts';
import type { Processes } from '../left-behind.ts';
import { startProcess } from '../process.ts';

export interface Repository {
  /** Where it is. */
  readonly path: string;
  readonly passwordFile: string;
  /** Notes who is at work in it. */
  readonly processes: Pick<Processes, 'begun' | 'ended'>;
}

/** Of a large repository's list of snapshots; beyond it the run has failed. */
const MOST_OUTPUT = 16 * 1024 * 1024;

/** What is missing where restic cannot be run, undefined where it can. */
export function resticProblem(): Problem | undefined {
  const { error, status } = spawnSync('restic', ['version'], { stdio: 'ignore' });
  if (error === undefined && status === 0) return undefined;
  const got =
    error === undefined
      ? `exit code ${status}`
      : (error as NodeJS.ErrnoException).code === 'ENOENT'
        ? 'nothing on the PATH'
        : error.message;
  return { at: 'restic', got, rule: 'this example makes real backups with restic', fix: 'apt-get install restic' };
}

/** Runs one command to its end; `said` is what restic said last. Never rejects. The environment is restic's own: it gets to see none of the tokens. */
export async function runRestic({ path, passwordFile, processes }: Repository, args: readonly string[], signal: AbortSignal) {
  const env = { PATH: process.env.PATH, RESTIC_REPOSITORY: path, RESTIC_PASSWORD_FILE: passwordFile };
  // Without a cache nothing is written outside the data folder.
  const restic = startProcess(['restic', '--no-cache', '--json', ...args], { env, processes });
  const text = { stdout: '', stderr: '' };
  restic.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text.stdout += chunk;
    if (text.stdout.length > MOST_OUTPUT) restic.signal('SIGKILL');
  });
  restic.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    text.stderr = `${text.stderr}${chunk}`.slice(-1_000);
  });
  // At which restic removes its lock.
  const interrupt = () => void restic.end('SIGINT');
  if (signal.aborted) interrupt();
  else signal.addEventListener('abort', interrupt);
  const { code, how, error } = await restic.ended;
  signal.removeEventListener('abort', interrupt);
  if (error === undefined) await restic.closed;
  return { ok: code === 0, stdout: text.stdout, said: text.stderr.trim().split('\n').at(-1) || how };
}

/** How many snapshots, and bytes of raw data: what the repository takes on disk, deduplicated. Undefined when restic cannot tell. */
export async function measure(repository: Repository, signal: AbortSignal): Promise<{ snapshots: number; bytes: number } | undefined> {
  const [list, stats] = await Promise.all([
    readJson(repository, ['snapshots'], signal),
    readJson(repository, ['stats', '--mode', 'raw-data'], signal),
  ]);
  const bytes = typeof stats === 'object' && stats !== null && 'total_size' in stats ? stats.total_size : undefined;
  return Array.isArray(list) && typeof bytes === 'number' ? { snapshots: list.length, bytes } : undefined;
}

async function readJson(repository: Repository, args: readonly string[], signal: AbortSignal): Promise<unknown> {
  const { ok, stdout } = await runRestic(repository, args, signal);
  if (!ok) return undefined;
  try {
    return JSON.parse(stdout) ?? [];
  } catch {
    return undefined;
  }
}
