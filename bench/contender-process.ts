/** The runner's end of a contender's process; Node's and Go's speak the same lines. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { BenchCase, Values } from './bench-case.ts';
import { goCommand } from './contenders/go.ts';

interface Reply {
  readonly ready?: boolean;
  readonly skip?: string;
  readonly values?: Values;
}

export interface ContenderProcess {
  readonly name: string;
  /** Why it does not take part; undefined when it is ready. */
  readonly skipped: string | undefined;
  round(): Promise<Values>;
  end(): Promise<void>;
}

/** Large heaps are part of some cases; a collection can be asked for. */
const nodeFlags = ['--expose-gc', '--max-old-space-size=8192'];

export async function startContender(one: BenchCase, contender: string, quick: boolean): Promise<ContenderProcess> {
  const size = quick ? 'quick' : 'full';
  const go = await goCommand(contender);
  if (go !== undefined && 'skip' in go) return skipped(contender, go.skip);
  const child =
    go === undefined
      ? spawn(process.execPath, [...nodeFlags, join(import.meta.dirname, 'child.ts'), one.suite, one.name, contender, size], {
          stdio: ['pipe', 'pipe', 'inherit'],
        })
      : spawn(go.binary, [contender, one.name, size], { stdio: ['pipe', 'pipe', 'inherit'] });
  return talk(contender, child);
}

async function talk(name: string, child: ChildProcess): Promise<ContenderProcess> {
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream })[Symbol.asyncIterator]();
  async function next(): Promise<Reply> {
    const { value, done } = await lines.next();
    return done === true
      ? { skip: `the process ended with ${child.exitCode ?? child.signalCode ?? 'an error'}` }
      : (JSON.parse(value) as Reply);
  }
  const { skip } = await next();
  if (skip !== undefined) return skipped(name, skip);
  return Object.freeze({
    name,
    skipped: undefined,
    async round() {
      child.stdin?.write('round\n');
      const { values, skip: reason } = await next();
      if (values === undefined) throw new Error(`${name}: ${reason ?? 'no figures'}`);
      return values;
    },
    async end() {
      child.stdin?.end();
      const timer = setTimeout(() => child.kill('SIGKILL'), 5_000);
      await ended;
      clearTimeout(timer);
    },
  });
}

function skipped(name: string, reason: string): ContenderProcess {
  return Object.freeze({ name, skipped: reason, round: () => Promise.reject(new Error(reason)), end: async () => {} });
}
