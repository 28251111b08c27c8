/** A walk over all families in slices, on the writer's own thread. */
import type { StoreFamily } from './family.ts';
import { inUse } from './rows.ts';
import type { Cursor, View, Visitor } from './store.ts';
import { nextWalk, type Walks } from './walks.ts';

export const firstRow = 1;

/** `families` ascend by id and may change between two slices. */
export function createView(families: readonly StoreFamily[], walks: Walks): View {
  return Object.freeze({
    walk(visitor: Visitor, from?: Cursor, cells = Number.POSITIVE_INFINITY): Cursor | undefined {
      const walk = from?.walk ?? nextWalk(walks);
      let left = cells;
      for (let index = indexOf(families, from?.family ?? 0); index < families.length; index++) {
        const family = families[index] as StoreFamily;
        const start = family.id === from?.family ? from.row : firstRow;
        const shown = start !== firstRow || visitor.family(family);
        if (shown === undefined) return { family: family.id, row: firstRow, walk };
        const end = shown ? Math.min(family.used, start + rowsFor(left, family.stride)) : family.used;
        if (shown) visitRows(visitor, family, start, end, walk);
        left -= cellsVisited(family, shown, end - start);
        if (left <= 0 || end < family.used) return nextCursor(families, index, end, walk);
      }
      return undefined;
    },
  });
}

/**
 * Rows taken after the walk began are not shown. So a row may be given out again at once: an older walk cannot meet the new
 * series, neither in the place of the old one nor, when a series came back under another number, a second time.
 */
function visitRows(visitor: Visitor, family: StoreFamily, start: number, end: number, walk: number): void {
  const { columns } = family.rows;
  const { takenInWalk, generations, stride } = columns;
  for (let row = start; row < end; row++) {
    if (inUse(columns, row) && (takenInWalk[row] as number) < walk) visitor.row(family, row, generations[row] as number, row * stride);
  }
}

/** What a family costs its reader besides its rows, shown or not: names, metadata. Some 2 µs, a cell 0.1. */
const familyCells = 16;

export function cellsVisited({ stride }: { readonly stride: number }, shown: boolean, rows: number): number {
  return familyCells + (shown ? Math.max(0, rows) * stride : 0);
}

/** How many rows a number of cells is worth: one at least, so that a walk always gets on. */
export function rowsFor(cells: number, stride: number): number {
  return Math.max(1, Math.floor(cells / stride));
}

interface Walked {
  readonly id: number;
  readonly used: number;
}

/** Where a walk goes on that has visited the rows below `end` of the family at `index`. */
export function nextCursor(families: readonly Walked[], index: number, end: number, walk: number): Cursor | undefined {
  const family = families[index] as Walked;
  if (end < family.used) return { family: family.id, row: end, walk };
  const next = families[index + 1];
  return next === undefined ? undefined : { family: next.id, row: firstRow, walk };
}

/** The first family whose id is `id` or above: the one a cursor names may have been closed meanwhile. */
export function indexOf(families: readonly Walked[], id: number): number {
  let low = 0;
  for (let high = families.length; low < high; ) {
    const middle = (low + high) >>> 1;
    if ((families[middle] as Walked).id < id) low = middle + 1;
    else high = middle;
  }
  return low;
}
