/**
 * A directory that this process holds: its owner file says so, and is looked at through the path, for the directory may be
 * another one by now.
 */
import { ownFile } from '../../core/directory/own-file.ts';
import type { Owner } from '../../core/directory/owner-files.ts';
import { DirectoryLost } from './log/errors.ts';

export interface Holding {
  /** Undefined: this process holds the directory now. Otherwise why it does not. */
  lost(): Error | undefined;
  /** How often that has begun. */
  losses(): number;
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
/**
 * What was found is good for so long, so that what is acknowledged together is looked up once, or for a multiple of what it took:
 * a file system may be far away.
 */
const leastGoodMs = 2;
const goodFor = 20;
const mostGoodMs = 100;

export function hold({ directory, number, owner, warn }: HoldingOptions): Holding {
  const file = ownFile(directory, number, owner);
  let why: Error | undefined;
  let losses = 0;
  let goodUntil = 0;

  function look(): Error | undefined {
    try {
      return file.isOwn() ? undefined : new DirectoryLost(`${file.path} is another process's`);
    } catch (error) {
      return new DirectoryLost(`${file.path} cannot be read (${(error as NodeJS.ErrnoException).code})`);
    }
  }

  function write(what: 'beat' | 'leave'): void {
    try {
      file[what]();
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
    if (why !== undefined && before === undefined) {
      losses++;
      warn(
        `storage: ${directory} was deleted, moved, mounted over or taken by another process: ${why.message}. Nothing is accepted for it until it is back. Fix: put it back, or restart the service`,
      );
    }
    if (why === undefined && before !== undefined) warn(`storage: ${directory} is back, and is used again`);
    return why;
  }

  const timer = setInterval(() => {
    if (lost() === undefined) write('beat');
  }, beatEveryMs).unref();

  return Object.freeze({
    lost,
    losses: () => losses,
    end() {
      clearInterval(timer);
      write('leave');
    },
  });
}
