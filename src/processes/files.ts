/**
 * The files of a directory: `ID.sock`, where a process answers, and `ID.bin`, its last record. A process that takes over an ended one's totals first renames
 * its file to `ID.bin~HEIR`, which one process alone can do. So no file has two writers, and nothing needs a lock.
 */
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeRecord, type ProcessRecord } from './record.ts';

const recordFile = /^([a-z0-9]+)\.bin(?:~[a-z0-9]+)?$/;
const socketFile = /^([a-z0-9]+)\.sock$/;

export interface Files {
  readonly socket: (id: string) => string;
  /** The ids of processes that have a record or a socket, and the name of the record's file. */
  list(): ReadonlyMap<string, string | undefined>;
  /** Undefined: it is not there any more, or no record. */
  read(name: string): ProcessRecord | undefined;
  /** Replaces the record as a whole. */
  write(id: string, record: Buffer): void;
  /** False: another process has done so. */
  claim(id: string, name: string, heir: string): boolean;
  /** Removes all that is left of a process. */
  remove(id: string, name: string | undefined): void;
}

export function createFiles(directory: string): Files {
  const at = (name: string) => join(directory, name);
  return Object.freeze<Files>({
    socket: (id) => at(`${id}.sock`),
    list() {
      const found = new Map<string, string | undefined>();
      for (const name of readdirSync(directory)) {
        const record = recordFile.exec(name)?.[1];
        const id = record ?? socketFile.exec(name)?.[1];
        if (id !== undefined && (record !== undefined || !found.has(id))) found.set(id, record === undefined ? undefined : name);
      }
      return found;
    },
    read(name) {
      try {
        return decodeRecord(readFileSync(at(name)));
      } catch {
        return undefined;
      }
    },
    write(id, record) {
      writeFileSync(at(`${id}.new`), record, { mode: 0o600 });
      renameSync(at(`${id}.new`), at(`${id}.bin`));
    },
    claim(id, name, heir) {
      try {
        renameSync(at(name), at(`${id}.bin~${heir}`));
        return true;
      } catch {
        return false;
      }
    },
    remove(id, name) {
      for (const file of [name, `${id}.sock`, `${id}.new`]) if (file !== undefined) rmSync(at(file), { force: true });
    },
  });
}
