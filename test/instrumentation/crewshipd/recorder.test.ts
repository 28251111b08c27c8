/** When crewshipd asks its database, what becomes of an error, and which providers keep a name. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { DatabaseReading, ProviderReading } from '../../../instrumentation/crewshipd/index.ts';
import { until } from '../../until.ts';
import { host } from './host.ts';
import { database } from './probes.ts';

test('the process is read at each scrape, the database and the containers at most once in 15 s', async (t) => {
  const asked = { process: 0, ws: 0, database: 0, containers: 0 };
  const { clock, samples } = host(t, {
    process: () => ({ goroutines: ++asked.process, memoryAlloc: 1, memorySys: 1, gcRuns: 1 }),
    wsConnections: () => ++asked.ws,
    database: () => ({ ...database, queues: [++asked.database] }),
    containers: () => ({ tracked: ++asked.containers, reporting: 0 }),
  });
  const read = async () => [
    ...(await samples('uptime')),
    ...(await samples('goroutines')),
    ...(await samples('assignment_queue_depth{')),
    ...(await samples('containers_tracked')),
  ];
  await samples('');
  clock.advance(14_999);
  const before = await read();
  assert.deepEqual(before.slice(-2), ['crewshipd_assignment_queue_depth 1', 'crewshipd_containers_tracked 1']);
  assert.equal(before[0], 'crewshipd_uptime_seconds 3615.499');
  assert.ok(asked.process > 3 && asked.ws === asked.process, 'live');
  clock.advance(1);
  assert.deepEqual((await read()).slice(-2), ['crewshipd_assignment_queue_depth 2', 'crewshipd_containers_tracked 2']);
  assert.deepEqual([asked.database, asked.containers], [2, 2]);
});

test('scrapes at the same time share one computation', async (t) => {
  let asked = 0;
  let finish = (_reading: DatabaseReading): void => {};
  const { samples } = host(t, {
    database: () => {
      asked += 1;
      return new Promise((resolve) => {
        finish = resolve;
      });
    },
  });
  const scrapes = Array.from({ length: 10 }, () => samples('db_migration_version'));
  await new Promise(setImmediate);
  finish(database);
  for (const one of await Promise.all(scrapes)) assert.deepEqual(one, ['crewshipd_db_migration_version 20260728110200']);
  assert.equal(asked, 1);
});

test('a query error: the last good values up to 60 s after they were read, then absent, never zeros', async (t) => {
  let broken = false;
  const { clock, samples, log } = host(t, {
    database() {
      if (broken) throw new Error('database is locked');
      return database;
    },
  });
  const good = await samples('');
  broken = true;
  clock.advance(60_000);
  const unchanged = (all: readonly string[]) => all.filter((line) => !line.startsWith('crewshipd_uptime'));
  assert.deepEqual(unchanged(await samples('')), unchanged(good), 'everything else is there, too');
  clock.advance(1);
  const names = (lines: readonly string[]) => [...new Set(lines.map((line) => line.replace(/[{ ].*/, '')))];
  assert.deepEqual(names(await samples('')), [
    'crewshipd_uptime_seconds',
    'crewshipd_goroutines',
    'crewshipd_memory_alloc_bytes',
    'crewshipd_memory_sys_bytes',
    'crewshipd_gc_runs_total',
    'crewshipd_ws_connections',
    'crewshipd_credential_audit_dropped_total',
    'crewshipd_containers_tracked',
    'crewshipd_containers_reporting',
  ]);
  assert.match(log.join('\n'), /database is locked/);
  broken = false;
  clock.advance(15_000);
  assert.deepEqual(names(await samples('')), names(good));
});

test('a database that never answered: its families are absent, not zero', async (t) => {
  const { samples } = host(t, { database: () => Promise.reject(new Error('no such file')) });
  assert.deepEqual(await samples('assignment'), []);
  assert.deepEqual(await samples('pipeline_runs'), []);
});

/** A host whose ledger is `ledger.providers` at each scrape. */
function ledgerHost(t: Parameters<typeof host>[0], first: readonly ProviderReading[]) {
  const ledger = { providers: first };
  const { clock, samples } = host(t, { database: () => ({ ...database, providers: ledger.providers }) });
  async function read(metric: 'llm_calls' | 'llm_cost_usd'): Promise<Record<string, number>> {
    const lines = await samples(metric);
    return Object.fromEntries(
      lines.map((line) => /provider="(.*)"} (.*)$/.exec(line)?.slice(1) as [string, string]).map(([k, v]) => [k, Number(v)]),
    );
  }
  return {
    calls: () => read('llm_calls'),
    cost: () => read('llm_cost_usd'),
    next(providers: readonly ProviderReading[]) {
      ledger.providers = providers;
      clock.advance(15_000);
    },
  };
}

