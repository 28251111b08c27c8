/**
 * A process among those of its program. Each writes its record every second and ahead of each answer; who is scraped asks all others, and reads the records of
 * those that have ended. So no process leads, and none has to be replaced.
 */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { View } from '../store/store.ts';
import { openDirectory } from './directory.ts';
import { createFiles } from './files.ts';
import { createMerged, type Merged, type Part, type Remarks } from './merged.ts';
import { decodeAnswer, encodeAnswer, encodeHead, type ProcessRecord, type RecordHead } from './record.ts';
import { createSnapshots, type Snapshot } from './snapshot.ts';
import { answerAt, createAsking } from './socket.ts';

export interface JoinOptions {
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
  /** Runs the callbacks. */
  readonly refresh: (budgetMs: number) => Promise<void> | undefined;
  readonly log: (line: string) => void;
  /** A process has not answered in time. */
  readonly onLate: () => void;
  /** Receives how many values are over the limits of their labels, over all processes. */
  readonly onExcess: (values: number) => void;
}

export interface Processes {
  /** Returns what collects the series of all processes. Each reader has a store of its own, which changes at its next collection alone. */
  reader(): () => Promise<View>;
  /** Whether the process is the oldest one of those that live, as of the last collection. */
  isOldest(): boolean;
  /** Leaves: totals stay for the others. */
  close(): Promise<void>;
}

/** How long others have to answer. After that their last record is shown. */
const patienceMs = 500;
/** Of these, the part in which a process runs its own callbacks. */
const callbacksMs = 400;
const writeEveryMs = 1_000;
/** A process that has bound its socket listens on it before this has passed. */
const bindMs = 50;
/** Ids of ended processes that a record names: those whose files another one may still be reading. */
const mostInherited = 1_000;
/** Rounds of questions, where a record was taken over by a process that had answered before. */
const mostRounds = 5;
/** A time in base 36, and random bits: ids sort by age. */
const idLength = 9 + 12;
const nothing: Snapshot = { schema: Buffer.from('[]'), values: new Float64Array(0) };

interface Found extends ProcessRecord {
  readonly id: string;
  readonly ended: boolean;
  /** The record's file. */
  readonly name?: string | undefined;
}

interface Known {
  readonly version: number;
  readonly head: RecordHead;
}

