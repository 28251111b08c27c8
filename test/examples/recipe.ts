/** Recipes as processes: started, asked, and ended. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';

export const recipes = join(import.meta.dirname, '../../examples/recipes');

export function started(t: TestContext, name: string, env: NodeJS.ProcessEnv = {}, args: readonly string[] = []) {
  const child = spawn(process.execPath, ['--conditions=meterbridge-source', join(recipes, name), ...args], {
    env: { PORT: '0', METRICS_ADDRESS: '127.0.0.1:0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  t.after(() => child.kill('SIGKILL'));
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const exited = once(child, 'exit');
  return { child, exited, errors: () => errors };
}

/** Where processes of one program meet: without what an earlier run counted. */
export function ownFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'mb-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

type Started = ReturnType<typeof started>;

/** What the program prints after `label: `, line by line until all labels were there. */
export async function printed({ child, exited, errors }: Started, ...labels: string[]): Promise<string[]> {
  const found = new Map<string, string>();
  const lines = createInterface({ input: child.stdout });
  exited.then(() => lines.close());
  for await (const line of lines) {
    for (const label of labels) if (line.startsWith(`${label}: `)) found.set(label, line.slice(label.length + 2));
    if (found.size === labels.length) return labels.map((label) => found.get(label) as string);
  }
  return assert.fail(`it ended without ${labels}: ${errors()}`);
}

export async function ends({ child, exited, errors }: Started) {
  child.kill('SIGTERM');
  assert.deepEqual(await exited, [0, null], errors());
}

/** An answer whose connection ends with it, so that no kept one delays the program's end. */
export const ask = (url: string, method = 'GET') => fetch(url, { method, headers: { connection: 'close' } });
export const page = async (url: string) => (await ask(url)).text();

/** The values of a family's samples whose name and labels match. */
export function samples(exposition: string, pattern: RegExp): Record<string, number> {
  const lines = exposition.split('\n').filter((line) => pattern.test(line));
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]),
  );
}
