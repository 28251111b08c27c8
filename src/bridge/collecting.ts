/** What is run when somebody asks: the callbacks of contracts, then the engine's, and those last that tell of the collection itself. */
import { type CollectEvent, type Engine, type ObserveGroup, runGroup } from '../recording/index.ts';

export interface CollectingOptions {
  readonly engine: Engine;
  /** What callbacks get at most. */
  readonly timeoutMs: number;
  readonly clock: () => number;
  readonly stopwatch: () => number;
  readonly onCollect: (event: CollectEvent) => void;
  /** What instruments outside the contracts failed with. */
  readonly onForeign: (errors: readonly unknown[]) => void;
}

export interface Collecting {
  /** Returns what takes the group out again. */
  add(group: ObserveGroup): () => void;
  /** The same for a group that is run after all others. */
  addLast(group: ObserveGroup): () => void;
  /** Readers that ask at the same time share one collection; the first one's budget holds. */
  refresh(budgetMs?: number): Promise<void>;
  /** The next collection runs everything, also what is asked seldom. */
  askAnew(): void;
  /** Nothing is run any more. */
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
