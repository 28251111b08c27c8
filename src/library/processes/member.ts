/**
 * A process in the directory of its program: its id, its record, and the totals that it took over. It works without waiting, from
 * the first moment on, because a process can exit at any time, also before it has joined the others.
 */
import type { View } from '../../core/store/store.ts';
import { openDirectory } from './directory/directory.ts';
import { createFiles, type Files } from './directory/files.ts';
import { logOnce } from './log-once.ts';
import { createOwnRecord, type Written } from './own-record.ts';
import type { ProcessRecord } from './record/record.ts';
import { createSnapshots, type Snapshot } from './record/snapshot.ts';

export interface MemberOptions {
  /** `all`, or a directory. */
  readonly processes: string;
  /** Totals also go on after all processes have ended. */
  readonly keepsTotals: boolean;
  /** The contract's name. */
  readonly contract: string;
  /** The path of the program's script. */
  readonly program: string;
  /** The process's own series. */
  readonly view: View;
  /** The store's clock. */
  readonly clock: () => number;
  /** Runs the callbacks: those that return no promise have ended when it returns. */
  readonly refresh: (budgetMs: number) => unknown;
  readonly log: (line: string) => void;
}

/** Another process's record. */
export interface Found extends ProcessRecord {
  readonly id: string;
  readonly ended: boolean;
  /** The record's file. */
  readonly name?: string | undefined;
  /**
   * It has surely ended: it has reported so, or nothing listens at its socket. Without a socket, its file may have been removed.
   */
  readonly isOver?: boolean;
}

export interface Member {
  readonly id: string;
  readonly keepsTotals: boolean;
  readonly files: Files;
  /** The ended processes whose totals it has. */
  inherited(): readonly string[];
  /** Writes the process's record to its file, and returns it. */
  write(): Written;
  /** Takes a number: the process has joined the others. */
  takeSlot(): void;
  /**
   * Keeps the number, also if its file was removed, and the files as young as they are used. False: the socket is not there any
   * more.
   */
  keep(): boolean;
  /**
   * Takes over the totals of ended processes; `sum` adds them to those that it has. Nothing waits in here, so that no other sees
   * half of it. Returns the ids of those that no other process has taken over.
   */
  inherit(ended: readonly Found[], sum: (retired: Snapshot, claimed: readonly Found[]) => Snapshot): ReadonlySet<string>;
  /** From now on it has its own series alone, and writes nothing. */
  goAlone(): void;
  /** Writes the record a last time: totals stay for the others. The process does so when it exits, too. */
  leave(): void;
}

/** Ids of ended processes that a record names: those whose files another one may still be reading. */
const mostInherited = 1_000;
const timeDigits = 9;
const randomBytes = 6;
/** A time in base 36, and random bits: ids sort by age. */
const idLength = timeDigits + 2 * randomBytes;
const nothing: Snapshot = { schema: Buffer.from('[]'), values: new Float64Array(0) };

/** When the process of this id began, in milliseconds. */
export const beganMs = (id: string): number => Number.parseInt(id.slice(0, timeDigits), 36);

/**
 * Undefined: other users have all names of the directory.
 * @throws OPTION_INVALID where the directory is not fit
 */
export function enter({
  processes,
  keepsTotals,
  contract,
  program,
  view,
  clock,
  refresh,
  log,
}: MemberOptions): Member | undefined {
  const open = () => openDirectory(processes, contract, program, idLength + '.sock'.length);
  const opened = open();
  if (opened === undefined) return undefined;
  const files = createFiles(opened, open);
  const random = process.getBuiltinModule('node:crypto').randomBytes(randomBytes);
  const id = Date.now().toString(36).padStart(timeDigits, '0') + random.toString('hex');
  const once = logOnce(log);
  const say = (what: string, error: unknown, rest: string) => once(what, `processes: ${what} (${String(error)}), ${rest}`);
  const record = createOwnRecord(id, files, createSnapshots(view, clock), say);
  let inherited: readonly string[] = [];
  let retired = nothing;
  let slot: number | undefined;
  let hasJoined = false;

  const write = () => record.write({ inherited, slot, retired });

  function leave(): void {
    process.off('exit', exit);
    // Nothing is left of a directory that was just removed.
    if (files.isThere()) record.writeLast({ inherited, slot, retired });
    record.close();
    files.touch(id);
    files.freeSlot(id);
  }

  function takeSlot(): void {
    try {
      slot = files.takeSlot(id, slot);
    } catch (error) {
      say('no number can be taken', error, 'and metrics by worker do not show this process. Fix: make room for it');
    }
  }

  function exit(): void {
    void refresh(0);
    leave();
  }

  process.on('exit', exit);
  return Object.freeze<Member>({
    id,
    keepsTotals,
    files,
    inherited: () => inherited,
    write,
    takeSlot() {
      hasJoined = true;
      takeSlot();
    },
    keep() {
      try {
        if (hasJoined && (slot === undefined || !files.keepSlot(id, slot))) takeSlot();
        files.keep(`${id}.bin`);
        return files.keep(`${id}.sock`);
      } catch (error) {
        say('the directory cannot be read', error, 'so what is removed from it is not made again. Fix: let its user read it');
        return true;
      }
    },
    inherit(ended, sum) {
      // All of them have an entry in `inherited`; the others wait for the next time.
      const claimable = ended.filter((record) => record.name !== undefined).slice(0, mostInherited);
      const claimed = claimable.filter((record) => files.claim(record.id, record.name as string, id));
      const ids = new Set(claimed.map((record) => record.id));
      if (claimed.length === 0) return ids;
      retired = sum(retired, claimed);
      inherited = [...inherited, ...claimed.flatMap(({ head }) => head.inherited), ...ids].slice(-mostInherited);
      record.claim(ids);
      write();
      return ids;
    },
    goAlone() {
      record.goAlone();
      inherited = [];
      retired = nothing;
      slot ??= 0;
    },
    leave,
  });
}
