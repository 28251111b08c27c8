/** The runs in SQLite: they survive a restart, and retention deletes old ones. */
import type { RunTotals } from '../../instrumentation/runwisp/index.ts';
import { openDatabase } from '../database.ts';
import { openProcesses } from '../left-behind.ts';

/** `stopped`: a service that the daemon ended with itself; it counts as neither. */
export type Outcome = 'success' | 'failed' | 'stopped';
export type Trigger = 'schedule' | 'api' | 'service';
export type RunStore = ReturnType<typeof openRunStore>;

export const DATABASE_NAME = 'runs.db';

const schema = `
  CREATE TABLE IF NOT EXISTS runs (
    id INTEGER PRIMARY KEY,
    task TEXT NOT NULL,
    trigger TEXT NOT NULL,
    status TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    ended_at INTEGER
  ) STRICT;
  CREATE INDEX IF NOT EXISTS runs_by_task ON runs (task, id);
  CREATE INDEX IF NOT EXISTS runs_by_status ON runs (status, ended_at);
  CREATE TABLE IF NOT EXISTS schedules (task TEXT PRIMARY KEY, last_slot INTEGER NOT NULL) STRICT;
`;

/** Opens the database in `folder`. Runs that a killed daemon left behind have failed, as of `now`: nothing fails silently. */
export function openRunStore(folder: string, now: number) {
  const sql = openDatabase(folder, DATABASE_NAME, schema);
  sql.run`UPDATE runs SET status = 'failed', ended_at = ${now} WHERE status = 'running'`;

  const store = Object.freeze({
    /** A run begins; returns its id. Times are ms since the epoch. */
    begin(task: string, trigger: Trigger, at: number): number {
      const added = sql.run`INSERT INTO runs (task, trigger, status, started_at) VALUES (${task}, ${trigger}, 'running', ${at})`;
      return Number(added.lastInsertRowid);
    },
    end(id: number, outcome: Outcome, at: number): void {
      sql.run`UPDATE runs SET status = ${outcome}, ended_at = ${at} WHERE id = ${id}`;
    },
    /** A schedule passed without a run. */
    missed(task: string, slot: number): void {
      sql.run`INSERT INTO runs (task, trigger, status, started_at, ended_at) VALUES (${task}, 'schedule', 'missed', ${slot}, ${slot})`;
    },
    /** The slot up to which a task's schedule has been dealt with. */
    lastSlot: (task: string) => sql.get`SELECT last_slot FROM schedules WHERE task = ${task}`?.last_slot as number | undefined,
    /** Notes what was missed, and up to where the schedule has been dealt with: both or neither. */
    settle(task: string, missed: readonly number[], lastSlot: number): void {
      sql.db.exec('BEGIN IMMEDIATE');
      try {
        for (const slot of missed) store.missed(task, slot);
        sql.run`INSERT OR REPLACE INTO schedules (task, last_slot) VALUES (${task}, ${lastSlot})`;
        sql.db.exec('COMMIT');
      } catch (error) {
        if (sql.db.isTransaction) sql.db.exec('ROLLBACK');
        throw error;
      }
    },
    totals(): RunTotals {
      const { lastFailureMs, ...counts } = sql.get`
        SELECT count(*) FILTER (WHERE status = 'success') AS success,
               count(*) FILTER (WHERE status = 'failed') AS failed,
               count(*) FILTER (WHERE status = 'missed') AS missed,
               max(ended_at) FILTER (WHERE status = 'failed') AS lastFailureMs
        FROM runs` as Record<'success' | 'failed' | 'missed', number> & { lastFailureMs: number | null };
      return { ...counts, lastFailureMs: lastFailureMs ?? undefined };
    },
    /** Deletes a task's ended runs beyond `keep`, and those that ended before `before`. */
    retain(task: string, keep: number, before: number): void {
      sql.run`
        DELETE FROM runs WHERE task = ${task} AND status <> 'running' AND (ended_at < ${before} OR id <= (
          SELECT id FROM runs WHERE task = ${task} AND status <> 'running' ORDER BY id DESC LIMIT 1 OFFSET ${keep}))`;
    },
    processes: openProcesses(sql.db),
    close: () => sql.db.close(),
  });
  return store;
}
