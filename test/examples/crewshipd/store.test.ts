import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { DATABASE_NAME, openStore, type Store } from '../../../examples/crewshipd/store.ts';

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'crewship-'));
  t.after(() => rmSync(path, { recursive: true }));
  return path;
}

function open(t: TestContext, path = folder(t), options = {}): Store {
  const store = openStore(path, 0, options);
  t.after(store.close);
  return store;
}

const task = (crew: string) => ({ crew, prompt: 'p', maxTokens: 1, timeoutMs: 1 });
const counts = (rows: readonly { name: string; count: number }[]) =>
  Object.fromEntries(rows.map(({ name, count }) => [name, count]));
const none: ReadonlySet<string> = new Set();

test('a new database has its migrations and nothing else', (t) => {
  assert.deepEqual(open(t).reading(), {
    assignments: [],
    queues: [],
    pipelineRuns: [],
    runEvents: [],
    providers: [],
    migrationVersion: 20260728110200,
  });
});

test('a database that a newer program has migrated shows its version', (t) => {
  const path = folder(t);
  openStore(path, 0).close();
  const newer = new DatabaseSync(join(path, DATABASE_NAME));
  newer.exec('INSERT INTO _migrations VALUES (20270101000000, 1)');
  newer.close();
  assert.equal(open(t, path).reading().migrationVersion, 20270101000000);
});

test('a crew takes its oldest assignment, and no second one while it is busy', (t) => {
  const store = open(t);
  const [first, second, third] = ['blue', 'blue', 'red'].map((crew) => store.queue(task(crew))) as [number, number, number];
  assert.deepEqual([...store.reading().queues].sort(), [1, 2]);
  assert.equal(store.next(none)?.id, first);
  store.begin(first, 1);
  assert.equal(store.next(new Set(['blue']))?.id, third);
  assert.equal(store.next(new Set(['blue', 'red'])), undefined);
  assert.equal(store.end(first, 'timeout', 2), true);
  assert.equal(store.end(first, 'completed', 3), false, 'it ends once');
  assert.equal(store.status('assignments', first), 'FAILED');
  assert.equal(store.end(second, 'cancelled', 4), true, 'before it ran: no event of a run');
  const { assignments, runEvents } = store.reading();
  assert.deepEqual(counts(assignments), { QUEUED: 1, FAILED: 1, CANCELLED: 1 });
  assert.deepEqual(counts(runEvents), { started: 1, timeout: 1 });
});

test('a pipeline run goes step by step, and stops at the first that fails', (t) => {
  const store = open(t);
  const run = store.runPipeline([task('a'), task('b'), task('c')], false);
  assert.deepEqual(counts(store.reading().assignments), { QUEUED: 1, PENDING: 2 });
  assert.equal(store.status('pipeline_runs', run), 'queued');
  store.begin(1, 1);
  assert.equal(store.status('pipeline_runs', run), 'running');
  store.end(1, 'completed', 2);
  assert.equal(store.next(none)?.crew, 'b');
  store.begin(2, 3);
  store.end(2, 'timeout', 4);
  assert.equal(store.status('pipeline_runs', run), 'failed');
  assert.equal(store.status('assignments', 3), 'CANCELLED');
  const dry = store.runPipeline([task('a')], true);
  assert.deepEqual(counts(store.reading().pipelineRuns), { failed: 1, dry_run: 1 });
  assert.equal(store.status('pipeline_runs', dry), 'dry_run');
  assert.equal(store.next(none), undefined, 'a dry run queues nothing');
  const good = store.runPipeline([task('a')], false);
  store.begin(4, 5);
  store.end(4, 'completed', 6);
  assert.equal(store.status('pipeline_runs', good), 'completed');
});

test('what a killed daemon left: runs have failed, pipeline runs were interrupted, the queue goes on', (t) => {
  const path = folder(t);
  const before = openStore(path, 0);
  before.begin(before.queue(task('a')), 1);
  const waiting = before.queue(task('a'));
  const runs = [before.runPipeline([task('b'), task('b')], false), before.runPipeline([task('c'), task('c')], false)];
  before.begin(5, 2);
  before.close();
  const after = open(t, path);
  assert.deepEqual(counts(after.reading().runEvents), { started: 2, failed: 2 });
  for (const run of runs) assert.equal(after.status('pipeline_runs', run), 'interrupted');
  assert.deepEqual(counts(after.reading().assignments), { FAILED: 2, QUEUED: 1, CANCELLED: 3 });
  assert.equal(after.next(none)?.id, waiting);
});

test('archiving leaves the totals, pruning the archive lowers them', (t) => {
  const store = open(t, folder(t), { liveRows: 3, archivedRows: 5 });
  const totals: number[] = [];
  for (let i = 0; i < 5; i++) {
    const id = store.queue(task('a'));
    store.begin(id, i);
    store.end(id, 'completed', i);
    totals.push(store.reading().runEvents.reduce((sum, { count }) => sum + count, 0));
  }
  assert.deepEqual(totals, [2, 4, 6, 8, 8]);
});

test('the ledger by provider', (t) => {
  const store = open(t);
  for (const [provider, costUsd] of [
    ['a', 0.25],
    ['b', 1],
    ['a', 0.5],
  ] as const)
    store.spend({ provider, inputTokens: 1, outputTokens: 1, costUsd });
  assert.deepEqual(
    store.reading().providers.map((row) => ({ ...row })),
    [
      { provider: 'a', calls: 2, costUsd: 0.75 },
      { provider: 'b', calls: 1, costUsd: 1 },
    ],
  );
});

test('an audit record does not wait: it is lost while somebody else writes', (t) => {
  const path = folder(t);
  const store = open(t, path);
  assert.equal(store.auditCredential('p', 1, 0), true);
  const other = new DatabaseSync(join(path, DATABASE_NAME));
  t.after(() => other.close());
  other.exec('BEGIN IMMEDIATE');
  assert.equal(store.auditCredential('p', 1, 0), false);
  other.exec('ROLLBACK');
  assert.equal(store.auditCredential('p', 1, 0), true);
});
