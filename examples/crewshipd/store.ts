/** Assignments, pipeline runs, the journal and the ledger in SQLite. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { DatabaseReading } from '../../instrumentation/crewshipd/index.ts';
import { migrate } from './migrations.ts';

/** What an agent is to do. */
export interface Task {
  readonly crew: string;
  readonly prompt: string;
  readonly maxTokens: number;
  readonly timeoutMs: number;
}

export interface Assignment extends Task {
  readonly id: number;
}

export interface Spent {
  readonly provider: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costUsd: number;
}

export type Ending = 'completed' | 'failed' | 'cancelled' | 'timeout';

export interface Store {
  /** Queues an assignment; returns its id. */
  queue(task: Task): number;
  /** Queues the first step of a pipeline run, the others wait for it. A dry run only leaves its record. Returns its id. */
  runPipeline(steps: readonly Task[], dryRun: boolean): number;
  /** The oldest queued assignment of a crew that is not among the busy ones. */
  next(busy: ReadonlySet<string>): Assignment | undefined;
  begin(id: number, at: number): void;
  /** Also moves its pipeline run on. False when it had ended already. */
  end(id: number, ending: Ending, at: number): boolean;
  /** As the database spells it; undefined when there is none. */
  status(of: 'assignments' | 'pipeline_runs', id: number): string | undefined;
  spend(spent: Spent): void;
  /** Best effort: false when the record was lost, because the database was busy. */
  auditCredential(provider: string, assignment: number, at: number): boolean;
  reading(): DatabaseReading;
  close(): void;
}

export const DATABASE_NAME = 'crewship.db';
/** Journal rows beyond these move to the archive, … */
const LIVE_ROWS = 1_000;
/** … and beyond these the archive's oldest are pruned. */
const ARCHIVED_ROWS = 100_000;
/** A writer waits so long for another process. */
const BUSY_MS = 2_000;

/** As the table has it. */
const statusOf: Readonly<Record<Ending, string>> = { completed: 'COMPLETED', failed: 'FAILED', cancelled: 'CANCELLED', timeout: 'FAILED' };

