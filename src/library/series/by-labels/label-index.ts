/**
 * The index from label values to series: maps nested in the contract's label order, so that a look-up sorts, joins and allocates
 * nothing. Once recorded, another primitive finds the same value (`404` beside `'404'`).
 *
 * A series without a holder is a plain row number: an object with its values and its set entry took 230 bytes (`npm run bench --
 * memory`), and the hot path needs only the row.
 */
import type { Row } from '../../../core/store/store.ts';
import type { Series } from '../series.ts';

/** Values → leaves at the last label, values → the next label's level before it. */
export type Level = Map<unknown, unknown>;

/** A row, or the series itself while something needs more than its row. */
export type Leaf = Row | Series;

export interface LabelIndex {
  readonly root: Level;
  get(path: readonly unknown[]): Leaf | undefined;
  put(path: readonly unknown[], leaf: Leaf): void;
  /** Removes empty levels too, so that churn leaves nothing behind. */
  delete(path: readonly unknown[]): void;
  /** All series, by the strings of their values. May or may not visit series that enter or leave meanwhile. */
  leaves(): Generator<readonly [values: readonly string[], leaf: Leaf], void>;
  /**
   * Visits the series with these values; undefined matches any. `values` is valid until the next call. Returns how many levels
   * and series it read.
   */
  visit(wanted: readonly (string | undefined)[], take: (values: readonly string[], leaf: Leaf) => void): number;
}

/** 0: no such series, or it has no row yet. */
export function rowOf(leaf: Leaf | undefined): Row {
  return typeof leaf === 'object' ? leaf.row : (leaf ?? 0);
}

/** The key in the root for the series of a metric without labels. */
export const noLabel = '';
const withoutLabels = [noLabel];

export function createLabelIndex(labels: number): LabelIndex {
  const depth = Math.max(1, labels);
  const root: Level = new Map();
  const pathOf = (path: readonly unknown[]) => (labels === 0 ? withoutLabels : path);

  return Object.freeze<LabelIndex>({
    root,
    get(path) {
      const keys = pathOf(path);
      let found: unknown = root;
      for (let at = 0; at < depth && found !== undefined; at++) found = (found as Level).get(keys[at]);
      return found as Leaf | undefined;
    },
    put(path, leaf) {
      const keys = pathOf(path);
      let level = root;
      for (let at = 0; at < depth - 1; at++) level = levelBelow(level, keys[at]);
      level.set(keys[depth - 1], leaf);
    },
    delete: (path) => void deleteFrom(root, pathOf(path), depth),
    leaves: () => leavesIn(root, [], labels > 0),
    visit: (wanted, take) => visitIn(root, wanted, take, depth),
  });
}

/** Adds the level if it does not exist. */
function levelBelow(level: Level, key: unknown): Level {
  const known = level.get(key) as Level | undefined;
  if (known !== undefined) return known;
  const made: Level = new Map();
  level.set(key, made);
  return made;
}

/** Returns whether the level is empty now. */
function deleteFrom(level: Level, path: readonly unknown[], depth: number, at = 0): boolean {
  const key = path[at];
  if (at === depth - 1) level.delete(key);
  else {
    const next = level.get(key) as Level | undefined;
    if (next !== undefined && deleteFrom(next, path, depth, at + 1)) level.delete(key);
  }
  return level.size === 0;
}

function* leavesIn(
  level: Level,
  path: readonly string[],
  labelled: boolean,
): Generator<readonly [readonly string[], Leaf], void> {
  for (const [key, next] of level) {
    // A key that is not a string is an alias of a series that its strings find too.
    if (typeof key !== 'string') continue;
    const values = labelled ? [...path, key] : path;
    if (next instanceof Map) yield* leavesIn(next, values, labelled);
    else yield [values, next as Leaf];
  }
}

function visitIn(
  root: Level,
  wanted: readonly (string | undefined)[],
  take: (values: readonly string[], leaf: Leaf) => void,
  depth: number,
): number {
  const path: string[] = [];
  let looked = 0;

  function enter(key: string, next: unknown, at: number): void {
    looked += 1;
    if (next === undefined) return;
    path[at] = key;
    if (at === depth - 1) take(path, next as Leaf);
    else descend(next as Level, at + 1);
  }

  function descend(level: Level, at: number): void {
    const value = wanted[at];
    if (value !== undefined) enter(value, level.get(value), at);
    else for (const [key, next] of level) if (typeof key === 'string') enter(key, next, at);
  }

  descend(root, 0);
  return looked;
}
