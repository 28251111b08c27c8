/** Processes that lock a directory, and say how that went. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { TestContext } from 'node:test';

const source = new URL('../../../src/service/storage/directory-lock.ts', import.meta.url).href;

export interface Holder {
  readonly child: ChildProcess;
  /** `held`, or why not. */
  readonly outcome: Promise<string>;
  kill(): Promise<void>;
}

/** @param at of `Date.now()`: when it tries; all that have one begin together */
export function holder(t: TestContext, directory: string, at = 0): Holder {
  const code = `import { lockDirectory } from '${source}';
    while (Date.now() < ${at}) {}
    const held = await lockDirectory(process.argv[1], { waitMs: 0, warn() {} }).catch(({ message }) => message);
    process.stdout.write(typeof held === 'string' ? held : 'held');
    setInterval(() => typeof held === 'string' || held.lost(), 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code, directory], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const kill = async () => {
    child.kill('SIGKILL');
    await exited;
  };
  t.after(kill);
  return { child, outcome: once(child.stdout, 'data').then(String), kill };
}
