/** Runs a collection: the callbacks of contracts, then the engine's, then those that report on the collection itself. */
import { type CollectEvent, type Engine, type ObserveGroup, runGroup } from '../recording/index.ts';

export interface CollectingOptions {
  readonly engine: Engine;
  /** The most time for callbacks. */
  readonly timeoutMs: number;
  readonly clock: () => number;
  readonly stopwatch: () => number;
  readonly onCollect: (event: CollectEvent) => void;
  /** Receives the errors of instruments outside the contracts. */
  readonly onForeign: (errors: readonly unknown[]) => void;
}

export interface Collecting {
  /** Returns a function that removes the group. */
  add(group: ObserveGroup): () => void;
  /** The same for a group that runs after all others. */
  addLast(group: ObserveGroup): () => void;
  /** Concurrent readers share one collection, with the first one's budget. */
  refresh(budgetMs?: number): Promise<void>;
  /** Makes the next collection run every callback, also those with `atMostEveryMs`. */
  askAnew(): void;
  /** Runs nothing from now on. */
  close(): void;
}

export function createCollecting({ engine, timeoutMs, clock, stopwatch, onCollect, onForeign }: CollectingOptions): Collecting {
  const groups = new Set<ObserveGroup>();
  const lastGroups = new Set<ObserveGroup>();
  let refreshing: Promise<void> | undefined;
  let closed = false;

  async function collect(budgetMs: number): Promise<void> {
    if (closed) return;
    const run = { timeoutMs: Math.min(timeoutMs, budgetMs), clock, stopwatch, onCollect };
    await Promise.all([...groups].map((group) => runGroup(group, run)));
    onForeign(await engine.collect(run.timeoutMs));
    await Promise.all([...lastGroups].map((group) => runGroup(group, run)));
  }

  return Object.freeze<Collecting>({
    add: addTo(groups),
    addLast: addTo(lastGroups),
    refresh(budgetMs = timeoutMs) {
      refreshing ??= collect(budgetMs).finally(() => {
        refreshing = undefined;
      });
      return refreshing;
    },
    askAnew() {
      for (const { pace } of groups) if (pace !== undefined) pace.beganMs = undefined;
    },
    close() {
      closed = true;
    },
  });
}

function addTo(groups: Set<ObserveGroup>) {
  return (group: ObserveGroup) => {
    groups.add(group);
    return () => void groups.delete(group);
  };
}
