/**
 * A process among those of its program. Each writes its record every second and ahead of each answer; who is scraped asks all others, and reads the records of
 * those that have ended. So no process leads, and none has to be replaced.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { View } from '../store/store.ts';
import { beganMs, type Found, type Member } from './member.ts';
import { createMerged, type Merged, type Part, type Remarks } from './merged.ts';
import { decodeAnswer, encodeAnswer, type ProcessRecord, type RecordHead } from './record.ts';
import { createSnapshots, type Snapshot } from './snapshot.ts';
import { type Answer, type Answering, answerAt, createAsking } from './socket.ts';

export interface JoinOptions {
  /** The store's clock. */
  readonly clock: () => number;
  /** Runs the callbacks. */
  readonly refresh: (budgetMs: number) => unknown;
  readonly log: (line: string) => void;
  /** A process has not answered in time. */
  readonly onLate: () => void;
  /** Receives how many values are over the limits of their labels, over all processes. */
  readonly onExcess: (values: number) => void;
}

export interface Processes {
  /** Rejects with the error of the file system. Then no reader collects: a part is not shown as the whole. */
  readonly joined: Promise<void>;
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
/** Rounds of questions, where a record was taken over by a process that had answered before. */
const mostRounds = 5;
/** Lines of its kind that a process logs at most. */
const mostLogged = 1_000;

const lateLines = {
  late: 'one does not answer within 500 ms; its last values are shown',
  large: 'one has a record of more than 64 MiB; the values in its file are shown, up to a second old. Fix: bound its labels',
} as const;

interface Known {
  readonly version: number;
  readonly head: RecordHead;
}

/** Joins in the background. */
export function joinProcesses(member: Member, { clock, refresh, log, onLate, onExcess }: JoinOptions): Processes {
  const { id, files } = member;
  const asking = createAsking();
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
  let answering: Answering | undefined;
  let timer: NodeJS.Timeout | undefined;
  let hasLeft = false;
  let closing: Promise<void> | undefined;
  let oldest = '';
  /** One process is asked once at a time. */
  let turn: Promise<unknown> = Promise.resolve();

  async function answer(known: number): Promise<Buffer> {
    await refresh(callbacksMs);
    if (hasLeft) throw new Error('it has left');
    const { own, bytes, version } = member.write();
    return encodeAnswer(version, bytes, own.values, known);
  }

  async function asked(other: string): Promise<ProcessRecord | Exclude<Answer, Buffer>> {
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
    if (last !== undefined && now !== 'gone') {
      onLate();
      once(now, `processes: ${lateLines[now]}`);
    }
    if (last !== undefined) return { ...last, id: other, ended: now === 'gone', name: file };
    return name === undefined ? undefined : 'taken';
  }

  /** Each process once: where another has taken over its totals, they are there. */
  async function others(rounds = mostRounds): Promise<readonly Found[]> {
    const listed = [...files.list()].filter(([other]) => other !== id);
    const answers = await Promise.all(listed.map(async ([other, name]) => [other, await recordOf(other, name)] as const));
    const found = answers.flatMap(([, record]) => (record === undefined || record === 'taken' ? [] : [record]));
    const passedOn = new Set([...member.inherited(), ...found.flatMap(({ head }) => head.inherited)]);
    const isMissing = answers.some(([other, record]) => record === 'taken' && !passedOn.has(other));
    if (isMissing && rounds > 1) return others(rounds - 1);
    return found.filter((record) => !passedOn.has(record.id));
  }

  function inherit(ended: readonly Found[]): void {
    member.inherit(ended, (retired, claimed) => {
      const sum = createMerged({ differs() {}, over() {}, excess() {} });
      const parts = claimed.flatMap(({ head, own }) => [asTotals(own), asTotals(head.retired)]);
      return createSnapshots(sum.add([asTotals(retired), ...parts]), clock)();
    });
  }

  async function collect(all: Merged): Promise<View> {
    await refresh(callbacksMs);
    const found = await others();
    for (const known of heads.keys()) if (!found.some((one) => one.id === known)) heads.delete(known);
    inherit(found.filter((one) => one.ended));
    const living = [{ ...member.write(), id, ended: false }, ...found.filter((one) => !one.ended)].sort((a, b) => (a.id < b.id ? 1 : -1));
    oldest = living.at(-1)?.id ?? id;
    // An ended one that another process took over in this moment is in no record that was read.
    const lost = found.filter((one) => one.ended && !member.inherited().includes(one.id));
    const parts = [...living, ...lost].flatMap(({ head, own, ended }) => [{ ...own, ended, slot: head.slot }, asTotals(head.retired)]);
    return all.add(parts);
  }

  /** Totals of a program of which no process lives begin anew. One that is joining, too, does not live yet: it has no number. */
  async function begin(): Promise<void> {
    const found = await others();
    const ended = found.filter((one) => one.ended);
    const gone = new Set(ended.map((one) => one.id));
    const since = Math.min(beganMs(id), ...[...files.list().keys()].filter((other) => !gone.has(other)).map(beganMs));
    // What ended beside a process that lives is of the same run, even if that one has not joined yet.
    const isOfRun = (one: Found) => !one.ended || (files.writtenMs(one.name ?? '') ?? 0) >= since;
    const run = found.some((one) => one.head.slot !== undefined && isOfRun(one)) ? ended : ended.filter(isOfRun);
    inherit(run);
    for (const one of ended) if (!run.includes(one)) files.remove(one.id, one.name);
  }

  /** Of a program of which no process lives, nothing is needed: see `begin`. One that joins from now on sees that none lives, too. */
  async function removeAsLast(): Promise<void> {
    const listed = [...files.list()];
    const answers = await Promise.all(listed.map(([other]) => (other === id ? 'gone' : asking.ask(files.socket(other), 0, patienceMs))));
    if (answers.every((answer) => answer === 'gone')) for (const [other, name] of listed) files.remove(other, name);
  }

  async function join(): Promise<void> {
    answering = await answerAt(files.socket(id), answer);
    timer = setInterval(() => member.write(), writeEveryMs).unref();
    await begin();
    member.takeSlot();
    member.write();
  }

  const joined = join();
  joined.catch(() => {});
  return Object.freeze<Processes>({
    joined,
    reader() {
      const all = createMerged(remarks);
      return () => {
        const collected = turn.then(() => joined).then(() => collect(all));
        turn = collected.catch(() => {});
        return collected;
      };
    },
    isOldest: () => oldest === id,
    close() {
      closing ??= (async () => {
        await joined.catch(() => {});
        // Who asks is answered until the last record is written: without an answer it would take over the one before.
        await refresh(callbacksMs);
        clearInterval(timer);
        hasLeft = true;
        member.leave();
        await answering?.close();
        // Nothing is left of a directory that somebody has removed.
        await removeAsLast().catch(() => {});
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
    if (logged.has(key) || logged.size >= mostLogged) return;
    logged.add(key);
    log(line);
  };
}
