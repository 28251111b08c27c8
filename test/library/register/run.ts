/** A program under `node --import meterbridge/register`, in a process of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { compileCache } from '../../compile-cache.ts';
import { lastWords } from '../../last-words.ts';
import { DEADLINE_MS } from '../../until.ts';

const root = join(import.meta.dirname, '../../..');

/** `program` is run as a module, or as `type` says; its standard output's lines come one by one. */
export function run(t: TestContext, program: string, env: NodeJS.ProcessEnv, type: 'module' | 'commonjs' = 'module') {
  const args = ['--conditions=meterbridge-source', '--import', 'meterbridge/register', `--input-type=${type}`, '--eval', program];
  const child = spawn(process.execPath, args, { cwd: root, env: { ...compileCache, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  t.after(() => child.kill('SIGKILL'));
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  lastWords(t, 'the program', () => errors);
  const ended = once(child, 'close', { signal: AbortSignal.timeout(DEADLINE_MS) });
  ended.catch(() => {});
  const said = once(child.stdout.setEncoding('utf8'), 'data', { signal: AbortSignal.timeout(DEADLINE_MS) });
  said.catch(() => {});
  return { child, ended, said: async () => String((await said)[0]).trim(), errors: () => errors };
}
