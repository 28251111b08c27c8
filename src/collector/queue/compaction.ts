/** Compacts the older half of what waits. It stays in its order, and nothing of it is sent meanwhile. */
import { type Entry, type Sizer, sizeIn } from './entry.ts';
import type { Waiting } from './waiting.ts';
import { worthCompacting } from './worth-compacting.ts';

/**
 * The same points, but for those that newer ones supersede. Never rejects; resolves with undefined where it was given up.
 * @param isOver the result is of no use any more
 */
export type Compact = (entries: readonly Entry[], isOver: () => boolean) => Promise<readonly Entry[] | undefined>;

export interface CompactionOptions {
  readonly sizer: Sizer;
  /** Undefined: the queue is not compacted. */
  readonly compact: Compact | undefined;
  isOver(): boolean;
  done(): void;
}

export interface Compaction {
  readonly runs: boolean;
  /** What is worth to be compacted. Undefined: too little. */
  half(): readonly Entry[] | undefined;
  start(half: readonly Entry[]): Promise<void>;
}

export function createCompaction(waiting: Waiting, { sizer, compact, isOver, done }: CompactionOptions): Compaction {
  let runs = false;
  /** It was not worth it, and nothing has changed since. */
  let notWorthAt: number | undefined;

  return Object.freeze({
    get runs() {
      return runs;
    },
    half() {
      if (compact === undefined || isOver() || notWorthAt === waiting.changes) return undefined;
      const half = worthCompacting(waiting.entries);
      notWorthAt = half === undefined ? waiting.changes : undefined;
      return half;
    },
    async start(half: readonly Entry[]) {
      runs = true;
      const before = waiting.returned;
      const merged = await compact?.(half, isOver);
      runs = false;
      if (isOver() || merged === undefined) return;
      const fewer = sizeIn(sizer, merged) < sizeIn(sizer, half) ? merged : half.map((entry) => ({ ...entry, compact: true }));
      // What came back to the head meanwhile stays ahead.
      const ahead = waiting.replaceHead(waiting.returned - before, []);
      waiting.replaceHead(half.length, [...ahead, ...fewer]);
      done();
    },
  });
}
