/** A foreign program as a child process: what it has printed so far, and its orderly end. */
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Child {
  stdout(): string;
  stderr(): string;
  /** SIGTERM, and resolves when the process is gone. Safe to call twice. */
  stop(): Promise<void>;
  /** Resolves once `condition` holds; rejects with the program's last words when it ends before that, or after `deadlineMs`. */
  until(what: string, condition: () => boolean | Promise<boolean>, deadlineMs?: number): Promise<void>;
}

const pollMs = 50;
/** Generous: it only bounds how long a broken set-up hangs. */
const defaultDeadlineMs = 180_000;
const killAfterMs = 10_000;

export function startChild(command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Child {
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const text = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text.stdout += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    text.stderr += chunk;
  });
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

  return Object.freeze({
    stdout: () => text.stdout,
    stderr: () => text.stderr,
    async stop() {
      if (gone) return;
      child.kill('SIGTERM');
      const kill = setTimeout(() => child.kill('SIGKILL'), killAfterMs);
      await end;
      clearTimeout(kill);
    },
    async until(what: string, condition: () => boolean | Promise<boolean>, deadlineMs = defaultDeadlineMs) {
      const deadline = Date.now() + deadlineMs;
      while (!(await condition())) {
        const words = () => `${command}: ${text.stderr.slice(-2_000)}`;
        if (gone) throw new Error(`ended before ${what}: ${words()}`);
        if (Date.now() > deadline) throw new Error(`still not ${what} after ${deadlineMs} ms: ${words()}`);
        await sleep(pollMs);
      }
    },
  });
}

/** Ports that are free now, for programs that cannot tell which port they got when asked for port 0. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
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
