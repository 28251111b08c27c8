/** The versions of the schema: each is applied once, in order. */
import type { DatabaseSync } from 'node:sqlite';

const migrations: readonly (readonly [version: number, sql: string])[] = [
  [
    20260712090000,
    `CREATE TABLE assignments (
       id INTEGER PRIMARY KEY, crew TEXT NOT NULL, prompt TEXT NOT NULL, max_tokens INTEGER NOT NULL,
       timeout_ms INTEGER NOT NULL, status TEXT NOT NULL, pipeline_run INTEGER
     ) STRICT;
     CREATE INDEX assignments_by_status ON assignments (status, crew);
     CREATE TABLE pipeline_runs (id INTEGER PRIMARY KEY, status TEXT NOT NULL) STRICT;
     CREATE INDEX pipeline_runs_by_status ON pipeline_runs (status);`,
  ],
  [
    20260719140500,
    `CREATE TABLE journal (id INTEGER PRIMARY KEY, type TEXT NOT NULL, assignment INTEGER NOT NULL, at INTEGER NOT NULL) STRICT;
     CREATE INDEX journal_by_type ON journal (type);
     CREATE TABLE journal_archived (id INTEGER PRIMARY KEY, type TEXT NOT NULL, assignment INTEGER NOT NULL, at INTEGER NOT NULL) STRICT;
     CREATE INDEX journal_archived_by_type ON journal_archived (type);`,
  ],
  [
    20260728110200,
    `CREATE TABLE cost_ledger (provider TEXT NOT NULL, input_tokens INTEGER NOT NULL, output_tokens INTEGER NOT NULL, cost_usd REAL NOT NULL) STRICT;
     CREATE INDEX cost_ledger_by_provider ON cost_ledger (provider, cost_usd);
     CREATE TABLE credential_audit (id INTEGER PRIMARY KEY, provider TEXT NOT NULL, assignment INTEGER NOT NULL, at INTEGER NOT NULL) STRICT;`,
  ],
];

/** A database that a newer program has migrated further is left as it is. */
export function migrate(database: DatabaseSync, now: number): void {
  database.exec('CREATE TABLE IF NOT EXISTS _migrations (version INTEGER PRIMARY KEY, applied_at INTEGER NOT NULL) STRICT');
  const applied = database.prepare('SELECT 1 FROM _migrations WHERE version = ?');
  for (const [version, sql] of migrations) {
    if (applied.get(version) !== undefined) continue;
    database.exec(`BEGIN IMMEDIATE; ${sql} INSERT INTO _migrations VALUES (${version}, ${now}); COMMIT`);
  }
}
