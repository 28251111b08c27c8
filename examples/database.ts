/** SQLite, as the hosts keep what has to survive them. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type SQLTagStore } from 'node:sqlite';

/** A writer waits so long for another process. */
const BUSY_MS = 2_000;

/** Opens a database in `folder`, which nobody else may read. Statements are prepared at their first use, and kept. */
export function openDatabase(folder: string, name: string, schema = ''): SQLTagStore {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const database = new DatabaseSync(join(folder, name), { timeout: BUSY_MS });
  database.exec(`PRAGMA journal_mode = WAL; ${schema}`);
  return database.createTagStore();
}
