/**
 * The rows of a frequently recorded metric, in a dense table by the slots of its label values (`text-slots.ts`). Two labels of ten values cost
 * 12 ns, two maps 30 (`npm run bench -- record --case counter-2-labels`).
 *
 * It is a copy of the index, rebuilt once calls found newer series only there. Rarely recorded metrics and those of more than 1,024 series have
 * none. At most 16 kB; it shares the index's strings.
 */

import { type LabelIndex, type Leaf, type Level, rowOf } from '../../series/by-labels.ts';
import type { Family, Row } from '../../store/store.ts';
import { noSlots, slotOf, type TextSlots, textSlots } from './text-slots.ts';

export interface RowTable {
  /** One per label, in the contract's order. */
  readonly slots: readonly TextSlots[];
  /** 0: not in the table. The last label's slots are adjacent. */
  readonly rows: Uint16Array;
}

export interface RowTables {
  /** Receives every new table; an empty one right away. */
  use(take: (table: RowTable) => void): void;
  /** Each call that finds its series only in the index counts down; at 0, call `renew`. */
  patience: number;
  renew(): void;
  /** A series was added. */
  shown(): void;
  dropped(row: Row): void;
  close(): void;
}

/** A larger table would not stay in the processor's cache, where a map is as fast, and building it would block the host for more than 1 ms. */
const maxSeries = 1_024;
const maxTexts = 256;
const maxCells = 8_192;
/** This many look-ups in the index per series cost more than building the table. */
const missesPerSeries = 64;
/** The maximum of a `Uint16Array`, which takes half the cache of 32-bit integers. */
const maxRow = 65_535;

export function createRowTables(family: Pick<Family, 'size'>, index: LabelIndex, labels: number): RowTables {
  const empty: RowTable = Object.freeze({ slots: Array.from({ length: labels }, () => noSlots), rows: new Uint16Array(1) });
  let table = empty;
  let take: (table: RowTable) => void = () => {};
  let stale = false;

  function put(made: RowTable): void {
    table = made;
    take(made);
  }

  const tables: RowTables = {
    patience: missesPerSeries,
    use(taker) {
      take = taker;
      take(table);
    },
    renew() {
      tables.patience = missesPerSeries * (1 + family.size);
      if (!stale) return;
      stale = false;
      put((family.size <= maxSeries ? tableOf(index.root, labels) : undefined) ?? empty);
    },
    shown() {
      stale = true;
    },
    dropped(row) {
      const at = table.rows.indexOf(row);
      if (at !== -1) table.rows[at] = 0;
    },
    close: () => put(empty),
  };
  return tables;
}

/** Undefined: the table would be too large. */
function tableOf(root: Level, labels: number): RowTable | undefined {
  const texts = Array.from({ length: labels }, () => new Set<string>());
  eachRow(root, Math.max(1, labels), (path) => {
    for (const [at, text] of path.entries()) texts[at]?.add(text);
  });
  if (texts.some(({ size }) => size > maxTexts)) return undefined;
  const slots = texts.map((each) => textSlots([...each]));
  const cells = slots.reduce((product, { keys }) => product * keys.length, 1);
  if (cells > maxCells) return undefined;
  const rows = new Uint16Array(cells);
  eachRow(root, Math.max(1, labels), (path, row) => {
    const cell = cellOf(slots, path);
    if (cell !== -1 && row <= maxRow) rows[cell] = row;
  });
  return Object.freeze({ slots, rows });
}

function cellOf(slots: readonly TextSlots[], path: readonly string[]): number {
  let cell = 0;
  for (const [at, each] of slots.entries()) {
    const slot = slotOf(each, path[at]);
    if (slot === -1) return -1;
    cell = cell * each.keys.length + slot;
  }
  return cell;
}

/** By the strings of their values only: other primitives are aliases. */
function eachRow(level: Level, depth: number, visit: (path: readonly string[], row: Row) => void, path: string[] = []): void {
  for (const [key, next] of level) {
    if (typeof key !== 'string') continue;
    path.push(key);
    if (depth > 1) eachRow(next as Level, depth - 1, visit, path);
    else visit(path, rowOf(next as Leaf));
    path.pop();
  }
}
