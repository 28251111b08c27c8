/** The runs in SQLite: they survive a restart, and retention takes old ones away. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { RunTotals } from '../../instrumentation/runwisp/index.ts';
import { openProcesses, type Processes } from '../left-behind.ts';

/** `stopped`: a service that the daemon ended with itself; it counts as neither. */
export type Outcome = 'success' | 'failed' | 'stopped';
export type Trigger = 'schedule' | 'api' | 'service';

export interface RunStore {
  /** A run begins; returns its id. Times are ms since the epoch. */
  begin(task: string, trigger: Trigger, at: number): number;
  end(id: number, outcome: Outcome, at: number): void;
  /** A schedule passed without a run. */
  missed(task: string, slot: number): void;
  /** The slot up to which a task's schedule has been dealt with. */
  lastSlot(task: string): number | undefined;
  setLastSlot(task: string, slot: number): void;
  totals(): RunTotals;
  /** Deletes a task's ended runs beyond `keep`, and those that ended before `before`. */
  retain(task: string, keep: number, before: number): void;
  readonly processes: Processes;
  close(): void;
}

export const DATABASE_NAME = 'runs.db';

const schema = `
  PRAGMA journal_mode = WAL;
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
export function openRunStore(folder: string, now: number): RunStore {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const database = new DatabaseSync(join(folder, DATABASE_NAME), { timeout: 2_000 });
  database.exec(schema);
  database.prepare(`UPDATE runs SET status = 'failed', ended_at = ? WHERE status = 'running'`).run(now);
  const begin = database.prepare(`INSERT INTO runs (task, trigger, status, started_at) VALUES (?, ?, 'running', ?)`);
  const end = database.prepare(`UPDATE runs SET status = ?, ended_at = ? WHERE id = ?`);
  const missed = database.prepare(`INSERT INTO runs (task, trigger, status, started_at, ended_at) VALUES (?, 'schedule', 'missed', ?, ?)`);
  const lastSlot = database.prepare(`SELECT last_slot FROM schedules WHERE task = ?`);
  const setLastSlot = database.prepare(
    `INSERT INTO schedules (task, last_slot) VALUES (?, ?) ON CONFLICT (task) DO UPDATE SET last_slot = excluded.last_slot`,
  );
  const totals = database.prepare(`
    SELECT count(*) FILTER (WHERE status = 'success') AS success,
           count(*) FILTER (WHERE status = 'failed') AS failed,
           count(*) FILTER (WHERE status = 'missed') AS missed,
           max(ended_at) FILTER (WHERE status = 'failed') AS lastFailureMs
    FROM runs`);
  const retain = database.prepare(`
    DELETE FROM runs WHERE task = ?1 AND status <> 'running' AND (ended_at < ?3 OR id <= (
      SELECT id FROM runs WHERE task = ?1 AND status <> 'running' ORDER BY id DESC LIMIT 1 OFFSET ?2))`);

  return Object.freeze({
    begin: (task, trigger, at) => Number(begin.run(task, trigger, at).lastInsertRowid),
    end: (id, outcome, at) => void end.run(outcome, at, id),
    missed: (task, slot) => void missed.run(task, slot, slot),
    lastSlot: (task) => lastSlot.get(task)?.last_slot as number | undefined,
    setLastSlot: (task, slot) => void setLastSlot.run(task, slot),
    totals() {
      const row = totals.get() as { success: number; failed: number; missed: number; lastFailureMs: number | null };
      return { success: row.success, failed: row.failed, missed: row.missed, lastFailureMs: row.lastFailureMs ?? undefined };
    },
    retain: (task, keep, before) => void retain.run(task, keep, before),
    processes: openProcesses(database),
    close: () => database.close(),
  } satisfies RunStore);
}