/** Opens the database in `folder`. Runs that a killed daemon left behind have failed, and their pipeline runs were interrupted. */
export function openStore(folder: string, now: number, { liveRows = LIVE_ROWS, archivedRows = ARCHIVED_ROWS } = {}): Store {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, DATABASE_NAME);
  const database = new DatabaseSync(path, { timeout: BUSY_MS });
  database.exec('PRAGMA journal_mode = WAL');
  migrate(database, now);
  // Of its own, because it does not wait: an audit record must not hold an agent up.
  const auditing = new DatabaseSync(path, { timeout: 0 });

  const run = (sql: string) => {
    const statement = database.prepare(sql);
    return (...values: (string | number | null)[]): number => Number(statement.run(...values).lastInsertRowid);
  };
  const rows = <T>(sql: string) => {
    const statement = database.prepare(sql);
    return (...values: (string | number)[]): T[] => statement.all(...values) as T[];
  };
  const insert = run('INSERT INTO assignments (crew, prompt, max_tokens, timeout_ms, status, pipeline_run) VALUES (?, ?, ?, ?, ?, ?)');
  const setStatus = run('UPDATE assignments SET status = ?2 WHERE id = ?1');
  const setPipeline = run('UPDATE pipeline_runs SET status = ?2 WHERE id = ?1');
  const cancelSteps = run(`UPDATE assignments SET status = 'CANCELLED' WHERE pipeline_run = ? AND status IN ('PENDING', 'QUEUED')`);
  const insertPipeline = run('INSERT INTO pipeline_runs (status) VALUES (?)');
  const journal = run('INSERT INTO journal (type, assignment, at) VALUES (?, ?, ?)');
  const archive = run(`INSERT INTO journal_archived SELECT * FROM journal WHERE id <= (SELECT max(id) FROM journal) - ?`);
  const unlive = run('DELETE FROM journal WHERE id <= (SELECT max(id) FROM journal_archived)');
  const prune = run('DELETE FROM journal_archived WHERE id <= (SELECT max(id) FROM journal_archived) - ?');
  const spend = run('INSERT INTO cost_ledger VALUES (?, ?, ?, ?)');
  const audit = auditing.prepare('INSERT INTO credential_audit (provider, assignment, at) VALUES (?, ?, ?)');
  const queued = rows<Assignment>(
    `SELECT id, crew, prompt, max_tokens AS maxTokens, timeout_ms AS timeoutMs FROM assignments WHERE status = 'QUEUED' ORDER BY id`,
  );
  const assignment = rows<{ status: string; pipeline: number | null }>(
    'SELECT status, pipeline_run AS pipeline FROM assignments WHERE id = ?',
  );
  const nextStep = rows<{ id: number }>(`SELECT id FROM assignments WHERE pipeline_run = ? AND status = 'PENDING' ORDER BY id LIMIT 1`);
  const counted = (sql: string) => rows<{ name: string; count: number }>(sql);
  const readings = {
    assignments: counted('SELECT status AS name, count(*) AS count FROM assignments GROUP BY status'),
    queues: rows<{ depth: number }>(`SELECT count(*) AS depth FROM assignments WHERE status = 'QUEUED' GROUP BY crew`),
    pipelineRuns: counted('SELECT status AS name, count(*) AS count FROM pipeline_runs GROUP BY status'),
    runEvents: counted(`SELECT substr(type, 5) AS name, sum(rows) AS count FROM (
      SELECT type, count(*) AS rows FROM journal GROUP BY type UNION ALL SELECT type, count(*) FROM journal_archived GROUP BY type
    ) WHERE type LIKE 'run.%' GROUP BY type`),
    providers: rows<{ provider: string; calls: number; costUsd: number }>(
      'SELECT provider, count(*) AS calls, sum(cost_usd) AS costUsd FROM cost_ledger GROUP BY provider',
    ),
    migration: rows<{ version: number | null }>('SELECT max(version) AS version FROM _migrations'),
  };

  /** All or nothing; for readings, all of one moment. */
  function atOnce<T>(kind: 'DEFERRED' | 'IMMEDIATE', work: () => T): T {
    database.exec(`BEGIN ${kind}`);
    try {
      const result = work();
      database.exec('COMMIT');
      return result;
    } catch (error) {
      if (database.isTransaction) database.exec('ROLLBACK');
      throw error;
    }
  }

  function add({ crew, prompt, maxTokens, timeoutMs }: Task, status: string, pipeline: number | null): number {
    return insert(crew, prompt, maxTokens, timeoutMs, status, pipeline);
  }

  function log(type: string, id: number, at: number): void {
    journal(type, id, at);
    archive(liveRows);
    unlive();
    prune(archivedRows);
  }

  function movePipeline(pipeline: number, ending: Ending): void {
    const [step] = ending === 'completed' ? nextStep(pipeline) : [];
    if (step !== undefined) return void setStatus(step.id, 'QUEUED');
    cancelSteps(pipeline);
    setPipeline(pipeline, ending === 'timeout' ? 'failed' : ending);
  }

  function end(id: number, ending: Ending, at: number): boolean {
    const [found] = assignment(id);
    if (found?.status !== 'RUNNING' && found?.status !== 'QUEUED') return false;
    if (found.status === 'RUNNING') log(`run.${ending}`, id, at);
    setStatus(id, statusOf[ending]);
    if (found.pipeline !== null) movePipeline(found.pipeline, ending);
    return true;
  }

  atOnce('IMMEDIATE', () => {
    for (const { id } of rows<{ id: number }>(`SELECT id FROM assignments WHERE status = 'RUNNING'`)()) {
      log('run.failed', id, now);
      setStatus(id, 'FAILED');
    }
    database.exec(`UPDATE pipeline_runs SET status = 'interrupted' WHERE status IN ('queued', 'running')`);
    database.exec(`UPDATE assignments SET status = 'CANCELLED' WHERE pipeline_run IS NOT NULL AND status IN ('PENDING', 'QUEUED')`);
  });

  return Object.freeze({
    queue: (task) => add(task, 'QUEUED', null),
    runPipeline: (steps, dryRun) =>
      atOnce('IMMEDIATE', () => {
        const id = insertPipeline(dryRun ? 'dry_run' : 'queued');
        if (!dryRun) for (const [at, step] of steps.entries()) add(step, at === 0 ? 'QUEUED' : 'PENDING', id);
        return id;
      }),
    next: (busy) => queued().find(({ crew }) => !busy.has(crew)),
    begin: (id, at) =>
      atOnce('IMMEDIATE', () => {
        setStatus(id, 'RUNNING');
        log('run.started', id, at);
        const pipeline = assignment(id)[0]?.pipeline;
        if (typeof pipeline === 'number') setPipeline(pipeline, 'running');
      }),
    end: (id, ending, at) => atOnce('IMMEDIATE', () => end(id, ending, at)),
    status: (of, id) => database.prepare(`SELECT status FROM ${of} WHERE id = ?`).get(id)?.status as string | undefined,
    spend: ({ provider, inputTokens, outputTokens, costUsd }) => void spend(provider, inputTokens, outputTokens, costUsd),
    auditCredential(provider, id, at) {
      try {
        audit.run(provider, id, at);
        return true;
      } catch {
        return false;
      }
    },
    reading: () =>
      atOnce('DEFERRED', () => ({
        assignments: readings.assignments(),
        queues: readings.queues().map(({ depth }) => depth),
        pipelineRuns: readings.pipelineRuns(),
        runEvents: readings.runEvents(),
        providers: readings.providers(),
        migrationVersion: readings.migration()[0]?.version ?? undefined,
      })),
    close() {
      auditing.close();
      database.close();
    },
  } satisfies Store);
}
