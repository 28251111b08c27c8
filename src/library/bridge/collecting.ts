/** Runs a collection: the callbacks of contracts, then the engine's, then those that report on the collection itself. */
import { within } from '../../core/node/within.ts';
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
  /** The most time for a callback. */
  readonly timeoutMs: number;
  readonly clock: () => number;
  readonly stopwatch: () => number;
  readonly onCollect: (event: CollectEvent) => void;
  /** Receives the errors of instruments outside the contracts. */
  readonly onForeign: (errors: readonly unknown[]) => void;
}

/** `late`: a callback has not ended, and the store has its last good values. */
export type Collected = 'late' | undefined;

/**
 * Brings what it owns in the store up to date, within `budgetMs`. It never throws. Returns nothing where it has ended by then.
 */
export type CollectSource = (options: RunOptions) => Promise<void> | undefined;

export interface Collecting {
  /** Returns a function that removes the group. */
  add(group: ObserveGroup): () => void;
  /** The same for a group that runs after all others. */
  addLast(group: ObserveGroup): () => void;
  /** Adds what runs beside the groups. Returns a function that removes it. */
  addSource(source: CollectSource): () => void;
  /**
   * Concurrent readers share one collection; none waits longer than its own budget. Returns no promise where it has ended by
   * then: no callback waits.
   */
  refresh(budgetMs?: number): Promise<Collected> | Collected;
  /** Makes the next collection run every callback, also those with `atMostEveryMs`. */
  askAgain(): void;
  /** Runs nothing from now on. */
  close(): void;
}

export function createCollecting({
  engine,
  count,
  timeoutMs,
  clock,
  stopwatch,
  onCollect,
  onForeign,
}: CollectingOptions): Collecting {
  const groups = new Set<ObserveGroup>();
  const lastGroups = new Set<ObserveGroup>();
  const sources = new Set<CollectSource>();
  let refreshing: Promise<Collected> | undefined;
  let closed = false;

  function collect(budgetMs: number): Promise<Collected> | Collected {
    if (closed) return undefined;
    let collected: Collected;
    const run: RunOptions = {
      timeoutMs,
      budgetMs: Math.min(timeoutMs, budgetMs),
      clock,
      stopwatch,
      onCollect(event) {
        if (event.outcome === 'late') collected = 'late';
        // Of a run that ends after close() nothing is exposed, and nothing logged.
        if (!closed) onCollect(event);
      },
    };
    const all = then(runAll(groups, run, sources), () => then(collectForeign(run), () => runAll(lastGroups, run)));
    return all === undefined ? collected : all.then(() => collected);
  }

  function collectForeign({ budgetMs }: RunOptions): Promise<void> | undefined {
    const errors = engine.collect(budgetMs, timeoutMs);
    if ('then' in errors) return errors.then(onForeign);
    onForeign(errors);
    return undefined;
  }

  return Object.freeze<Collecting>({
    add: addTo(groups, count),
    addLast: addTo(lastGroups, count),
    addSource: addTo(sources, count),
    refresh(budgetMs = timeoutMs) {
      if (refreshing === undefined) {
        const collected = collect(budgetMs);
        if (typeof collected !== 'object') return collected;
        refreshing = collected.finally(() => {
          refreshing = undefined;
        });
      }
      return within(refreshing, { ms: budgetMs }, (): Collected => 'late');
    },
    askAgain() {
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
