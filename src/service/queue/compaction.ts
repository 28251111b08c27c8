/** Compacts the older half of what waits. It stays in its order, and nothing of it is sent meanwhile. */
import type { Entry } from './entry.ts';
import type { Store } from './on-disk/store.ts';
import type { Waiting } from './waiting.ts';
import { worthCompacting } from './worth-compacting.ts';

/**
 * The same points, but for those that newer ones supersede; or the same entries, where nothing would be gained. Never rejects;
 * resolves with undefined where it was given up.
 * @param isOver the result is of no use any more
 */
export type Compact = (entries: readonly Entry[], isOver: () => boolean) => Promise<readonly Entry[] | undefined>;

export interface CompactionOptions {
  /** Undefined: the queue is not compacted. */
  readonly compact: Compact | undefined;
  store(): Store | undefined;
  isOver(): boolean;
  done(): void;
}

export interface Compaction {
  readonly runs: boolean;
  /** What is worth to be compacted. Undefined: too little. */
  half(): readonly Entry[] | undefined;
  start(half: readonly Entry[]): Promise<void>;
  /** The one under way has ended. */
  idle(): Promise<void>;
}

export function createCompaction(waiting: Waiting, { compact, store, isOver, done }: CompactionOptions): Compaction {
  let running: Promise<void> | undefined;
  /** It was not worth it, and nothing has changed since. */
  let notWorthAt: number | undefined;

  async function run(half: readonly Entry[]): Promise<void> {
    const before = waiting.returned;
    const merged = await compact?.(half, isOver);
    running = undefined;
    if (isOver() || merged === undefined) return;
    const fewer = merged === half ? half.map((entry) => ({ ...entry, compact: true })) : merged;
    // What came back to the head meanwhile stays ahead.
    const ahead = waiting.replaceHead(waiting.returned - before, []);
    waiting.replaceHead(half.length, [...ahead, ...fewer]);
    done();
  }

  return Object.freeze({
    get runs() {
      return running !== undefined;
    },
    half() {
      if (compact === undefined || isOver() || notWorthAt === waiting.changes) return undefined;
      const half = worthCompacting(waiting.entries, store()?.spare);
      notWorthAt = half === undefined ? waiting.changes : undefined;
      return half;
    },
    start(half: readonly Entry[]) {
      running = Promise.resolve();
      running = run(half);
      return running;
    },
    async idle() {
      await running;
    },
  });
}
