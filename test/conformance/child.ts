/** A foreign program as a child process: what it has printed so far, and its orderly end. */
import { spawn } from 'node:child_process';
import type { TestContext } from 'node:test';
import { lastWords } from '../last-words.ts';
import { until } from '../until.ts';

export interface Child {
  readonly pid: number | undefined;
  stdout(): string;
  stderr(): string;
  /** SIGTERM, and resolves when the process is gone. Safe to call twice. */
  stop(): Promise<void>;
  /** SIGKILL, and resolves when the process is gone. */
  kill(): Promise<void>;
  /** Resolves once `condition` holds; rejects with the program's last words when it ends before that, or as `until` does. */
  until(what: string, condition: () => boolean | Promise<boolean>): Promise<void>;
}

/** Generous: what ends later than that has no data that anybody reads. */
const killAfterMs = 60_000;

/** Ends with the test at the latest. When that fails, what the program had said on standard error is in its report. */
export function startChild(
  t: TestContext,
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Child {
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const text = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text.stdout += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    text.stderr += chunk;
  });
  lastWords(t, command, () => text.stderr);
  let gone = false;
  const end = new Promise<void>((resolve) => {
    child.once('error', (error) => {
      text.stderr += error.message;
    });
    child.once('close', () => {
      gone = true;
      resolve();
    });
  });

  async function stop(): Promise<void> {
    if (gone) return;
    child.kill('SIGTERM');
    const kill = setTimeout(() => child.kill('SIGKILL'), killAfterMs);
    await end;
    clearTimeout(kill);
  }
  t.after(stop);

  return Object.freeze({
    pid: child.pid,
    async kill() {
      child.kill('SIGKILL');
      await end;
    },
    stdout: () => text.stdout,
    stderr: () => text.stderr,
    stop,
    until: (what: string, condition: () => boolean | Promise<boolean>) =>
      until(what, async () => {
        if (await condition()) return true;
        if (gone) throw new Error(`${command} ended before ${what}: ${text.stderr.slice(-2_000)}`);
        return false;
      }),
  });
}

/** Body of an answer with status 200; undefined while nobody answers, or with another status. */
export async function bodyOf(url: string, init?: RequestInit): Promise<string | undefined> {
  try {
    const answer = await fetch(url, init);
    const body = await answer.text();
    return answer.status === 200 ? body : undefined;
  } catch {
    return undefined;
  }
}
