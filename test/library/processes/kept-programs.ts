/** Programs of one process each, whose totals are kept in a directory. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { until } from '../../until.ts';
import type { Told } from './kept-program.ts';
import { valuesOf } from './values-of.ts';

export interface Run {
  readonly lines: readonly string[];
  record(told: Told): Promise<void>;
  scrape(): Promise<Readonly<Record<string, number>>>;
  end(how: NodeJS.Signals): Promise<void>;
}

const program = join(import.meta.dirname, 'kept-program.ts');
const bootFile = '/proc/sys/kernel/random/boot_id';

export function programIn(t: TestContext) {
  const directory = mkdtempSync(join(tmpdir(), 'mb-'));
  const all: ChildProcess[] = [];
  t.after(() => {
    for (const child of all) child.kill('SIGKILL');
    rmSync(directory, { recursive: true, force: true });
  });
  async function start(version: 'old' | 'new' = 'old'): Promise<Run> {
    return run([process.execPath, program, directory, version]);
  }
  /** On another machine, by its boot: there the directory is at this place. */
  async function startFar(place: string): Promise<Run> {
    const boot = `${directory}-boot`;
    writeFileSync(boot, 'another\n');
    t.after(() => rmSync(boot, { force: true }));
    const mounted = `mount --bind ${boot} ${bootFile} && exec "$@"`;
    return run(['unshare', '--mount', 'sh', '-c', mounted, 'sh', process.execPath, program, place, 'old']);
  }
  async function run([file, ...args]: string[]): Promise<Run> {
    const child = spawn(file as string, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    all.push(child);
    const lines: string[] = [];
    let recorded = 0;
    let url = '';
    child.on('message', (message: 'recorded' | { readonly line: string } | { readonly url: string }) => {
      if (message === 'recorded') recorded += 1;
      else if ('line' in message) lines.push(message.line);
      else url = message.url;
    });
    await until('it listens', () => url !== '');
    return {
      lines,
      async record(told) {
        const before = recorded;
        child.send(told);
        await until('it has recorded', () => recorded > before);
      },
      scrape: async () => valuesOf(await fetch(url, { headers: { accept: 'application/openmetrics-text; version=1.0.0' } })),
      async end(how) {
        const exited = once(child, 'exit');
        child.kill(how);
        await exited;
      },
    };
  }
  return { directory, start, startFar };
}
