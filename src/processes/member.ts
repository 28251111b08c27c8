/**
 * A process in the directory of its program: its id, its record, and the totals that it took over. It works without waiting, from the first moment on, because a
 * process can exit at any time, also before it has joined the others.
 */
import type { View } from '../store/store.ts';
import { openDirectory } from './directory.ts';
import { createFiles, type Files } from './files.ts';
import { encodeHead, type ProcessRecord, type RecordHead } from './record.ts';
import { createSnapshots, type Snapshot } from './snapshot.ts';

export interface MemberOptions {
  /** `all`, or a directory. */
  readonly processes: string;
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
}

export interface Written extends ProcessRecord {
  readonly bytes: Buffer;
  /** Of the head. */
  readonly version: number;
}

export interface Member {
  readonly id: string;
  readonly files: Files;
  /** The ended processes whose totals it has. */
  inherited(): readonly string[];
  /** Writes the process's record to its file, and returns it. */
  write(): Written;
  /** Takes a number: the process has joined the others. */
  takeSlot(): void;
  /** Takes over the totals of ended processes; `sum` adds them to those that it has. Nothing waits in here, so that no other sees half of it. */
  inherit(ended: readonly Found[], sum: (retired: Snapshot, claimed: readonly Found[]) => Snapshot): void;
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

/** @throws OPTION_INVALID where the directory is not fit */
export function enter({ processes, contract, program, view, clock, refresh, log }: MemberOptions): Member {
  const files = createFiles(openDirectory(processes, contract, program, idLength + '.sock'.length));
  const random = process.getBuiltinModule('node:crypto').randomBytes(randomBytes);
  const id = Date.now().toString(36).padStart(timeDigits, '0') + random.toString('hex');
  const snapshot = createSnapshots(view, clock);
  const file = files.record(id);
  let inherited: readonly string[] = [];
  let retired = nothing;
  let slot: number | undefined;
  /** The head as it was last encoded. */
  let last: { readonly head: RecordHead; readonly bytes: Buffer; readonly version: number } | undefined;
  /** Files of processes whose totals are in no written record yet. */
  let claims: readonly Found[] = [];
  let saidWhy = false;

  function headOf({ schema }: Snapshot): NonNullable<typeof last> {
    const before = last?.head;
    if (last !== undefined && before?.schema === schema && before.slot === slot && before.retired === retired) return last;
    const head = { inherited, slot, schema, retired };
    last = { head, bytes: encodeHead(head), version: (last?.version ?? 0) + 1 };
    return last;
  }

  function write(): Written {
    const own = snapshot();
    const { head, bytes, version } = headOf(own);
    try {
      file.write(bytes, own.values);
      for (const { id: other } of claims) files.remove(other, files.claimed(other, id));
      claims = [];
    } catch (error) {
      if (!saidWhy)
        log(`processes: totals cannot be written (${String(error)}), and are lost if this process ends. Fix: make room for them`);
      saidWhy = true;
    }
    return { head, own, bytes, version };
  }

  function leave(): void {
    process.off('exit', exit);
    write();
    file.close();
    files.touch(id);
    files.freeSlot(id);
  }

  function exit(): void {
    void refresh(0);
    leave();
  }

  process.on('exit', exit);
  return Object.freeze<Member>({
    id,
    files,
    inherited: () => inherited,
    write,
    takeSlot() {
      slot = files.takeSlot(id);
    },
    inherit(ended, sum) {
      const claimed = ended.filter((record) => record.name !== undefined && files.claim(record.id, record.name, id));
      if (claimed.length === 0) return;
      retired = sum(retired, claimed);
      inherited = [...inherited, ...claimed.flatMap((record) => [...record.head.inherited, record.id])].slice(-mostInherited);
      claims = [...claims, ...claimed];
      write();
    },
    leave,
  });
}
