/** The `restic` program: found on the PATH, run on one repository at a time, its JSON read. */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Problem } from '../../src/index.ts';
import type { Processes } from '../left-behind.ts';
import { startProcess } from '../process.ts';

export type Restic = ReturnType<typeof openRestic>;

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

/** Keeps its repositories in the data folder, which it makes, with a password. `processes` notes the processes that use them. */
export function openRestic(data: string, processes: Pick<Processes, 'begun' | 'ended'>) {
  mkdirSync(join(data, 'repos'), { recursive: true, mode: 0o700 });
  const passwordFile = join(data, 'password');
  if (!existsSync(passwordFile)) writeFileSync(passwordFile, randomBytes(32).toString('hex'), { mode: 0o600 });

  /** Runs one command to its end; `lastLine` is the last line of its standard error. Never rejects. */
  async function run(repo: string, args: readonly string[], signal: AbortSignal) {
    // The environment is restic's own, without the daemon's tokens.
    const env = { PATH: process.env.PATH, RESTIC_REPOSITORY: repo, RESTIC_PASSWORD_FILE: passwordFile };
    // Without a cache nothing is written outside the data folder.
    const words = ['restic', '--no-cache', '--json', ...args];
    // At SIGINT restic removes its lock.
    const restic = startProcess(words, { env, processes, signal, toEnd: 'SIGINT' });
    const text = { stdout: '', stderr: '' };
    restic.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text.stdout += chunk;
      if (text.stdout.length > MOST_OUTPUT) restic.kill('SIGKILL');
    });
    restic.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      text.stderr = `${text.stderr}${chunk}`.slice(-1_000);
    });
    const { code, how, error } = await restic.ended;
    if (error === undefined) await restic.closed;
    return { ok: code === 0, stdout: text.stdout, lastLine: text.stderr.trim().split('\n').at(-1) || how };
  }

  async function readJson(repo: string, args: readonly string[], signal: AbortSignal): Promise<unknown> {
    const { ok, stdout } = await run(repo, args, signal);
    if (!ok) return undefined;
    try {
      return JSON.parse(stdout) ?? [];
    } catch {
      return undefined;
    }
  }

  return Object.freeze({
    run,
    /**
     * How many snapshots, and bytes of raw data: what the repository takes on disk, deduplicated. Undefined when restic cannot
     * determine them.
     */
    async measure(repo: string, signal: AbortSignal): Promise<{ snapshots: number; bytes: number } | undefined> {
      const [list, stats] = await Promise.all([
        readJson(repo, ['snapshots'], signal),
        readJson(repo, ['stats', '--mode', 'raw-data'], signal),
      ]);
      const bytes = typeof stats === 'object' && stats !== null && 'total_size' in stats ? stats.total_size : undefined;
      return Array.isArray(list) && typeof bytes === 'number' ? { snapshots: list.length, bytes } : undefined;
    },
  });
}
