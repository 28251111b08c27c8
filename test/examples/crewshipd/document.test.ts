/**
 * crewshipd's document from top to bottom, on the example at work. `examples/crewshipd/document.md` says which test holds which
 * sentence; what needs Prometheus or promtool is in `test/conformance/documents/crewshipd.test.ts`.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { DATABASE_NAME } from '../../../examples/crewshipd/store.ts';
import { type Samples, scrape } from '../../../examples/demo/sample.ts';
import { parseExposition } from '../../../src/formats/exposition/index.ts';
import { type Asking, ask, headerOf } from '../../net/access/request-as.ts';
import { until } from '../../until.ts';
import { startExample } from '../example.ts';
import { client, environment, internal, series } from './crew.ts';

/** The tables, in their order: name, type, and the values of the label that has some. */
const tables: readonly (readonly [name: string, type: string, label?: string, values?: readonly string[]])[] = [
  ['uptime_seconds', 'gauge'],
  ['goroutines', 'gauge'],
  ['memory_alloc_bytes', 'gauge'],
  ['memory_sys_bytes', 'gauge'],
  ['gc_runs_total', 'counter'],
  ['ws_connections', 'gauge'],
  ['assignments', 'gauge', 'status', ['pending', 'queued', 'running', 'completed', 'failed', 'cancelled', 'other']],
  ['assignment_queue_depth', 'gauge'],
  ['assignment_queue_crews', 'gauge'],
  ['assignment_queue_depth_max', 'gauge'],
  [
    'pipeline_runs',
    'gauge',
    'status',
    ['queued', 'running', 'completed', 'failed', 'cancelled', 'dry_run', 'interrupted', 'other'],
  ],
  ['agent_run_events_total', 'counter', 'event', ['started', 'completed', 'failed', 'cancelled', 'timeout']],
  ['llm_calls_total', 'counter', 'provider'],
  ['llm_cost_usd_total', 'counter', 'provider'],
  ['containers_tracked', 'gauge'],
  ['containers_reporting', 'gauge'],
  ['db_migration_version', 'gauge'],
];

/** What this process reads at each scrape; all else is of the database or the containers. */
const live = /^crewshipd_(?:uptime|goroutines|memory|gc|ws|credential)/;

interface Seen {
  readonly metrics: string;
  readonly data: string;
  /** The first scrape after the work, as it came. */
  readonly page: string;
  /** Of a series, in that scrape. */
  value(name: string, labels?: Record<string, string>): number | undefined;
  /** After some more work, within 15 s. */
  readonly later: Samples;
  readonly first: Samples;
  ask(asking: Asking): ReturnType<typeof ask>;
}

/** One assignment of each ending, a pipeline, a backlog in two crews, and a container that does not respond. */
async function work(t: TestContext): Promise<Seen> {
  const env = environment(t);
  const daemon = startExample(t, ['crewshipd'], env);
  const { main, metrics } = await daemon.ready();
  const crewship = client(main);
  const socket = new WebSocket(`${crewship.url.replace('http', 'ws')}/events`, { headers: internal } as never);
  t.after(() => socket.close());
  await new Promise((resolve) => socket.addEventListener('open', resolve, { once: true }));

  const forEver = { maxTokens: 100_000, timeoutMs: 600_000 };
  for (const prompt of ['One, two', 'Three']) {
    const good = await crewship.queue('blue', prompt, { maxTokens: 4 });
    await crewship.ends(`/assignments/${good}`, 'COMPLETED');
  }
  const tooLong = await crewship.queue('red', 'word '.repeat(2_001));
  await crewship.ends(`/assignments/${tooLong}`, 'FAILED');
  const late = await crewship.queue('blue', 'so long', { maxTokens: 100_000, timeoutMs: 50 });
  await crewship.pipeline([{ crew: 'blue', prompt: 'never' }], true);
  await crewship.ends(`/assignments/${late}`, 'FAILED');
  const running = [await crewship.queue('blue', 'on and on', forEver), await crewship.queue('red', 'on and on', forEver)];
  for (const id of running) await crewship.ends(`/assignments/${id}`, 'RUNNING');
  const pipeline = await crewship.pipeline([
    { crew: 'blue', prompt: 'first', maxTokens: 1 },
    { crew: 'red', prompt: 'second', maxTokens: 1 },
  ]);
  for (const crew of ['blue', 'red', 'red']) await crewship.queue(crew, 'then');
  const cancelled = await crewship.queue('blue', 'not this one');
  assert.equal((await crewship.cancel(cancelled)).status, 202);
  assert.equal((await crewship.get<{ status: string }>(`/pipelines/${pipeline}`)).status, 'queued');
  addRows(env.CREWSHIP_DATA_DIR as string);
  const frozen = (await crewship.containers()).find(({ crew }) => crew === 'red')?.pid as number;
  process.kill(frozen, 'SIGSTOP');
  const reporting = async () =>
    (await crewship.containers()).filter(({ residentBytes }) => residentBytes !== undefined).map(({ crew }) => crew);
  await until('one container reports, the frozen one does not', async () => (await reporting()).join() === 'blue');

  const page = await (await fetch(metrics as string)).text();
  const first = await samplesOf(metrics as string);
  await crewship.queue('green', 'more');
  const another = new WebSocket(`${crewship.url.replace('http', 'ws')}/events`, { headers: internal } as never);
  await new Promise((resolve) => another.addEventListener('open', resolve, { once: true }));
  const later = await samplesOf(metrics as string);
  another.close();
  return {
    metrics: metrics as string,
    data: env.CREWSHIP_DATA_DIR as string,
    page,
    first,
    later,
    value: (name, labels) => first.get(series(name, labels)),
    ask: (asking) => ask(Number(new URL(main).port), asking),
  };
}

