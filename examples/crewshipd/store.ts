/** Assignments, pipeline runs, the journal and the ledger in SQLite. */
import { DatabaseSync } from 'node:sqlite';
import type { DatabaseReading } from '../../instrumentation/crewshipd/index.ts';
import { openDatabase } from '../database.ts';
import type { Usage } from './agent.ts';
import { migrate } from './migrations.ts';

/** The task for the agent. */
export interface Task {
  readonly crew: string;
  readonly prompt: string;
  readonly maxTokens: number;
  readonly timeoutMs: number;
}

export interface Assignment extends Task {
  readonly id: number;
}

export type Ending = 'completed' | 'failed' | 'cancelled' | 'timeout';
export type Store = ReturnType<typeof openStore>;

export const DATABASE_NAME = 'crewship.db';
/** Journal rows beyond these move to the archive, … */
const LIVE_ROWS = 1_000;
/** … and beyond these the archive's oldest are pruned. */
const ARCHIVED_ROWS = 100_000;

/** As the table has it. */
const statusOf: Readonly<Record<Ending, string>> = {
  completed: 'COMPLETED',
  failed: 'FAILED',
  cancelled: 'CANCELLED',
  timeout: 'FAILED',
};

/**
 * Opens the database in `folder`. Runs that a killed daemon left behind have failed, and their pipeline runs were interrupted.
 */
