/**
 * Rows of a metric that is recorded often, in a dense table by the slots of its label values (`text-slots.ts`). Measured for two labels of ten
 * values (`npm run bench -- record --case counter-2-labels`): 12 ns where two maps cost 30.
 *
 * It is a copy: what it does not have is found in the index. It is made anew when calls had to look there for series that came since, so a metric
 * that is seldom recorded has none, and one of more than 1,024 series neither. It takes 16 kB at most, and its texts are the index's.
 */

import { type LabelIndex, type Leaf, type Level, rowOf } from '../../series/by-labels.ts';
import type { Family, Row } from '../../store/store.ts';
import { noSlots, slotOf, type TextSlots, textSlots } from './text-slots.ts';

export interface RowTable {
  /** One for each label, in the contract's order. */
  readonly slots: readonly TextSlots[];
  /** 0: not here. The last label's slots are next to each other. */
  readonly rows: Uint16Array;
}

export interface RowTables {
  /** Hands over every table that is made; an empty one at once. */
  use(take: (table: RowTable) => void): void;
  /** Counted down by each call that finds its series in the index only; at 0 it is time to `renew`. */
  patience: number;
  renew(): void;
  /** There is a series more. */
  shown(): void;
  dropped(row: Row): void;
  close(): void;
}

/** Beyond them it would not stay in the processor's cache, where a map is as good, and making it would hold up the host for more than 1 ms. */
const maxSeries = 1_024;
const maxTexts = 256;
const maxCells = 8_192;
/** So many look-ups in the index, for each series, cost more than making the table. */
const missesPerSeries = 64;
/** Of a `Uint16Array`: half the size of whole numbers, for the cache's sake. */
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

/** Undefined: it would be too large. */
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

/** By the texts of their values only: other primitives are aliases. */
function eachRow(level: Level, depth: number, visit: (path: readonly string[], row: Row) => void, path: string[] = []): void {
  for (const [key, next] of level) {
    if (typeof key !== 'string') continue;
    path.push(key);
    if (depth > 1) eachRow(next as Level, depth - 1, visit, path);
    else visit(path, rowOf(next as Leaf));
    path.pop();
  }
}