/** What the example itself does not come to: statuses that no list has, and thirty providers beside its own. */
function addRows(data: string): void {
  const database = new DatabaseSync(join(data, DATABASE_NAME));
  database.exec(`INSERT INTO assignments (crew, prompt, max_tokens, timeout_ms, status) VALUES ('grey', '', 1, 1, 'AWAITING_HUMAN');
    INSERT INTO pipeline_runs (status) VALUES ('paused')`);
  const spend = database.prepare('INSERT INTO cost_ledger VALUES (?, 1, 1, 0.25)');
  for (let n = 1; n <= 30; n++) spend.run(`p${`${n}`.padStart(2, '0')}`);
  database.close();
}

async function samplesOf(url: string): Promise<Samples> {
  const samples = await scrape(url);
  assert.ok(samples);
  return samples;
}

function familiesOf(page: string) {
  const parsed = parseExposition(page, 'text');
  assert.ok(parsed.ok);
  return parsed.families;
}

const abroad = ['203.0.113.9'];
const valuesOf = (name: string) => tables.find(([row]) => row === name)?.[3] ?? [];

async function authorization(t: TestContext, { ask }: Seen): Promise<void> {
  await t.test('GET /metrics on the main port is text 0.0.4', async () => {
    const response = await ask({});
    assert.deepEqual([response.status, headerOf(response, 'content-type')], [200, 'text/plain; version=0.0.4; charset=utf-8']);
  });
  await t.test('loopback is always allowed, with any token', async () => {
    for (const authorization of ['Bearer wrong', '']) assert.equal((await ask({ authorization })).status, 200);
  });
  await t.test('loopback is what the true client is, X-Forwarded-For or not', async () => {
    assert.equal((await ask({ forwarded: abroad })).status, 404);
    assert.equal((await ask({ forwarded: ['127.0.0.7'] })).status, 200);
    assert.equal((await ask({ forwarded: ['127.0.0.7, 203.0.113.9'] })).status, 404, 'the left-most is what a client claims');
  });
  await t.test('a remote scraper sends Authorization: Bearer with the token', async () => {
    assert.equal((await ask({ forwarded: abroad, authorization: 'Bearer m3trics' })).status, 200);
    for (const authorization of ['Bearer m3tricz', 'Bearer int3rnal', 'm3trics', 'Basic m3trics'])
      assert.equal((await ask({ forwarded: abroad, authorization })).status, 404, authorization);
  });
}

async function rows(t: TestContext, { page }: Seen): Promise<void> {
  await t.test('the page has the families of the tables, in their order and of their types, and one that is newer', () => {
    const expected = tables.map(([name, type]) => `crewshipd_${name} ${type}`);
    const newer = 'crewshipd_credential_audit_dropped_total counter';
    assert.deepEqual(
      familiesOf(page).map(({ name, kind }) => `${name} ${kind}`),
      expected.toSpliced(6, 0, newer),
    );
  });
  await t.test('every series carries a hostname label, and only the labels of the tables beside it', () => {
    const samples = familiesOf(page).flatMap((family) => family.samples);
    const label = (name: string) => tables.find(([row]) => name === `crewshipd_${row}`)?.[2];
    for (const { name, labels } of samples) {
      const own = label(name);
      const names = labels.map(([of]) => of);
      assert.deepEqual(names, own === undefined ? ['hostname'] : ['hostname', own], name);
      assert.equal(labels[0]?.[1], hostname());
    }
  });
  await t.test('all label values are there, zero-filled', () => {
    for (const [name, , label, values] of tables.filter(([, , , values]) => values !== undefined)) {
      const samples = familiesOf(page).find((family) => family.name === `crewshipd_${name}`)?.samples ?? [];
      const shown = samples.map(({ labels }) => new Map(labels).get(label as string));
      assert.deepEqual(shown, values, name);
    }
  });
}