export function openStore(folder: string, now: number, { liveRows = LIVE_ROWS, archivedRows = ARCHIVED_ROWS } = {}) {
  const sql = openDatabase(folder, DATABASE_NAME);
  const database = sql.db;
  migrate(database, now);
  // A separate connection that does not wait for locks: an audit record must not hold an agent up.
  const auditing = new DatabaseSync(database.location() as string, { timeout: 0 });
  const audit = auditing.prepare('INSERT INTO credential_audit (provider, assignment, at) VALUES (?, ?, ?)');

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
    const added = sql.run`INSERT INTO assignments (crew, prompt, max_tokens, timeout_ms, status, pipeline_run)
      VALUES (${crew}, ${prompt}, ${maxTokens}, ${timeoutMs}, ${status}, ${pipeline})`;
    return Number(added.lastInsertRowid);
  }

  function setStatus(id: number, status: string): void {
    sql.run`UPDATE assignments SET status = ${status} WHERE id = ${id}`;
  }

  function setPipeline(id: number, status: string): void {
    sql.run`UPDATE pipeline_runs SET status = ${status} WHERE id = ${id}`;
  }

  function assignment(id: number) {
    const row = sql.get`SELECT status, pipeline_run AS pipeline FROM assignments WHERE id = ${id}`;
    return row as { status: string; pipeline: number | null } | undefined;
  }

  function log(type: string, id: number, at: number): void {
    sql.run`INSERT INTO journal (type, assignment, at) VALUES (${type}, ${id}, ${at})`;
    sql.run`INSERT INTO journal_archived SELECT * FROM journal WHERE id <= (SELECT max(id) FROM journal) - ${liveRows}`;
    sql.run`DELETE FROM journal WHERE id <= (SELECT max(id) FROM journal_archived)`;
    sql.run`DELETE FROM journal_archived WHERE id <= (SELECT max(id) FROM journal_archived) - ${archivedRows}`;
  }

  function movePipeline(pipeline: number, ending: Ending): void {
    const step = sql.get`SELECT id FROM assignments WHERE pipeline_run = ${pipeline} AND status = 'PENDING' ORDER BY id LIMIT 1`;
    if (ending === 'completed' && step !== undefined) {
      setStatus(step.id as number, 'QUEUED');
      return;
    }
    sql.run`UPDATE assignments SET status = 'CANCELLED' WHERE pipeline_run = ${pipeline} AND status IN ('PENDING', 'QUEUED')`;
    setPipeline(pipeline, ending === 'timeout' ? 'failed' : ending);
  }

  atOnce('IMMEDIATE', () => {
    for (const { id } of sql.all`SELECT id FROM assignments WHERE status = 'RUNNING'` as { id: number }[]) {
      log('run.failed', id, now);
      setStatus(id, 'FAILED');
    }
    sql.run`UPDATE pipeline_runs SET status = 'interrupted' WHERE status IN ('queued', 'running')`;
    sql.run`UPDATE assignments SET status = 'CANCELLED' WHERE pipeline_run IS NOT NULL AND status IN ('PENDING', 'QUEUED')`;
  });

  return Object.freeze({
    /** Queues an assignment; returns its id. */
    queue: (task: Task): number => add(task, 'QUEUED', null),
    /** Queues the first step of a pipeline run, the others wait for it. A dry run only leaves its record. Returns its id. */
    runPipeline: (steps: readonly Task[], dryRun: boolean): number =>
      atOnce('IMMEDIATE', () => {
        const id = Number(sql.run`INSERT INTO pipeline_runs (status) VALUES (${dryRun ? 'dry_run' : 'queued'})`.lastInsertRowid);
        if (!dryRun) for (const [at, step] of steps.entries()) add(step, at === 0 ? 'QUEUED' : 'PENDING', id);
        return id;
      }),
    /** The oldest queued assignment of a crew that is not among the busy ones. */
    next(busy: ReadonlySet<string>): Assignment | undefined {
      const queued = sql.all`SELECT id, crew, prompt, max_tokens AS maxTokens, timeout_ms AS timeoutMs
        FROM assignments WHERE status = 'QUEUED' ORDER BY id` as unknown as Assignment[];
      return queued.find(({ crew }) => !busy.has(crew));
    },
    begin: (id: number, at: number): void =>
      atOnce('IMMEDIATE', () => {
        setStatus(id, 'RUNNING');
        log('run.started', id, at);
        const pipeline = assignment(id)?.pipeline;
        if (typeof pipeline === 'number') setPipeline(pipeline, 'running');
      }),
    /** Also moves its pipeline run on. False when it had ended already. */
    end: (id: number, ending: Ending, at: number): boolean =>
      atOnce('IMMEDIATE', () => {
        const found = assignment(id);
        if (found?.status !== 'RUNNING' && found?.status !== 'QUEUED') return false;
        if (found.status === 'RUNNING') log(`run.${ending}`, id, at);
        setStatus(id, statusOf[ending]);
        if (found.pipeline !== null) movePipeline(found.pipeline, ending);
        return true;
      }),
    /** As the database spells it; undefined when there is none. */
    status: (of: 'assignments' | 'pipeline_runs', id: number) =>
      database.prepare(`SELECT status FROM ${of} WHERE id = ?`).get(id)?.status as string | undefined,
    spend({ provider, inputTokens, outputTokens, costUsd }: Usage & { provider: string; costUsd: number }): void {
      sql.run`INSERT INTO cost_ledger VALUES (${provider}, ${inputTokens}, ${outputTokens}, ${costUsd})`;
    },
    /** Best effort: false when the record was lost, because the database was busy. */
    auditCredential(provider: string, id: number, at: number): boolean {
      try {
        audit.run(provider, id, at);
        return true;
      } catch {
        return false;
      }
    },
    reading: (): DatabaseReading =>
      atOnce('DEFERRED', () => {
        const rows = {
          assignments: sql.all`SELECT status AS name, count(*) AS count FROM assignments GROUP BY status`,
          queues: sql.all`SELECT count(*) AS depth FROM assignments WHERE status = 'QUEUED' GROUP BY crew`.map(
            ({ depth }) => depth,
          ),
          pipelineRuns: sql.all`SELECT status AS name, count(*) AS count FROM pipeline_runs GROUP BY status`,
          runEvents: sql.all`SELECT substr(type, 5) AS name, sum(rows) AS count FROM (
            SELECT type, count(*) AS rows FROM journal GROUP BY type UNION ALL SELECT type, count(*) FROM journal_archived GROUP BY type
          ) WHERE type LIKE 'run.%' GROUP BY type`,
          providers: sql.all`SELECT provider, count(*) AS calls, sum(cost_usd) AS costUsd FROM cost_ledger GROUP BY provider`,
          migrationVersion: sql.get`SELECT max(version) AS version FROM _migrations`?.version ?? undefined,
        };
        return rows as unknown as DatabaseReading;
      }),
    close(): void {
      auditing.close();
      database.close();
    },
  });
}
