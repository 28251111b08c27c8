/** Runs a collection: the callbacks of contracts, then the engine's, then those that report on the collection itself. */
import {
  addTo,
  type CollectEvent,
  type Engine,
  type GroupCount,
  type ObserveGroup,
  type RunOptions,
  runGroup,
} from '../recording/index.ts';

export interface CollectingOptions {
  readonly engine: Engine;
  /** Goes up by each group. */
  readonly count: GroupCount;
  /** The most time for callbacks. */
  readonly timeoutMs: number;
  readonly clock: () => number;
  readonly stopwatch: () => number;
  readonly onCollect: (event: CollectEvent) => void;
  /** Receives the errors of instruments outside the contracts. */
  readonly onForeign: (errors: readonly unknown[]) => void;
}

/** Brings what it owns in the store up to date, within `timeoutMs`. It never throws. Returns nothing where it has ended by then. */
export type CollectSource = (options: RunOptions) => Promise<void> | undefined;

export interface Collecting {
  /** Returns a function that removes the group. */
  add(group: ObserveGroup): () => void;
  /** The same for a group that runs after all others. */
  addLast(group: ObserveGroup): () => void;
  /** Adds what runs beside the groups. Returns a function that removes it. */
  addSource(source: CollectSource): () => void;
  /** Concurrent readers share one collection, with the first one's budget. Returns nothing where it has ended by then: no callback waits. */
  refresh(budgetMs?: number): Promise<void> | undefined;
  /** Makes the next collection run every callback, also those with `atMostEveryMs`. */
  askAnew(): void;
  /** Runs nothing from now on. */
  close(): void;
}

export function createCollecting({ engine, count, timeoutMs, clock, stopwatch, onCollect, onForeign }: CollectingOptions): Collecting {
  const groups = new Set<ObserveGroup>();
  const lastGroups = new Set<ObserveGroup>();
  const sources = new Set<CollectSource>();
  let refreshing: Promise<void> | undefined;
  let closed = false;

  function collect(budgetMs: number): Promise<void> | undefined {
    if (closed) return undefined;
    const run = { timeoutMs: Math.min(timeoutMs, budgetMs), clock, stopwatch, onCollect };
    return then(runAll(groups, run, sources), () => then(collectForeign(run.timeoutMs), () => runAll(lastGroups, run)));
  }

  function collectForeign(budgetMs: number): Promise<void> | undefined {
    const errors = engine.collect(budgetMs);
    if ('then' in errors) return errors.then(onForeign);
    onForeign(errors);
    return undefined;
  }

  return Object.freeze<Collecting>({
    add: addTo(groups, count),
    addLast: addTo(lastGroups, count),
    addSource: addTo(sources, count),
    refresh(budgetMs = timeoutMs) {
      refreshing ??= collect(budgetMs)?.finally(() => {
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

const none: ReadonlySet<CollectSource> = new Set();

/** One after the other; at once, and with nothing to wait for, where neither waits. */
function then(ended: Promise<void> | undefined, next: () => Promise<void> | undefined): Promise<void> | undefined {
  return ended === undefined ? next() : ended.then(next);
}

function runAll(
  groups: ReadonlySet<ObserveGroup>,
  options: RunOptions,
  sources: ReadonlySet<CollectSource> = none,
): Promise<void> | undefined {
  if (groups.size === 0 && sources.size === 0) return undefined;
  const waiting = [
    ...[...groups].flatMap((group) => runGroup(group, options) ?? []),
    ...[...sources].flatMap((source) => source(options) ?? []),
  ];
  return waiting.length === 0 ? undefined : Promise.all(waiting).then(() => {});
}
