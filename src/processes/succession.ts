/** Which process takes over the totals of ended ones, and when those of a whole program start again. */
import { beganMs, type Found, type Member } from './member.ts';
import { asTotals, createMerged } from './merge/merged.ts';
import type { Others } from './others.ts';
import { createSnapshots } from './record/snapshot.ts';

export interface Succession {
  /** Takes over the totals of those that have surely ended. Returns the ids of those that no other process has taken over. */
  inherit(ended: readonly Found[]): ReadonlySet<string>;
  /** Totals of a program of which no process is running start again. One that is joining does not count as running yet: it has no number. */
  begin(): Promise<void>;
  /** Of a program of which no process is running, nothing is needed: see `begin`. One that joins from now on sees that none is running, too. */
  removeAsLast(): Promise<void>;
}

/** A process whose socket was removed listens again before this has passed. */
const listensAgainMs = 2_000;

/** `clock`: the store's. */
export function createSuccession({ id, files, inherit: takeOver }: Member, others: Others, clock: () => number): Succession {
  /** Those that may have ended, and since when there was no response from them, by `performance.now()`. */
  let silent: ReadonlyMap<string, number> = new Map();

  /** Those that have surely ended: the totals of a running one would be added as those of another process. */
  function over(ended: readonly Found[]): readonly Found[] {
    const now = performance.now();
    silent = new Map(ended.filter((one) => one.isOver !== true).map((one) => [one.id, silent.get(one.id) ?? now]));
    return ended.filter((one) => one.isOver === true || now - (silent.get(one.id) as number) > listensAgainMs);
  }

  function inherit(ended: readonly Found[]): ReadonlySet<string> {
    return takeOver(over(ended), (retired, claimed) => {
      const sum = createMerged({ differs() {}, over() {}, excess() {} });
      const parts = claimed.flatMap(({ head, own }) => [asTotals(own), asTotals(head.retired)]);
      return createSnapshots(sum.add([asTotals(retired), ...parts]), clock)();
    });
  }

  return Object.freeze<Succession>({
    inherit,
    async begin() {
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
    async removeAsLast() {
      if (!files.isThere() || !(await others.areGone())) return;
      files.remove([...others.list()].map(([other, { record }]) => [other, record]));
      files.removeUnreadable();
    },
  });
}
