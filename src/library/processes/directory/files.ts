/**
 * The files of a directory: `ID.sock`, where a process responds, `ID.bin`, its last record, and `NUMBER.slot`, which holds the id
 * of the process with this number. A process that takes over an ended one's totals first renames its file to `ID.bin~HEIR`, which
 * one process alone can do. So no file has two writers, and nothing needs a lock.
 */
import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readFile } from '../../../core/directory/foreign-file.ts';
import { isWhole, mostRecordBytes, numberBytes, type ProcessRecord } from '../record/record.ts';
import { createRecordFile, decodeRecordFile, type RecordFile, whyNoRecordFile } from '../record/record-file.ts';
import { isOurs } from './directory.ts';
import { keepYoung, statsOf, touch } from './file-age.ts';
import { createListing, type Listing } from './listing.ts';
import { freeSlots, hasSlot, nameOfSlot, takeSlot } from './slots.ts';

/** As `member.ts` makes ids: not what another program may have put there. */
const ownName = /^[a-z0-9]{9}[a-f0-9]{12}\./;

export interface Files {
  readonly path: (name: string) => string;
  readonly socket: (id: string) => string;
  /**
   * As a directory's listing. Makes the directory again where it has gone; throws the error of the file system, or that of its
   * opening.
   */
  list: Listing['list'];
  unreadable: Listing['unreadable'];
  /** Undefined: it is not there any more. `unreadable`: it is left out. */
  read(name: string): ProcessRecord | 'unreadable' | undefined;
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
  /**
   * Touches a file that was not touched for an hour: cleaners of temporary directories remove old ones. False: it is not there.
   */
  keep(name: string): boolean;
  /** The lowest number that no process of the directory has, or `before`, if it is free. */
  takeSlot(id: string, before?: number): number;
  /** The same for the process's number. False: another process has it, or none. */
  keepSlot(id: string, slot: number): boolean;
  /** Another process can have it. */
  freeSlot(id: string): void;
  /** Removes all that is left of processes. */
  remove(ended: Iterable<readonly [id: string, name: string | undefined]>): void;
  /** Removes what is left out, if it has a name as processes give it. */
  removeUnreadable(): void;
  /** Finds or makes the directory again where it has gone. Throws as its opening. */
  reopen(): void;
  isThere(): boolean;
}

/** `open` finds or makes the directory where it has gone. */
export function createFiles(opened: string, open: () => string | undefined): Files {
  let directory = opened;
  let listing = createListing(directory);
  const at = (name: string) => join(directory, name);
  const claimed = (id: string, heir: string) => `${id}.bin~${heir}`;

  function reopen(): void {
    if (isOurs(directory)) return;
    // Where no other name is free, the error of the file system is reported.
    directory = open() ?? directory;
    listing = createListing(directory);
  }

  /** What cannot be removed is left out. */
  function discard(name: string): void {
    try {
      rmSync(at(name), { force: true });
    } catch (error) {
      listing.leaveOut(name, `it cannot be removed (${(error as NodeJS.ErrnoException).code})`);
    }
  }

  return Object.freeze<Files>({
    path: at,
    socket: (id) => at(`${id}.sock`),
    list() {
      reopen();
      return listing.list();
    },
    unreadable: () => listing.unreadable(),
    read(name) {
      const read = readFile(at(name), mostRecordBytes, { bytes: numberBytes, whyNot: whyNoRecordFile });
      if (read === undefined) return undefined;
      const record = Buffer.isBuffer(read) ? decodeRecordFile(read) : undefined;
      if (record !== undefined && isWhole(record)) return record;
      if (Buffer.isBuffer(read)) listing.leaveOut(name, 'it is no whole record');
      else if (!read.passing) listing.leaveOut(name, read.why);
      return 'unreadable';
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
    writtenMs: (name) => statsOf(at(name))?.mtimeMs,
    touch: (id) => touch(at(`${id}.bin`)),
    keep: (name) => keepYoung(at(name)),
    keepSlot: (id, slot) => keepYoung(at(nameOfSlot(slot))) && hasSlot(directory, id, slot),
    takeSlot: (id, before) => takeSlot(directory, id, before),
    freeSlot: (id) => freeSlots(directory, new Set([id])),
    remove(ended) {
      const ids = new Set<string>();
      for (const [id, name] of ended) {
        ids.add(id);
        for (const file of [name, `${id}.sock`, `${id}.new`]) if (file !== undefined) discard(file);
      }
      if (ids.size > 0) freeSlots(directory, ids);
    },
    removeUnreadable() {
      for (const name of [...listing.unreadable().keys()]) if (ownName.test(name)) discard(name);
    },
    reopen,
    isThere: () => isOurs(directory),
  });
}
