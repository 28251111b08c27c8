/**
 * A process among those of its program. Each writes its record every second and before each response; the one that is scraped
 * queries all others, and reads the records of those that have ended. So there is no leader, and none has to be replaced.
 */
import type { View } from '../../core/store/store.ts';
import { logOnce } from './log-once.ts';
import { createMachine } from './machine.ts';
import type { Member } from './member.ts';
import { asTotals, createMerged, type Merged } from './merge/merged.ts';
import { remarkLines } from './merge/remark-lines.ts';
import { createOthers, type OthersOptions } from './others.ts';
import { createPresence } from './presence.ts';
import { encodeAnswer } from './record/record.ts';
import { createSuccession } from './succession.ts';

export interface JoinOptions extends OthersOptions {
  /** The store's clock. */
  readonly clock: () => number;
  /** Runs the callbacks. */
  readonly refresh: (budgetMs: number) => unknown;
  /** Receives how many values are over the limits of their labels, over all processes. */
  readonly onExcess: (values: number) => void;
}

export interface Processes {
  /** Rejects with the error of the file system. Then no reader collects: a part is not shown as the whole. */
  readonly joined: Promise<void>;
  /**
   * Returns what collects the series of all processes. Each reader has a store of its own, which changes at its next collection
   * alone.
   */
  reader(): () => Promise<View>;
  /** Whether the process is the oldest one of those that live, as of the last collection. */
  isOldest(): boolean;
  /** Leaves: totals stay for the others. */
  close(): Promise<void>;
}

/** The part of the time for a response in which a process runs its own callbacks. */
const callbacksMs = 400;

/** Joins in the background. */
export function joinProcesses(member: Member, options: JoinOptions): Processes {
  const { clock, refresh, log, onExcess } = options;
  const { id } = member;
  const others = createOthers(member, options);
  const once = logOnce(log);
  const remarks = remarkLines(once, onExcess);
  const succession = createSuccession(member, others, clock, remarks);
  const machine = createMachine(
    () => member.files.path(''),
    (line) => once('machine', line),
  );
  const presence = createPresence(member, remains, answer, once);
  const stop = new AbortController();
  let isAmong = false;
  let hasLeft = false;
  let closing: Promise<void> | undefined;
  let oldest = '';
  /** One process is queried once at a time. */
  let turn: Promise<unknown> = Promise.resolve();

  async function answer(known: number): Promise<Buffer> {
    await refresh(callbacksMs);
    if (hasLeft) throw new Error('it has left');
    const { own, bytes, version } = member.write();
    return encodeAnswer(version, bytes, own.values, known);
  }

  /** Whether it is among the others, which is over where another machine has the directory. */
  function remains(): boolean {
    if (isAmong && !machine.beat()) {
      isAmong = false;
      member.goAlone();
    }
    return isAmong;
  }

  async function collect(all: Merged): Promise<View> {
    await refresh(callbacksMs);
    const found = remains() ? await others.find() : [];
    const ended = found.filter((one) => one.ended);
    const claimed = succession.inherit(ended);
    const living = [{ ...member.write(), id, ended: false }, ...found.filter((one) => !one.ended)].sort((a, b) =>
      a.id < b.id ? 1 : -1,
    );
    oldest = living.at(-1)?.id ?? id;
    // An ended one that another process took over in this moment is in no record that was read, and one that no process has taken
    // over is in its own.
    const lost = ended.filter((one) => !claimed.has(one.id));
    const parts = [...living, ...lost].flatMap(({ head, own, ended }) => [
      { ...own, ended, slot: head.slot },
      asTotals(head.retired),
    ]);
    return all.add(parts);
  }

  async function join(): Promise<void> {
    isAmong = await machine.settle(stop.signal);
    // Of one that ends ahead of that, the record stays for the others.
    if (!isAmong) return stop.signal.aborted ? undefined : member.goAlone();
    await presence.begin();
    await succession.begin();
    member.takeSlot();
    member.write();
  }

  const joined = join();
  joined.catch(() => {});
  return Object.freeze<Processes>({
    joined,
    reader() {
      const all = createMerged(remarks, member.keepsTotals ? 'hide' : undefined);
      return () => {
        const collected = turn.then(() => joined).then(() => collect(all));
        turn = collected.catch(() => {});
        return collected;
      };
    },
    isOldest: () => oldest === id,
    close() {
      closing ??= (async () => {
        stop.abort();
        await joined.catch(() => {});
        // Requests get responses until the last record is written: without a response the other process would take over the
        // record before it.
        await refresh(callbacksMs);
        hasLeft = true;
        await presence.end();
        // Nothing is left of a directory that was removed.
        if (isAmong) await succession.leaveAsLast(machine).catch(() => {});
        others.close();
      })();
      return closing;
    },
  });
}
