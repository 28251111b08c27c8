/**
 * `npm run demo`: a shop and the five example hosts at work, their metrics pulled and pushed, on one screen and on a page, until
 * Ctrl-C.
 * `npm run demo -- --once` runs the hosts until recorded, pulled and pushed values can be compared, prints them side by side, and
 * exits with 0 only if they agree. It names a host that this machine cannot run; with `CI=true` that is a failure.
 */
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type Comparison, compare } from './demo/compare.ts';
import { crewshipd } from './demo/crewshipd.ts';
import { chooseDestination, type Destination } from './demo/destination.ts';
import type { DemoHost } from './demo/host.ts';
import { type HostProcess, startHost } from './demo/host-process.ts';
import { live } from './demo/live.ts';
import { outcome } from './demo/outcome.ts';
import type { Player } from './demo/player.ts';
import { resticManager } from './demo/restic-manager.ts';
import { runwisp } from './demo/runwisp.ts';
import { scrape } from './demo/sample.ts';
import { solti } from './demo/solti.ts';
import { wasmrun } from './demo/wasmrun.ts';

const hosts: readonly DemoHost[] = [runwisp, wasmrun, crewshipd, resticManager, solti];
/**
 * How long after the start the comparison of a host is given up: crewshipd queries its database every 15 s, and a busy machine
 * takes many times as long.
 */
const DEADLINE_MS = 300_000;
const LOOK_EVERY_MS = 250;

/** Ctrl-C and SIGTERM ask for the end; what was started is always stopped. */
const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => interrupted.abort());

const { values: flags } = parseArgs({ options: { once: { type: 'boolean', default: false } } });
process.exitCode = await demo(flags.once);

async function demo(once: boolean): Promise<number> {
  const data = mkdtempSync(join(tmpdir(), 'meterbridge-demo-'));
  const ended = new AbortController();
  const destination = await chooseDestination(process.env);
  console.log(destination.line);
  const started: HostProcess[] = [];
  try {
    const absent = hosts.flatMap((host) => (host.missing?.() === undefined ? [] : [host]));
    for (const host of absent) console.log(`${host.name.padEnd(15)} left out, ${host.missing?.()}`);
    const present = hosts.filter((host) => !absent.includes(host));
    const players = await Promise.all(
      present.map((host) => play(host, join(data, host.name), destination, started, ended.signal)),
    );
    if (destination.url !== undefined) console.log(`${'all of them'.padEnd(15)} arrive at ${destination.url}`);
    console.log();
    if (once) return report(await Promise.all(players.map((player) => settle(player, destination))), players, destination);
    await live(players, destination, interrupted.signal);
    return 0;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return 1;
  } finally {
    ended.abort();
    await Promise.all(started.map((running) => running.end()));
    await destination.stop();
    rmSync(data, { recursive: true, force: true });
  }
}

async function play(
  host: DemoHost,
  data: string,
  destination: Destination,
  started: HostProcess[],
  ended: AbortSignal,
): Promise<Player> {
  mkdirSync(data);
  const settings = host.settings(data);
  const instance = randomUUID();
  const running = await startHost(host.name, settings, instance, destination);
  started.push(running);
  console.log(`${host.name.padEnd(15)} ${running.metrics}`);
  return { host, settings, instance, running, work: await host.open({ main: running.main, data, ended }) };
}

/** Compares as soon as nothing changed between two readings; a difference counts only if it lasts until the deadline. */
async function settle({ host, settings, instance, running, work }: Player, destination: Destination): Promise<Comparison> {
  const from = performance.now();
  let last: Comparison = { agree: false, lines: ['nothing could be compared'] };
  let life = '';
  while (!interrupted.signal.aborted && !last.agree && performance.now() - from < DEADLINE_MS) {
    await pause(LOOK_EVERY_MS);
    const recorded = await work.samples();
    life = work.life(recorded);
    if (!work.done(recorded)) continue;
    const pulled = await scrape(running.metrics, settings.headers);
    const pushed = await destination.samples(instance);
    const moved = JSON.stringify([...(await work.samples())]) !== JSON.stringify([...recorded]);
    if (pulled !== undefined && !moved) last = compare(host, recorded, pulled, pushed);
  }
  console.log(`${last.agree ? 'agrees ' : 'DIFFERS'} ${host.name.padEnd(15)} ${life}`);
  work.close();
  return last;
}

async function pause(ms: number): Promise<void> {
  await sleep(ms, undefined, { signal: interrupted.signal }).catch(() => {});
}

function report(comparisons: readonly Comparison[], players: readonly Player[], { line }: Destination): number {
  for (const [at, { lines }] of comparisons.entries()) console.log(`\n${players[at]?.host.name}\n${lines.join('\n')}`);
  const agreeing = comparisons.filter(({ agree }) => agree).length;
  const { line: sentence, code } = outcome(agreeing, players.length, hosts.length, process.env.CI === 'true');
  console.log(`\n${line}\n${sentence}`);
  return code;
}
