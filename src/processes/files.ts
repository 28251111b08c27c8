/**
 * The files of a directory: `ID.sock`, where a process answers, `ID.bin`, its last record, and `NUMBER.slot`, which holds the id of who has this number. A process
 * that takes over an ended one's totals first renames its file to `ID.bin~HEIR`, which one process alone can do. So no file has two writers, and nothing needs a
 * lock.
 */
import { readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProcessRecord } from './record.ts';
import { createRecordFile, decodeRecordFile, type RecordFile } from './record-file.ts';

const recordName = /^([a-z0-9]+)\.bin(?:~[a-z0-9]+)?$/;
const slotName = /^\d+\.slot$/;
const socketName = /^([a-z0-9]+)\.sock$/;

export interface Files {
  readonly socket: (id: string) => string;
  /** The ids of processes that have a record or a socket, and the name of the record's file. */
  list(): ReadonlyMap<string, string | undefined>;
  /** Undefined: it is not there any more, or no record. */
  read(name: string): ProcessRecord | undefined;
  /** The process's own record. */
  record(id: string): RecordFile;
  /** False: another process has done so. */
  claim(id: string, name: string, heir: string): boolean;
  /** The name of a record's file that `heir` has claimed. */
  claimed(id: string, heir: string): string;
  /** When a record was last written, in milliseconds. Undefined: it is not there any more. */
  writtenMs(name: string): number | undefined;
  /** Makes this the time at which the process's record was last written. */
  touch(id: string): void;
  /** The lowest number that no process of the directory has. */
  takeSlot(id: string): number;
  /** Another process can have it. */
  freeSlot(id: string): void;
  /** Removes all that is left of a process. */
  remove(id: string, name: string | undefined): void;
}

/** Two changes of a directory within it may leave the same time, in milliseconds. */
const clockStepMs = 100;

export function createFiles(directory: string): Files {
  const at = (name: string) => join(directory, name);
  let listed = { changed: 0, read: 0, found: new Map<string, string | undefined>() };

  /** While the directory has not changed, what was found is still there. */
  function list(): ReadonlyMap<string, string | undefined> {
    const changed = statSync(directory).mtimeMs;
    if (changed === listed.changed && listed.read > changed + clockStepMs) return listed.found;
    const read = Date.now();
    const found = new Map<string, string | undefined>();
    for (const name of readdirSync(directory)) {
      const record = recordName.exec(name)?.[1];
      const id = record ?? socketName.exec(name)?.[1];
      if (id !== undefined && (record !== undefined || !found.has(id))) found.set(id, record === undefined ? undefined : name);
    }
    listed = { changed, read, found };
    return found;
  }

  /** Nothing, where the directory has gone. */
  function names(): readonly string[] {
    try {
      return readdirSync(directory);
    } catch {
      return [];
    }
  }

  function contents(name: string): Buffer | undefined {
    try {
      return readFileSync(at(name));
    } catch {
      return undefined;
    }
  }

  const claimed = (id: string, heir: string) => `${id}.bin~${heir}`;

  function freeSlot(id: string): void {
    for (const name of names()) if (slotName.test(name) && contents(name)?.toString() === id) rmSync(at(name), { force: true });
  }

  return Object.freeze<Files>({
    socket: (id) => at(`${id}.sock`),
    list,
    read(name) {
      const bytes = contents(name);
      return bytes === undefined ? undefined : decodeRecordFile(bytes);
    },
    record: (id) => createRecordFile(at(`${id}.bin`), at(`${id}.new`)),
    claim(id, name, heir) {
      try {
        renameSync(at(name), at(claimed(id, heir)));
        return true;
      } catch {
        return false;
      }
    },
    claimed,
    writtenMs: (name) => statSync(at(name), { throwIfNoEntry: false })?.mtimeMs,
    touch(id) {
      const now = new Date();
      try {
        utimesSync(at(`${id}.bin`), now, now);
      } catch {
        // It could not be written.
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