const provider = (name: string, calls: number, costUsd = calls / 4): ProviderReading => ({ provider: name, calls, costUsd });
/** `p01` … with so many calls each. */
const many = (count: number, calls: (at: number) => number) =>
  Array.from({ length: count }, (_, at) => provider(`p${String(at + 1).padStart(2, '0')}`, calls(at + 1)));

test('the 24 providers with most calls keep their names, ties by name, the rest is other', async (t) => {
  // p01 and p02 have fewest; of p03 to p28, all with 10 calls, 24 have a place.
  const { calls, cost } = ledgerHost(t, many(28, (at) => (at <= 2 ? at : 10)).toReversed());
  const seen = await calls();
  assert.deepEqual(Object.keys(seen).sort(), [
    'other',
    ...many(28, () => 0)
      .map((one) => one.provider)
      .slice(2, 26),
  ]);
  assert.equal(seen.other, 1 + 2 + 10 + 10);
  assert.equal((await cost()).other, 23 / 4);
  assert.deepEqual(Object.keys(await cost()).sort(), Object.keys(seen).sort(), 'the same ones');
});

test('frozen: a provider that overtakes stays in other, and one that is gone leaves no place', async (t) => {
  const first = many(25, (at) => 100 - at);
  const { calls, next } = ledgerHost(t, first);
  assert.equal((await calls()).other, 75, 'p25');
  next([...first.slice(1, 24), provider('p25', 9_000), provider('newer', 5_000)]);
  const seen = await calls();
  assert.equal(seen.other, 14_000);
  assert.equal(Object.hasOwn(seen, 'p01') || Object.hasOwn(seen, 'p25') || Object.hasOwn(seen, 'newer'), false);
  next(first);
  assert.equal((await calls()).p01, 99, 'it comes back under its name');
});

test('free places are filled as providers appear, by calls', async (t) => {
  const first = many(23, () => 10);
  const { calls, next } = ledgerHost(t, first);
  assert.equal(Object.keys(await calls()).length, 23);
  next([...first, provider('small', 1), provider('big', 2)]);
  const seen = await calls();
  assert.deepEqual([seen.big, seen.other, Object.hasOwn(seen, 'small')], [2, 1, false]);
});

test('a provider that is named other merges into it, takes no place, and makes no second series', async (t) => {
  const first = [provider('other', 500), ...many(25, (at) => 100 - at)];
  const { calls, cost, next } = ledgerHost(t, first);
  const seen = await calls();
  assert.deepEqual([seen.other, seen.p24, Object.keys(seen).length], [575, 76, 25]);
  assert.equal((await cost()).other, 575 / 4);
  next(first.toReversed());
  assert.equal((await calls()).other, 575);
});

test('the case of a provider is kept: two spellings are two providers', async (t) => {
  const { calls } = ledgerHost(t, [provider('OpenAI', 1), provider('OPENAI', 2), provider('Other', 3)]);
  assert.deepEqual(await calls(), { OPENAI: 2, OpenAI: 1, Other: 3 });
});

test('a detached recorder leaves nothing, and another can be attached', async (t) => {
  const { detach, samples } = host(t);
  assert.ok((await samples('')).length > 30);
  detach();
  assert.deepEqual(await samples(''), []);
});

test('without an injected process, the figures are those of this one', async (t) => {
  const { samples } = host(t, { process: undefined as never });
  const value = async (name: string) => Number((await samples(name))[0]?.split(' ').at(-1));
  const before = await value('gc_runs_total');
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  for (let i = 0; i < 5; i++) collect();
  await until('counted', async () => (await value('gc_runs_total')) >= before + 5);
  // So that there is nothing left to collect between this reading and the next.
  collect();
  const { heapUsed, rss } = process.memoryUsage();
  assert.ok(Math.abs((await value('memory_alloc_bytes')) / heapUsed - 1) < 0.5);
  assert.ok(Math.abs((await value('memory_sys_bytes')) / rss - 1) < 0.5);
});

test('handles count, timers do not', async (t) => {
  const { createServer } = await import('node:net');
  const { samples } = host(t, { process: undefined as never });
  const value = async () => Number((await samples('goroutines'))[0]?.split(' ').at(-1));
  const before = await value();
  const timers = Array.from({ length: 20 }, () => setTimeout(() => {}, 60_000));
  assert.equal(await value(), before);
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  assert.equal(await value(), before + 1);
  server.close();
  for (const timer of timers) clearTimeout(timer);
});
