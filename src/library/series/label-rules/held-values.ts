/** The values of an identity label that live series have. */
import type { Label } from '../../../core/contract/metric.ts';
import type { LabelIndex, Level } from '../by-labels/label-index.ts';

export interface HeldValues {
  readonly size: number;
  has(value: string): boolean;
  /** A series with this value is about to enter the index. */
  hold(value: string): void;
  /** A series with this value has left the index. */
  release(value: string): void;
  clear(): void;
}

/** The most maps of the index to search for a new or rejected value. */
const mostLevels = 16;

/**
 * Searches the index where only a few of its maps can hold the value: a separate map would take 30 to 40 bytes per value. `at` is
 * the label's position in the contract.
 */
export function createHeldValues(labels: readonly Label[], at: number, { root }: LabelIndex): HeldValues {
  const ahead: (readonly string[])[] = [];
  for (const label of labels.slice(0, at)) {
    if (label.kind !== 'closed') return countedValues();
    ahead.push(label.values);
  }
  const levels = ahead.reduce((product, values) => product * values.length, 1);
  return levels > mostLevels ? countedValues() : indexedValues(ahead, root);
}

function indexedValues(ahead: readonly (readonly string[])[], root: Level): HeldValues {
  let size = 0;

  function isIn(level: Level, depth: number, value: string): boolean {
    if (depth === ahead.length) return level.has(value);
    for (const key of ahead[depth] as readonly string[]) {
      const next = level.get(key) as Level | undefined;
      if (next !== undefined && isIn(next, depth + 1, value)) return true;
    }
    return false;
  }

  const has = (value: string): boolean => isIn(root, 0, value);
  return {
    get size() {
      return size;
    },
    has,
    hold(value) {
      if (!has(value)) size += 1;
    },
    release(value) {
      if (!has(value)) size -= 1;
    },
    clear() {
      size = 0;
    },
  };
}

function countedValues(): HeldValues {
  const counts = new Map<string, number>();
  return {
    get size() {
      return counts.size;
    },
    has: (value) => counts.has(value),
    hold: (value) => void counts.set(value, (counts.get(value) ?? 0) + 1),
    release(value) {
      const count = counts.get(value) ?? 0;
      if (count > 1) counts.set(value, count - 1);
      else counts.delete(value);
    },
    clear: () => counts.clear(),
  };
}
