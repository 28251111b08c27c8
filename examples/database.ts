/** SQLite, where the hosts keep what must survive a restart. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type SQLTagStore } from 'node:sqlite';
import { MeterbridgeError, type Problem } from '../src/index.ts';

/** How long a writer waits for another process. */
const BUSY_MS = 2_000;

/** Opens a database in `folder`, readable by this user only. Statements are prepared at their first use, and kept. */
export function openDatabase(folder: string, name: string, schema = ''): SQLTagStore {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const database = new DatabaseSync(join(folder, name), { timeout: BUSY_MS });
  database.exec(`PRAGMA journal_mode = WAL; ${schema}`);
  return database.createTagStore();
}

/**
 * What `open` returns, which opens a database of this name in `folder`.
 *
 * @throws MeterbridgeError `HOST_CONFIG_INVALID` naming the folder that cannot be made, or the file that cannot be used
 */
export function fromData<T>(folder: string, name: string, open: () => T): T {
  try {
    return open();
  } catch (error) {
    const { code, path = folder, message } = error as NodeJS.ErrnoException;
    const problem: Problem =
      code === 'ERR_SQLITE_ERROR'
        ? {
            at: join(folder, name),
            got: JSON.stringify(message),
            rule: 'this is a database that this user can read and write',
            fix: 'correct the file or what may be done with it, or move it away: a new one is made then',
          }
        : {
            at: path,
            got: String(code),
            rule: 'the data folder can be made and written',
            fix: 'correct the path, or name another data folder',
          };
    throw new MeterbridgeError('HOST_CONFIG_INVALID', [problem], { cause: error });
  }
}