/** Rejects with OPTION_INVALID, or the error of the file system. */
export async function joinProcesses({
  processes,
  contract,
  program,
  view,
  clock,
  refresh,
  log,
  onLate,
  onExcess,
}: JoinOptions): Promise<Processes> {
  const files = createFiles(openDirectory(processes, contract, program, idLength + '.sock'.length));
  const id = Date.now().toString(36).padStart(9, '0') + randomBytes(6).toString('hex');
  const asking = createAsking();
  const snapshot = createSnapshots(view, clock);
  const once = logOnce(log);
  const remarks: Remarks = {
    excess: onExcess,
    differs(name) {
      once(
        name,
        `${name}: two processes declare it with different bounds or kinds; the newest is shown. Fix: deploy one version everywhere`,
      );
    },
    over(name, label, limit, other) {
      const rest = other === undefined ? 'left out' : `added up as ${other}`;
      const fix = 'raise the limit in the contract, or remove what is gone';
      once(
        `${name}{${label}`,
        `${name}{${label}}: all processes together have more than its limit of ${limit} values; the rest is ${rest}. Fix: ${fix}`,
      );
    },
  };
  /** Of others, by their ids. */
  const heads = new Map<string, Known>();
  const file = files.record(id);
  let inherited: readonly string[] = [];
  let retired = nothing;
  let slot: number | undefined;
  /** The head as it was last encoded. */
  let last: { readonly head: RecordHead; readonly bytes: Buffer; readonly version: number } | undefined;
  let closing: Promise<void> | undefined;
  let oldest = '';
  /** One process is asked once at a time. */
  let turn: Promise<unknown> = Promise.resolve();

  function headOf({ schema }: Snapshot): NonNullable<typeof last> {
    const before = last?.head;
    if (last !== undefined && before?.schema === schema && before.slot === slot && before.retired === retired) return last;
    const head = { inherited, slot, schema, retired };
    last = { head, bytes: encodeHead(head), version: (last?.version ?? 0) + 1 };
    return last;
  }

  /** The process's record, which is in its file, too. */
  function write(own = snapshot()): ProcessRecord & { readonly written: boolean } {
    const { head, bytes } = headOf(own);
    try {
      file.write(bytes, own.values);
      return { head, own, written: true };
    } catch (error) {
      once('write', `processes: totals cannot be written (${String(error)}), and are lost if this process ends. Fix: make room for them`);
      return { head, own, written: false };
    }
  }

  async function answer(known: number): Promise<Buffer> {
    await refresh(callbacksMs);
    const { own } = write();
    const { bytes, version } = headOf(own);
    return encodeAnswer(version, bytes, own.values, known);
  }

  async function asked(other: string): Promise<ProcessRecord | 'gone' | 'late'> {
    const known = heads.get(other);
    const answer = await asking.ask(files.socket(other), known?.version ?? 0, patienceMs);
    if (typeof answer === 'string') return answer;
    const read = decodeAnswer(answer);
    const head = read?.head ?? (read?.version === known?.version ? known?.head : undefined);
    if (read === undefined || head === undefined) return 'late';
    if (head !== known?.head) heads.set(other, { version: read.version, head });
    return { head, own: { schema: head.schema, values: read.values } };
  }

  async function recordOf(other: string, name: string | undefined): Promise<Found | 'taken' | undefined> {
    let now = await asked(other);
    if (now === 'gone' && name === undefined) {
      await sleep(bindMs);
      now = await asked(other);
      if (now === 'gone') files.remove(other, undefined);
    }
    if (typeof now !== 'string') return { ...now, id: other, ended: false };
    const file = files.list().get(other);
    const last = file === undefined ? undefined : files.read(file);
    if (last !== undefined && now === 'late') {
      onLate();
      once('late', 'processes: one does not answer within 500 ms; its last values are shown');
    }
    if (last !== undefined) return { ...last, id: other, ended: now !== 'late', name: file };
    return name === undefined ? undefined : 'taken';
  }

  /** Each process once: where another has taken over its totals, they are there. */
  async function others(rounds = mostRounds): Promise<readonly Found[]> {
    const listed = [...files.list()].filter(([other]) => other !== id);
    const answers = await Promise.all(listed.map(async ([other, name]) => [other, await recordOf(other, name)] as const));
    const found = answers.flatMap(([, record]) => (record === undefined || record === 'taken' ? [] : [record]));
    const passedOn = new Set([...inherited, ...found.flatMap(({ head }) => head.inherited)]);
    const isMissing = answers.some(([other, record]) => record === 'taken' && !passedOn.has(other));
    if (isMissing && rounds > 1) return others(rounds - 1);
    return found.filter((record) => !passedOn.has(record.id));
  }

  /** Takes over the totals of ended processes. Nothing waits in here, so that no other sees half of it. */
  function inherit(ended: readonly Found[]): void {
    const claimed = ended.filter((record) => record.name !== undefined && files.claim(record.id, record.name, id));
    if (claimed.length === 0) return;
    const sum = createMerged({ differs() {}, over() {}, excess() {} });
    const parts = claimed.flatMap(({ head, own }) => [asTotals(own), asTotals(head.retired)]);
    retired = createSnapshots(sum.add([asTotals(retired), ...parts]), clock)();
    inherited = [...inherited, ...claimed.flatMap((record) => [...record.head.inherited, record.id])].slice(-mostInherited);
    if (!write().written) return;
    for (const record of claimed) files.remove(record.id, `${record.id}.bin~${id}`);
  }

  async function collect(all: Merged): Promise<View> {
    await refresh(callbacksMs);
    const found = await others();
    for (const known of heads.keys()) if (!found.some((one) => one.id === known)) heads.delete(known);
    inherit(found.filter((one) => one.ended));
    const living = [{ ...write(), id, ended: false }, ...found.filter((one) => !one.ended)].sort((a, b) => (a.id < b.id ? 1 : -1));
    oldest = living.at(-1)?.id ?? id;
    // An ended one that another process took over in this moment is in no record that was read.
    const lost = found.filter((one) => one.ended && !inherited.includes(one.id));
    const parts = [...living, ...lost].flatMap(({ head, own, ended }) => [{ ...own, ended, slot: head.slot }, asTotals(head.retired)]);
    return all.add(parts);
  }

  /** Totals of a program of which no process lives begin anew. One that is joining, too, does not live yet: it has no number. */
  async function begin(): Promise<void> {
    const found = await others();
    const ended = found.filter((one) => one.ended);
    if (found.some((one) => !one.ended && one.head.slot !== undefined)) inherit(ended);
    else for (const { id: other, name } of ended) files.remove(other, name);
  }

  /** Of a program of which no process lives, nothing is needed: see `begin`. One that joins from now on sees that none lives, too. */
  async function removeAsLast(): Promise<void> {
    const listed = [...files.list()];
    const answers = await Promise.all(listed.map(([other]) => (other === id ? 'gone' : asking.ask(files.socket(other), 0, patienceMs))));
    if (answers.every((answer) => answer === 'gone')) for (const [other, name] of listed) files.remove(other, name);
  }

  function leave(): void {
    write();
    files.freeSlot(id);
  }

  const answering = await answerAt(files.socket(id), answer);
  await begin();
  slot = files.takeSlot(id);
  write();
  const timer = setInterval(() => write(), writeEveryMs).unref();
  process.on('exit', leave);

  return Object.freeze<Processes>({
    reader() {
      const all = createMerged(remarks);
      return () => {
        const collected = turn.then(() => collect(all));
        turn = collected.catch(() => {});
        return collected;
      };
    },
    isOldest: () => oldest === id,
    close() {
      closing ??= (async () => {
        clearInterval(timer);
        process.off('exit', leave);
        leave();
        file.close();
        await answering.close();
        await removeAsLast();
        asking.close();
      })();
      return closing;
    },
  });
}

function asTotals(snapshot: Snapshot): Part {
  return { ...snapshot, ended: true };
}

function logOnce(log: (line: string) => void): (key: string, line: string) => void {
  const logged = new Set<string>();
  return (key, line) => {
    if (logged.has(key) || logged.size > mostInherited) return;
    logged.add(key);
    log(line);
  };
}
