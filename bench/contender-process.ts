/** The runner's end of a contender's process; Node's and Go's speak the same lines. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { BenchCase, Values } from './bench-case.ts';
import { goCommand } from './contenders/go.ts';
import { clientFile } from './http/start-client.ts';

interface Reply {
  readonly ready?: boolean;
  readonly skip?: string;
  readonly values?: Values;
}

interface Out {
  readonly reason: string;
  /** The process ended by itself, which is nobody's choice. */
  readonly crashed: boolean;
}

export interface ContenderProcess {
  readonly name: string;
  /** Why it does not take part; undefined when it is ready. */
  readonly out: Out | undefined;
  /** Rejects when the process has crashed. */
  round(): Promise<Values>;
  end(): Promise<void>;
}

/** Large heaps are part of some cases; a collection can be asked for. */
const nodeFlags = ['--expose-gc', '--max-old-space-size=8192'];

export async function startContender(one: BenchCase, contender: string, quick: boolean): Promise<ContenderProcess> {
  const size = quick ? 'quick' : 'full';
  const go = await goCommand(contender);
  if (go !== undefined && 'skip' in go) return absent(contender, { reason: go.skip, crashed: false });
  const child =
    go === undefined
      ? spawn(process.execPath, [...nodeFlags, join(import.meta.dirname, 'child.ts'), one.suite, one.name, contender, size], {
          stdio: ['pipe', 'pipe', 'inherit'],
        })
      : spawn(go.binary, [contender, one.name, size], {
          stdio: ['pipe', 'pipe', 'inherit'],
          env: { ...process.env, BENCH_NODE: process.execPath, BENCH_CLIENT: clientFile },
        });
  return talk(contender, child);
}

async function talk(name: string, child: ChildProcess): Promise<ContenderProcess> {
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  // Whoever writes to a process that has crashed learns it from the answer that does not come.
  child.stdin?.on('error', () => {});
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream })[Symbol.asyncIterator]();
  async function next(): Promise<Reply> {
    const { value, done } = await lines.next();
    if (done !== true) return JSON.parse(value) as Reply;
    await ended;
    throw new Error(`the process ended with ${child.exitCode ?? child.signalCode ?? 'an error'}`);
  }
  try {
    const { skip } = await next();
    if (skip !== undefined) return absent(name, { reason: skip, crashed: false });
  } catch (error) {
    return absent(name, { reason: (error as Error).message, crashed: true });
  }
  return Object.freeze({
    name,
    out: undefined,
    async round() {
      child.stdin?.write('round\n');
      const { values } = await next();
      if (values === undefined) throw new Error('no figures');
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

function absent(name: string, out: Out): ContenderProcess {
  return Object.freeze({ name, out, round: () => Promise.reject(new Error(out.reason)), end: async () => {} });
}
