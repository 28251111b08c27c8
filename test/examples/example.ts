/** An example host as a process of its own, as an operator runs it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { lastWords } from '../last-words.ts';
import { DEADLINE_MS, until } from '../until.ts';

const RUN = fileURLToPath(new URL('../../examples/run.ts', import.meta.url));
/** More than a restic reads before anybody has cut it off. */
const ENDLESS_BYTES = 2 ** 36;

export interface Example {
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** The line that it prints once it listens. */
  ready(): Promise<{ ready: true; main: string; metrics: string | null }>;
  /** SIGTERM, and its exit code. One that does not end within five minutes is ended by force, and has none. */
  stop(): Promise<number | null>;
  /** SIGKILL: a crash. */
  kill(): Promise<number | null>;
  /** Its exit code. */
  readonly ended: Promise<number | null>;
}

export function startExample(t: TestContext, args: readonly string[], env: Readonly<Record<string, string>> = {}): Example {
  const child = spawn(process.execPath, [RUN, ...args], { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const text = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text.stdout += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    text.stderr += chunk;
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  const stop = async () => {
    child.kill('SIGTERM');
    const kill = setTimeout(() => child.kill('SIGKILL'), DEADLINE_MS);
    const code = await ended;
    clearTimeout(kill);
    return code;
  };
  t.after(() => (hasEnded() ? undefined : stop()));
  lastWords(t, args.join(' '), () => text.stderr);
  return {
    stdout: () => text.stdout,
    stderr: () => text.stderr,
    async ready() {
      await until('ready', () => text.stdout.includes('\n') || hasEnded());
      if (!text.stdout.includes('\n')) throw new Error(`ended before it was ready: ${text.stderr}`);
      return JSON.parse(text.stdout);
    },
    stop,
    kill() {
      child.kill('SIGKILL');
      return ended;
    },
    ended,
  };
}

/** Variables by which a host pushes, as it ends, in what the demonstration's capture reads. */
export function pushingTo(endpoint: string) {
  return {
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: 'http/json',
    OTEL_METRIC_EXPORT_INTERVAL: '600000',
  };
}

/** A new folder with one file in it; returns both paths. */
export function folderWith(t: TestContext, name: string, contents: string): { folder: string; file: string } {
  const folder = mkdtempSync(join(tmpdir(), 'example-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, name);
  writeFileSync(file, contents);
  return { folder, file };
}

/** A port of 127.0.0.1 at which this process listens while the test runs. */
export async function takenPort(t: TestContext): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** A large file that takes no room: what reads it has enough to do until it is cut off. */
export function endless(file: string): string {
  writeFileSync(file, '');
  truncateSync(file, ENDLESS_BYTES);
  return file;
}

/** Ended, also when nobody has asked yet how: its parent is gone as well, and whoever takes its place may never ask. */
export function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return process.platform === 'linux' && /\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch (error) {
    return ['ESRCH', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '');
  }
}
