/**
 * From label values to series: maps nested in the order of the contract's labels, so that a look-up sorts, joins and allocates nothing. A
 * value may be found under another primitive of the same text too (`404` beside `'404'`), once somebody has recorded with it.
 */
import type { Series } from './series.ts';

/** Values → series at the last label, values → the next label's level before it. */
export type Level = Map<unknown, unknown>;

export interface LabelIndex {
  readonly root: Level;
  get(path: readonly unknown[]): Series | undefined;
  put(path: readonly unknown[], series: Series): void;
  /** Levels that are empty go too, so that churn leaves nothing behind. */
  delete(path: readonly unknown[]): void;
}

/** Where the series of a metric without labels stands in the root. */
export const noLabel = '';

export function createLabelIndex(labels: number): LabelIndex {
  const depth = Math.max(1, labels);
  const root: Level = new Map();

  function keyAt(path: readonly unknown[], at: number): unknown {
    return labels === 0 ? noLabel : path[at];
  }

  /** Returns whether the level is empty now. */
  function deleteFrom(level: Level, path: readonly unknown[], at: number): boolean {
    const key = keyAt(path, at);
    const next = level.get(key) as Level | undefined;
    if (next !== undefined && (at === depth - 1 || deleteFrom(next, path, at + 1))) level.delete(key);
    return level.size === 0;
  }

  return Object.freeze({
    root,
    get(path: readonly unknown[]) {
      let found: unknown = root;
      for (let at = 0; at < depth && found !== undefined; at++) found = (found as Level).get(keyAt(path, at));
      return found as Series | undefined;
    },
    put(path: readonly unknown[], series: Series) {
      let level = root;
      for (let at = 0; at < depth - 1; at++) {
        let next = level.get(keyAt(path, at)) as Level | undefined;
        if (next === undefined) {
          next = new Map();
          level.set(keyAt(path, at), next);
        }
        level = next;
      }
      level.set(keyAt(path, depth - 1), series);
    },
    delete: (path: readonly unknown[]) => void deleteFrom(root, path, 0),
  });
}
