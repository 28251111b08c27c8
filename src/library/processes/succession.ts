/** Which process takes over the totals of ended ones, and when those of a whole program start again. */
import type { Machine } from './machine.ts';
import { beganMs, type Found, type Member } from './member.ts';
import { asTotals, createMerged, type Remarks, withoutRows } from './merge/merged.ts';
import type { Others } from './others.ts';
import { createSnapshots } from './record/snapshot.ts';

export interface Succession {
  /** Takes over the totals of those that have surely ended. Returns the ids of those that no other process has taken over. */
  inherit(ended: readonly Found[]): ReadonlySet<string>;
  /**
   * Totals of a program of which no process is running start again, unless they are kept. One that is joining does not count as
   * running yet: it has no number.
   */
  begin(): Promise<void>;
  /**
   * Of a program of which no process is running, nothing is needed, unless its totals are kept: see `begin`. One that joins from
   * now on sees that none is running, too.
   */
  leaveAsLast(machine: Machine): Promise<void>;
}

/** A process whose socket was removed listens again before this has passed. */
const listensAgainMs = 2_000;

/** `clock`: the store's. */
export function createSuccession(member: Member, others: Others, clock: () => number, remarks: Remarks): Succession {
  const { id, files, keepsTotals } = member;
  /** Those that may have ended, and since when there was no response from them, by `performance.now()`. */
  let silent: ReadonlyMap<string, number> = new Map();

  /** Those that have surely ended: the totals of a running one would be added as those of another process. */
  function over(ended: readonly Found[]): readonly Found[] {
    const now = performance.now();
    silent = new Map(ended.filter((one) => one.isOver !== true).map((one) => [one.id, silent.get(one.id) ?? now]));
    return ended.filter((one) => one.isOver === true || now - (silent.get(one.id) as number) > listensAgainMs);
  }

  function inherit(ended: readonly Found[]): ReadonlySet<string> {
    return member.inherit(over(ended), (retired, claimed) => {
      const quiet: Remarks = { changed() {}, differs() {}, over() {}, excess() {} };
      const newest = claimed.toSorted((a, b) => (a.id < b.id ? 1 : -1));
      const parts = newest.flatMap(({ head, own }) => [asTotals(own), asTotals(head.retired)]);
      if (!keepsTotals) return createSnapshots(createMerged(quiet).add([asTotals(retired), ...parts]), clock)();
      // What is kept has the shapes that this process declares: of others, nothing could be shown again.
      const declared = { ...withoutRows(member.write().own), ended: false };
      const sum = createMerged({ ...quiet, changed: remarks.changed }, 'keep');
      return createSnapshots(sum.add([declared, ...parts, asTotals(retired)]), clock)();
    });
  }

  /** What a process that was killed had taken over, and not removed yet. Its record names them, but not for ever. */
  function removeTakenOver(ended: readonly Found[]): void {
    const listed = others.list();
    const taken = new Set(ended.flatMap(({ head }) => head.inherited));
    files.remove([...taken].filter((other) => listed.has(other)).map((other) => [other, listed.get(other)?.record]));
  }

  async function goOn(): Promise<void> {
    const ended = (await others.find()).filter((one) => one.ended);
    removeTakenOver(ended);
    inherit(ended);
  }

  return Object.freeze<Succession>({
    inherit,
    async begin() {
      if (keepsTotals) return goOn();
      const found = await others.find();
      const ended = found.filter((one) => one.ended);
      const gone = new Set(ended.map((one) => one.id));
      const since = Math.min(beganMs(id), ...[...others.list().keys()].filter((other) => !gone.has(other)).map(beganMs));
      // What ended beside a running process is of the same run, even if that one has not joined yet.
      const isOfRun = (one: Found) => !one.ended || (files.writtenMs(one.name ?? '') ?? 0) >= since;
      const run = new Set(found.some((one) => one.head.slot !== undefined && isOfRun(one)) ? ended : ended.filter(isOfRun));
      inherit([...run]);
      files.remove(ended.filter((one) => !run.has(one)).map((one) => [one.id, one.name]));
    },
    async leaveAsLast(machine) {
      if (!files.isThere() || !(await others.areGone())) return;
      machine.leave();
      if (keepsTotals) return;
      files.remove([...others.list()].map(([other, { record }]) => [other, record]));
      files.removeUnreadable();
    },
  });
}
