/**
 * A lock of the kernel on a file, by SQLite, because Node.js has no other way to one. It ends with its process, however that
 * ends, and reaches as far as the file system carries locks. No other file descriptor of this process may be closed on the file:
 * the lock would end with it.
 */
import { closeSync, lstatSync, openSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { type Place, placeOf } from '../../core/directory/owner-files.ts';

export interface KernelLock {
  /**
   * Which file it is, on this machine. Undefined: processes may have it at a time, for the file system is a program that asks the
   * kernel for the locks of all.
   */
  readonly file: Place | undefined;
  release(): void;
}

const lockName = 'meterbridge.held';
/** Another process has it. The upper bits say where. */
const busyCodes: readonly number[] = [5, 6];
const codeMask = 0xff;

/** `busy`: another process has it, or tries to get it now. Undefined: there are no such locks here. */
export function takeKernelLock(directory: string): KernelLock | 'busy' | undefined {
  const sqlite = process.getBuiltinModule('node:sqlite');
  const path = join(directory, lockName);
  if (sqlite === undefined || !isFile(path)) return undefined;
  let database: DatabaseSync | undefined;
  try {
    database = new sqlite.DatabaseSync(path);
    // Nothing is written, not even a journal.
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    const held = database;
    return { file: placeOf(path), release: () => held.close() };
  } catch (error) {
    database?.close();
    return busyCodes.includes(Number((error as { errcode?: unknown }).errcode) & codeMask) ? 'busy' : undefined;
  }
}

/** Makes the file where there is none. */
function isFile(path: string): boolean {
  try {
    if (lstatSync(path, { throwIfNoEntry: false }) === undefined) make(path);
    return lstatSync(path).isFile();
  } catch {
    return false;
  }
}

function make(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
