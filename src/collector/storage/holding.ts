/** A directory that this process holds: its owner file says so, and is looked at through the path, for the directory may be another one by now. */
import { closeSync, constants, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { beginningOf, type Owner, ownerPath, ownerText } from '../../directory/owner-files.ts';
import { withoutWaiting } from '../../node/open-flags.ts';

/** The directory is not there, or is another process's. Nothing may be acknowledged, or changed in it. */
class DirectoryLost extends Error {
  override readonly name = 'DirectoryLost';
}

export interface Holding {
  /** Undefined: this process holds the directory now. Otherwise why it does not. */
  lost(): Error | undefined;
  /** The last one notes that the directory is free. */
  end(): void;
}

export interface HoldingOptions {
  readonly directory: string;
  /** Of its owner file. */
  readonly number: number;
  readonly owner: Owner;
  readonly warn: (message: string) => void;
}

/** A fifth of the time after which others take it that a process has ended. */
const beatEveryMs = 2_000;
/** What was found is good for so long, so that what is acknowledged together is looked up once, or for a multiple of what it took: a file system may be far away. */
const leastGoodMs = 2;
const goodFor = 20;
const mostGoodMs = 100;
const flags = constants.O_NOFOLLOW | withoutWaiting;

export function hold({ directory, number, owner, warn }: HoldingOptions): Holding {
  const path = ownerPath(directory, number);
  const beginning = Buffer.from(beginningOf(owner.id));
  const read = Buffer.alloc(beginning.length);
  let beats = 0;
  let why: Error | undefined;
  let goodUntil = 0;

  /** Undefined: it is this process's. */
  function isAnother(file: number): Error | undefined {
    const isOwn = readSync(file, read, 0, read.length, 0) === read.length && read.equals(beginning);
    return isOwn ? undefined : new DirectoryLost(`${path} is another process's`);
  }

  function look(): Error | undefined {
    try {
      const file = openSync(path, constants.O_RDONLY | flags);
      try {
        return isAnother(file);
      } finally {
        closeSync(file);
      }
    } catch (error) {
      return new DirectoryLost(`${path} cannot be read (${(error as NodeJS.ErrnoException).code})`);
    }
  }

  /** A file that another process has put in its place is not written to. */
  function write(last: boolean): void {
    try {
      const file = openSync(path, constants.O_RDWR | flags);
      try {
        if (isAnother(file) !== undefined) return;
        const text = Buffer.from(ownerText(last ? { ...owner, hasLeft: true } : owner, ++beats));
        ftruncateSync(file, writeSync(file, text, 0, text.length, 0));
      } finally {
        closeSync(file);
      }
    } catch {
      // The next look says why.
    }
  }

  function lost(): Error | undefined {
    const from = performance.now();
    if (from < goodUntil) return why;
    const before = why;
    why = look();
    const to = performance.now();
    goodUntil = to + Math.min(Math.max(leastGoodMs, goodFor * (to - from)), mostGoodMs);
    if (why !== undefined && before === undefined)
      warn(
        `storage: ${directory} was deleted, moved, mounted over or taken by another process: ${why.message}. Nothing is accepted for it until it is back. Fix: put it back, or restart the service`,
      );
    if (why === undefined && before !== undefined) warn(`storage: ${directory} is back, and is used again`);
    return why;
  }

  const timer = setInterval(() => {
    if (lost() === undefined) write(false);
  }, beatEveryMs).unref();

  return Object.freeze({
    lost,
    end() {
      clearInterval(timer);
      write(true);
    },
  });
}
