/** Processes that a killed daemon has left behind: they end before new ones start in their place. */
import { readFileSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bookkeeping } from './bookkeeping.ts';

/** Those at work, in the daemon's own database. Each leads a process group. */
export interface Processes {
  begun(pid: number): void;
  ended(pid: number): void;
  /** Ends by force those of a daemon that was killed, and waits until they have gone; returns how many had not. */
  endLeftBehind(): Promise<number>;
}

export function openProcesses(database: DatabaseSync): Processes {
  database.exec('CREATE TABLE IF NOT EXISTS at_work (pid INTEGER PRIMARY KEY, identity TEXT NOT NULL) STRICT');
  const begun = database.prepare('INSERT OR REPLACE INTO at_work (pid, identity) VALUES (?, ?)');
  const ended = database.prepare('DELETE FROM at_work WHERE pid = ?');
  const isLeft = ({ pid, identity }: Process) => identityOf(pid) === identity;
  const before = database.prepare('SELECT pid, identity FROM at_work').all() as unknown as Process[];

  return Object.freeze({
    begun(pid) {
      const identity = identityOf(pid);
      if (identity !== undefined) begun.run(pid, identity);
    },
    ended: (pid) => void ended.run(pid),
    async endLeftBehind() {
      const left = before.filter(isLeft);
      for (const { pid } of left) end(pid);
      while (left.some(isLeft)) await sleep(20);
      for (const { pid } of before.splice(0)) ended.run(pid);
      return left.length;
    },
  } satisfies Processes);
}

/** Notes the process if the database allows it; a process that has begun continues either way. */
export function noted({ begun, ended }: Processes, books: Bookkeeping): Pick<Processes, 'begun' | 'ended'> {
  return {
    begun: (pid) => void books.attempt('noting a process', () => begun(pid)),
    ended: (pid) => void books.attempt('noting a process', () => ended(pid)),
  };
}

interface Process {
  readonly pid: number;
  readonly identity: string;
}

/** Distinguishes a process from a later one with the same pid, by Linux' `/proc`. Undefined elsewhere, and when it has ended. */
function identityOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is a name that may hold anything, blanks and parentheses included; the 22nd is the start, since the
    // machine's.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // A zombie waits for its parent, for ever if that never asks.
    if (fields[0] === 'Z') return undefined;
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${fields[19]}`;
  } catch {
    return undefined;
  }
}

function end(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Gone in the meantime.
  }
}
