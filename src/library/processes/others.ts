/**
 * Requests the records of the other processes of a directory. What cannot be read is left out, and logged once: other processes
 * are still exposed.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { createRecordAsking, type NoRecord } from './ask-record.ts';
import type { Listed } from './directory/listing.ts';
import { each } from './each.ts';
import { createLeftOut } from './left-out.ts';
import type { Found, Member } from './member.ts';

export interface OthersOptions {
  readonly log: (line: string) => void;
  /** A process has not responded in time. */
  readonly onLate: () => void;
  /** Receives how many records and sockets were left out, each time that all are queried. */
  readonly onUnreadable: (count: number) => void;
}

export interface Others {
  /** Each process once: where another has taken over its totals, they are there. */
  find(): Promise<readonly Found[]>;
  /** By id, the processes that have something in the directory. */
  list(): ReadonlyMap<string, Listed>;
  /** Whether no process responds at any socket. */
  areGone(): Promise<boolean>;
  close(): void;
}

/** How long others have to respond. After that their last record is shown. */
const patienceMs = 500;
/** So many are queried at a time. Those that are queried later have what is left of the time, and at least this. */
const mostAsked = 256;
const leastPatienceMs = 50;
/** A process that has bound its socket listens on it before this has passed. */
const bindMs = 50;
/** Rounds of queries, where a record was taken over by a process that had responded before. */
const mostRounds = 5;

interface Round {
  /** How long a process that is queried now has to respond, in milliseconds. */
  readonly patience: () => number;
  /** Those of which nothing but a socket is left. */
  readonly dead: [string, undefined][];
  /** Sockets that are left out. */
  mute: number;
}

export function createOthers({ id, files, inherited }: Member, { log, onLate, onUnreadable }: OthersOptions): Others {
  const asking = createRecordAsking(files.socket);
  const leftOut = createLeftOut(log);
  let listed: ReadonlyMap<string, Listed> = new Map();

  /** What was found before, where the directory cannot be read now. */
  function list(): ReadonlyMap<string, Listed> {
    try {
      listed = files.list();
    } catch (error) {
      leftOut.directory(error);
    }
    return listed;
  }

  /** `taken`: another process has taken its record. */
  async function recordOf(other: string, { record, hasSocket }: Listed, round: Round): Promise<Found | 'taken' | undefined> {
    let now = await asking.ask(other, hasSocket, round.patience());
    if (now === 'gone' && record === undefined && hasSocket) {
      await sleep(bindMs);
      now = await asking.ask(other, hasSocket, round.patience());
      if (now === 'gone') round.dead.push([other, undefined]);
    }
    if (typeof now !== 'string' && 'head' in now) return { ...now, id: other, ended: false };
    const last = record === undefined ? undefined : files.read(record);
    const isKnown = typeof last === 'object';
    if (now !== 'gone') passOver(other, now, isKnown, round);
    if (isKnown)
      return { ...last, id: other, ended: now === 'gone', name: record, isOver: hasSocket || last.head.hasLeft === true };
    return record !== undefined && last === undefined ? 'taken' : undefined;
  }

  function passOver(other: string, why: Exclude<NoRecord, 'gone'>, isKnown: boolean, round: Round): void {
    if (isKnown) onLate();
    if (leftOut.process(files.socket(other), why, isKnown)) round.mute += 1;
  }

  async function askAll(): Promise<readonly (readonly [string, Found | 'taken' | undefined])[]> {
    const all = list();
    const began = performance.now();
    const patience = () => Math.max(leastPatienceMs, patienceMs - (performance.now() - began));
    const round: Round = { patience, dead: [], mute: 0 };
    // Those that usually respond are queried first.
    const ids = [...new Set([...asking.known(), ...all.keys()])].filter((other) => other !== id);
    const answers = await each(ids, mostAsked, async (other) => {
      return [other, await recordOf(other, all.get(other) ?? { hasSocket: false }, round)] as const;
    });
    files.remove(round.dead);
    for (const [file, { why }] of files.unreadable()) leftOut.file(files.path(file), why);
    onUnreadable(files.unreadable().size + round.mute);
    return answers;
  }

  async function find(rounds = mostRounds): Promise<readonly Found[]> {
    const answers = await askAll();
    const found = answers.flatMap(([, record]) => (record === undefined || record === 'taken' ? [] : [record]));
    const passedOn = new Set([...inherited(), ...found.flatMap(({ head }) => head.inherited)]);
    const isMissing = answers.some(([other, record]) => record === 'taken' && !passedOn.has(other));
    if (isMissing && rounds > 1) return find(rounds - 1);
    asking.keep(new Set(found.map((one) => one.id)));
    return found.filter((record) => !passedOn.has(record.id));
  }

  return Object.freeze<Others>({
    find,
    list,
    async areGone() {
      const living = [...list()].filter(([other]) => other !== id);
      const answers = await each(living, mostAsked, ([other, { hasSocket }]) => asking.ask(other, hasSocket, patienceMs));
      return answers.every((answer) => answer === 'gone');
    },
    close: asking.close,
  });
}
