/** Processes that are sent what to record, in a directory of their own. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { valuesOf } from './values-of.ts';

export interface Worker {
  record(what: object): Promise<void>;
  /** What it answers to a scrape, as a value for each series. */
  scrape(): Promise<Readonly<Record<string, number>>>;
  /** `close`: the bridge is closed. `exit`: `process.exit` alone. */
  end(how: 'close' | 'exit' | 'SIGKILL'): Promise<void>;
  readonly process: ChildProcess;
  readonly directory: string;
}

/** Returns what starts a worker. */
export function workersOf(t: TestContext): () => Promise<Worker> {
  const directory = mkdtempSync(join(tmpdir(), 'mb-'));
  const all: ChildProcess[] = [];
  t.after(() => {
    for (const one of all) one.kill('SIGKILL');
    rmSync(directory, { recursive: true });
  });
  return async () => {
    const process = fork(join(import.meta.dirname, 'worker.ts'), [directory]);
    all.push(process);
    const answer = async (message: object | string) => {
      process.send(message);
      return (await once(process, 'message'))[0];
    };
    const url = await answer('listen');
    const worker: Worker = {
      process,
      directory,
      record: (what) => answer(what),
      scrape: async () => valuesOf(await fetch(url)),
      async end(how) {
        const exited = once(process, 'exit');
        if (how === 'SIGKILL') process.kill(how);
        else process.send(how);
        await exited;
      },
    };
    await worker.scrape();
    return worker;
  };
}
