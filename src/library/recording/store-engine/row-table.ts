/**
 * The rows of a frequently recorded metric, in a dense table by the numbers of its label values (`text-slots.ts`), which costs
 * about half of two maps (`npm run bench -- record`).
 *
 * It is a copy of the index, rebuilt once calls found newer series only there. Rarely recorded metrics and those of more than
 * 1,024 series have none. At most 16 kB and the slots; it shares the index's strings.
 */

import type { Family, Row } from '../../../core/store/store.ts';
import { type LabelIndex, type Leaf, type Level, rowOf } from '../../series/by-labels/label-index.ts';
import { noSlots, numberOf, type TextSlots, textSlots } from './text-slots.ts';

/** Few objects, because each takes a line of the processor's cache. */
export interface RowTable {
  /** By the numbers of the values, each from 0, which is no value and has no rows. The last label's are adjacent. */
  readonly rows: Uint16Array;
  /** `s0`, `s1`: one per label, in the contract's order. */
  readonly [slots: `s${number}`]: TextSlots;
}

export interface RowTables {
  /** Empty at first. */
  table: RowTable;
  readonly root: Level;
  /** Each call that finds its series only in the index counts down; at 0, call `renew`. */
  patience: number;
  renew(): void;
  /** A series was added. */
  shown(): void;
  dropped(row: Row): void;
  close(): void;
}

/**
 * A larger table would not stay in the processor's cache, where a map is as fast, and building it would block the application for
 * more than 1 ms.
 */
const maxSeries = 1_024;
const maxCells = 8_192;
/** This many look-ups in the index per series cost more than building the table. */
const missesPerSeries = 16;
/** The maximum of a `Uint16Array`, which takes half the cache of 32-bit integers. */
const maxRow = 65_535;

export function createRowTables(family: Pick<Family, 'size'>, { root }: LabelIndex, labels: number): RowTables {
  const empty = rowTable(
    new Uint16Array(1),
    Array.from({ length: labels }, () => noSlots),
  );
  let stale = false;

  const tables: RowTables = {
    table: empty,
    root,
    patience: missesPerSeries,
    renew() {
      tables.patience = missesPerSeries * (1 + family.size);
      if (!stale) return;
      stale = false;
      tables.table = (family.size <= maxSeries ? tableOf(root, labels) : undefined) ?? empty;
    },
    shown() {
      stale = true;
    },
    dropped(row) {
      const { rows } = tables.table;
      const at = rows.indexOf(row);
      if (at !== -1) rows[at] = 0;
    },
    close() {
      tables.table = empty;
    },
  };
  return tables;
}

/** Undefined: the table would be too large. */
function tableOf(root: Level, labels: number): RowTable | undefined {
  const texts = Array.from({ length: labels }, () => new Set<string>());
  const others = Array.from({ length: labels }, () => new Map<unknown, string>());
  eachRow(root, Math.max(1, labels), (path) => {
    for (const [at, value] of path.entries()) {
      if (typeof value === 'string') texts[at]?.add(value);
      else others[at]?.set(value, String(value));
    }
  });
  const cells = texts.reduce((product, { size }) => product * (size + 1), 1);
  if (cells > maxCells) return undefined;
  const slots = texts.map((each, at) => textSlots([...each], others[at]));
  const rows = new Uint16Array(cells);
  eachRow(root, Math.max(1, labels), (path, row) => {
    let cell = 0;
    for (const [at, each] of slots.entries()) {
      const number = numberOf(each, path[at]);
      if (number === 0) return;
      cell = cell * each.size + number;
    }
    if (row <= maxRow) rows[cell] = row;
  });
  return rowTable(rows, slots);
}

function rowTable(rows: Uint16Array, slots: readonly TextSlots[]): RowTable {
  const table: { rows: Uint16Array; [slots: `s${number}`]: TextSlots } = { rows };
  for (const [at, each] of slots.entries()) table[`s${at}`] = each;
  return Object.freeze(table);
}

/** By the values that the index knows, which other primitives may be beside the strings. */
function eachRow(level: Level, depth: number, visit: (path: readonly unknown[], row: Row) => void, path: unknown[] = []): void {
  for (const [key, next] of level) {
    path.push(key);
    if (depth > 1) eachRow(next as Level, depth - 1, visit, path);
    else visit(path, rowOf(next as Leaf));
    path.pop();
  }
}
