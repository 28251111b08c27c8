/** An example host as a process of its own, as an operator runs it. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const RUN = fileURLToPath(new URL('../../examples/run.ts', import.meta.url));
/** Only bounds how long a broken host hangs: a busy machine takes five times what a quiet one does. */
const DEADLINE_MS = 180_000;

export interface Example {
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** The line that it prints once it listens. */
  ready(): Promise<{ ready: true; main: string; metrics: string | null }>;
  /** SIGTERM, and its exit code. */
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
  const stop = () => {
    child.kill('SIGTERM');
    return ended;
  };
  t.after(async () => {
    if (child.exitCode === null && child.signalCode === null) await stop();
    // What @types/node 24 leaves out.
    if (!(t as { passed?: boolean }).passed) t.diagnostic(`${args.join(' ')} had said:\n${text.stderr}`);
  });
  return {
    stdout: () => text.stdout,
    stderr: () => text.stderr,
    async ready() {
      await until('ready', () => text.stdout.includes('\n') || child.exitCode !== null);
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

export async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + DEADLINE_MS;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`still not ${what} after ${DEADLINE_MS} ms`);
    await sleep(20);
  }
}

/** A new folder with one file in it; returns both paths. */
export function folderWith(t: TestContext, name: string, contents: string): { folder: string; file: string } {
  const folder = mkdtempSync(join(tmpdir(), 'example-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, name);
  writeFileSync(file, contents);
  return { folder, file };
}
