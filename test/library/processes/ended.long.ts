/**
 * Four workers of a cluster count to METERBRIDGE_INCREMENTS (default 10⁶), while workers are ended at random and replaced. After
 * SIGTERM the total is what they have counted; after SIGKILL it is short by at most what the worker had counted since a scrape
 * showed it.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../../until.ts';
import { chunk } from './cluster-program.ts';
import { type Cluster, clusterOf } from './clusters.ts';

const increments = Number(process.env.METERBRIDGE_INCREMENTS ?? 1_000_000);
const skip = process.platform === 'win32';
const restMs = 150;

/** Park and Miller's generator: the same choices each time. */
function randomly(seed: number): (most: number) => number {
  let state = seed;
  return (most) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % most;
  };
}

type Counts = ReadonlyMap<string, number>;
const sum = (counts: Counts) => [...counts.values()].reduce((all, value) => all + value, 0);

interface Run {
  readonly cluster: Cluster;
  /** How each worker that was ended has ended. */
  readonly ways: ReadonlyMap<string, 'SIGTERM' | 'SIGKILL'>;
  /** What a scrape has shown of each. */
  readonly acknowledged: Counts;
  readonly final: Counts;
}

/**
 * Checks every scrape: what it shows of a worker never falls, and of a living one it is what it had counted before, unless it was
 * late.
 */
async function run(cluster: Cluster, ways: readonly ('SIGTERM' | 'SIGKILL')[]): Promise<Run> {
  const below = randomly(7);
  const acknowledged = new Map<string, number>();
  const ended = new Map<string, 'SIGTERM' | 'SIGKILL'>();
  const living: string[] = [];
  let started = 0;

  async function start(): Promise<void> {
    const name = `w${started++}`;
    await cluster.start(name);
    cluster.send({ run: name });
    living.push(name);
  }
  async function scrape(): Promise<Counts> {
    // The worker that has the connection may end meanwhile.
    const shown = await cluster.scrape(living[0]).catch(() => new Map<string, number>());
    for (const [name, value] of shown) {
      const before = acknowledged.get(name) ?? 0;
      assert.ok(value >= before, `${name}: ${value} after ${before}`);
      acknowledged.set(name, value);
    }
    return shown;
  }
  async function end(): Promise<void> {
    const [name] = living.splice(below(living.length), 1) as [string];
    const how = ways[below(ways.length)] as 'SIGTERM' | 'SIGKILL';
    ended.set(name, how);
    cluster.send({ kill: name, how });
    await Promise.all([start(), until(`${name} has ended`, () => cluster.ended.has(name))]);
  }

  await Promise.all([start(), start(), start(), start()]);
  while (sum(cluster.counted) < increments) {
    await scrape();
    await sleep(below(restMs));
    await end();
  }
  for (const name of living) cluster.send({ stop: name });
  await until('all have stopped', () => living.every((name) => cluster.stopped.has(name)));
  let final: Counts = new Map();
  await until('what the living ones have counted is shown', async () => {
    final = await scrape();
    return living.every((name) => (final.get(name) ?? 0) === cluster.counted.get(name));
  });
  return { cluster, ways: ended, acknowledged, final };
}

test(`after SIGTERM the total is equal: ${increments} increments`, { skip }, async (t) => {
  const { cluster, ways, final } = await run(clusterOf(t, 'bare'), ['SIGTERM']);
  assert.ok(ways.size >= 2);
  for (const [name, counted] of cluster.counted) assert.equal(final.get(name) ?? 0, counted, name);
  t.diagnostic(`${sum(final)} counted by ${cluster.counted.size} workers, of which ${ways.size} were ended`);
});

test(`after SIGKILL it is short by at most what no scrape had shown: ${increments} increments`, { skip }, async (t) => {
  const { cluster, ways, acknowledged, final } = await run(clusterOf(t, 'loads'), ['SIGTERM', 'SIGKILL']);
  let short = 0;
  let most = 0;
  for (const [name, counted] of cluster.counted) {
    const shown = final.get(name) ?? 0;
    if (ways.get(name) !== 'SIGKILL') assert.equal(shown, counted, name);
    else {
      // It may have counted one chunk more than it could say.
      assert.ok(shown >= (acknowledged.get(name) ?? 0) && shown <= counted + chunk, `${name}: ${shown} of ${counted}`);
      short += Math.max(0, counted - shown);
      most += Math.max(0, counted - (acknowledged.get(name) ?? 0));
    }
  }
  assert.ok([...ways.values()].includes('SIGKILL') && short <= most);
  t.diagnostic(
    `${sum(final)} of ${sum(cluster.counted)}: short by ${short}, of ${most} that no scrape had shown; ${ways.size} workers were ended`,
  );
});