async function values(t: TestContext, { value, first, later, data }: Seen): Promise<void> {
  await t.test('the process gauges are of this process, now', () => {
    const uptime = series('uptime_seconds');
    assert.ok((value('uptime_seconds') ?? 0) > 0 && (later.get(uptime) ?? 0) > (first.get(uptime) ?? 0));
    assert.ok((value('memory_sys_bytes') ?? 0) > (value('memory_alloc_bytes') ?? 0));
    assert.ok((value('goroutines') ?? 0) > 0);
    assert.deepEqual([value('ws_connections'), later.get(series('ws_connections'))], [1, 2]);
  });
  await t.test('assignments by status, an unknown one as other', () =>
    assert.deepEqual(
      valuesOf('assignments').map((status) => value('assignments', { status })),
      [1, 4, 2, 2, 2, 1, 1],
    ),
  );
  await t.test('how much waits, in how many crews, and in the worst one', () =>
    assert.deepEqual(
      ['depth', 'crews', 'depth_max'].map((which) => value(`assignment_queue_${which}`)),
      [4, 2, 2],
    ),
  );
  await t.test('pipeline runs by status, an unknown one as other', () =>
    assert.deepEqual(
      valuesOf('pipeline_runs').map((status) => value('pipeline_runs', { status })),
      [1, 0, 0, 0, 0, 1, 0, 1],
    ),
  );
  await t.test('events of agent runs', () =>
    // What was cancelled had not begun.
    assert.deepEqual(
      valuesOf('agent_run_events_total').map((event) => value('agent_run_events_total', { event })),
      [6, 2, 1, 0, 1],
    ),
  );
  await t.test('calls and dollars of the cost ledger, by provider', () => {
    assert.equal(value('llm_calls_total', { provider: 'stand-in' }), 2);
    // "One, two" and "Three" are 4 tokens, 8 came back; 3 and 15 dollars a million.
    assert.equal(value('llm_cost_usd_total', { provider: 'stand-in' })?.toFixed(9), ((4 * 3 + 8 * 15) / 1e6).toFixed(9));
  });
  await t.test('providers beyond the cap are other', () => {
    const ofProviders = [...first].filter(([name]) => name.startsWith('crewshipd_llm_calls_total'));
    assert.equal(ofProviders.length, 25);
    assert.deepEqual(
      [value('llm_calls_total', { provider: 'p23' }), value('llm_calls_total', { provider: 'p24' })],
      [1, undefined],
    );
    assert.deepEqual(
      ['llm_calls_total', 'llm_cost_usd_total'].map((name) => value(name, { provider: 'other' })),
      [7, 1.75],
    );
  });
  await t.test('a container that does not respond is tracked, and does not report', () =>
    assert.deepEqual([value('containers_tracked'), value('containers_reporting')], [2, 1]),
  );
  await t.test('the highest migration that is applied', () =>
    assert.equal(
      value('db_migration_version'),
      inDatabase(data, (sql) => sql.prepare('SELECT version FROM _migrations ORDER BY version DESC').get()?.version),
    ),
  );
}

function inDatabase<R>(data: string, read: (database: DatabaseSync) => R): R {
  const database = new DatabaseSync(join(data, DATABASE_NAME), { readOnly: true });
  try {
    return read(database);
  } finally {
    database.close();
  }
}

async function freshness(t: TestContext, { first, later, data }: Seen): Promise<void> {
  await t.test('the counts of the database are found by indexes', () => {
    const source = readFileSync(new URL('../../../examples/crewshipd/store.ts', import.meta.url), 'utf8');
    const queries = [...source.slice(source.indexOf('reading: ()')).matchAll(/sql\.(?:all|get)`([^`]+)`/g)].map(
      ([, sql = '']) => sql,
    );
    assert.equal(queries.length, 6);
    const steps = inDatabase(data, (sql) => queries.flatMap((query) => sql.prepare(`EXPLAIN QUERY PLAN ${query}`).all()));
    const details = steps.map(({ detail }) => String(detail));
    assert.ok(details.some((step) => step.startsWith('SCAN')));
    assert.deepEqual(
      details.filter((step) => /^SCAN (?!\(subquery|.*USING COVERING INDEX)/.test(step)),
      [],
    );
  });
  await t.test('within 15 s the database block is the same snapshot, whatever has happened', () => {
    const ofDatabase = (samples: Samples) => [...samples].filter(([name]) => !live.test(name));
    assert.deepEqual(ofDatabase(later), ofDatabase(first));
  });
}

test('crewshipd, from the top of its document to the bottom', async (t) => {
  const { CREWSHIP_METRICS_TOKEN: _, ...withoutToken } = environment(t);
  const closed = startExample(t, ['crewshipd'], withoutToken).ready();
  const seen = await work(t);
  await t.test('with no token configured, a remote request gets the 404 of any unknown path', async () => {
    const port = Number(new URL((await closed).main).port);
    const from = { forwarded: abroad, authorization: 'Bearer ' };
    const [hidden, unknown] = [await ask(port, from), await ask(port, { ...from, path: '/metricz' })];
    assert.deepEqual({ ...hidden, body: hidden.body.replace('metrics', 'metricz') }, unknown);
    assert.deepEqual([hidden.status, (await ask(port)).status], [404, 200]);
  });
  for (const part of [authorization, rows, values, freshness]) await part(t, seen);
});
