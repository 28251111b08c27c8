/**
 * Runs one of the example hosts in the foreground: `run.ts HOST [arguments of the host]`. Logs go to standard error; once the
 * host listens, it prints the URLs as one line of JSON on standard output. SIGTERM and SIGINT end it cleanly, a second one at
 * once.
 */

import type { Host } from './host.ts';

const hosts: Readonly<Record<string, () => Promise<{ readonly start: Host }>>> = {
  crewshipd: () => import('./crewshipd/daemon.ts'),
  'restic-manager': () => import('./restic-manager/daemon.ts'),
  runwisp: () => import('./runwisp/daemon.ts'),
  solti: () => import('./solti/daemon.ts'),
  wasmrun: () => import('./wasmrun/daemon.ts'),
};

const signals = ['SIGTERM', 'SIGINT'] as const;

function log(line: string): void {
  process.stderr.write(`${new Date().toISOString()} ${line}\n`);
}

async function run([name = '', ...args]: readonly string[]): Promise<void> {
  const load = Object.hasOwn(hosts, name) ? hosts[name] : undefined;
  if (load === undefined)
    throw new Error(`usage: npm run example -- HOST [arguments of the host]; HOST is one of ${Object.keys(hosts).join(', ')}`);
  const { start } = await load();
  await using closing = new AsyncDisposableStack();
  const { main, metrics = null } = await start(args, { log, closing });
  const open = closing.move();
  function end(signal: NodeJS.Signals): void {
    for (const one of signals) process.off(one, end);
    log(`${signal}: closing`);
    open.disposeAsync().catch(fail);
  }
  for (const signal of signals) process.on(signal, end);
  process.stdout.write(`${JSON.stringify({ ready: true, main, metrics })}\n`);
}

function fail(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

await run(process.argv.slice(2)).catch(fail);
