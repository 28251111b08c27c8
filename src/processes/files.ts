/**
 * The files of a directory: `ID.sock`, where a process answers, `ID.bin`, its last record, and `NUMBER.slot`, which holds the id of who has this number. A process that takes over an ended one's totals first renames
 * its file to `ID.bin~HEIR`, which one process alone can do. So no file has two writers, and nothing needs a lock.
 */
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeRecord, type ProcessRecord } from './record.ts';

const recordFile = /^([a-z0-9]+)\.bin(?:~[a-z0-9]+)?$/;
const slotFile = /^\d+\.slot$/;
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
  /** The lowest number that no process of the directory has. */
  takeSlot(id: string): number;
  /** Another process can have it. */
  freeSlot(id: string): void;
  /** Removes all that is left of a process. */
  remove(id: string, name: string | undefined): void;
}

export function createFiles(directory: string): Files {
  const at = (name: string) => join(directory, name);

  function freeSlot(id: string): void {
    for (const name of readdirSync(directory)) {
      if (slotFile.test(name) && readFileSync(at(name), 'utf8') === id) rmSync(at(name), { force: true });
    }
  }

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
    takeSlot(id) {
      for (let slot = 0; ; slot++) {
        try {
          writeFileSync(at(`${slot}.slot`), id, { mode: 0o600, flag: 'wx' });
          return slot;
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
        }
      }
    },
    freeSlot,
    remove(id, name) {
      freeSlot(id);
      for (const file of [name, `${id}.sock`, `${id}.new`]) if (file !== undefined) rmSync(at(file), { force: true });
    },
  });
}
