/** A walk over all families in slices, on the writer's own thread. */
import type { StoreFamily } from './family.ts';
import type { FamilyList, Grouped } from './family-list.ts';
import { inUse } from './rows.ts';
import type { Cursor, Row, View, Visitor } from './store.ts';
import { nextWalk, type Walks } from './walks.ts';

export const firstRow = 1;

/** `families` may change between two slices. */
export function createView(families: FamilyList<StoreFamily>, walks: Walks): View {
  return Object.freeze({
    walk(visitor: Visitor, from?: Cursor, cells = Number.POSITIVE_INFINITY): Cursor | undefined {
      const walk = from?.walk ?? nextWalk(walks);
      let left = cells;
      for (let entry = families.from(from?.group ?? 0, from?.family ?? 0); entry !== undefined; entry = families.behind(entry)) {
        const { family } = entry;
        if (family === undefined) continue;
        const start = family.id === from?.family ? from.row : firstRow;
        const shown = start !== firstRow || visitor.family(family);
        if (shown === undefined) return cursorAt(family, firstRow, walk);
        const most = shown ? Math.min(family.used, start + rowsFor(left, family.stride)) : family.used;
        const end = shown ? visitRows(visitor, family, start, most, walk) : most;
        left -= cellsVisited(family, shown, end - start);
        if (left <= 0 || end < most || end < family.used) return nextCursor(families, family, end, walk);
      }
      return undefined;
    },
  });
}

/**
 * Rows taken after the walk began are not shown. So a row may be reused at once: an older walk cannot visit the new series,
 * neither in the row of the old one nor, when a series came back under another number, a second time. Returns the row after the
 * last one visited.
 */
function visitRows(visitor: Visitor, family: StoreFamily, start: number, end: number, walk: number): number {
  const { columns } = family.rows;
  const { takenInWalk, generations, stride } = columns;
  for (let row = start; row < end; row++) {
    if (!inUse(columns, row) || (takenInWalk[row] as number) >= walk) continue;
    visitor.row(family, row, generations[row] as number, row * stride);
    if (visitor.enough === true) return row + 1;
  }
  return end;
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

interface Walked extends Grouped {
  readonly used: number;
}

export function cursorAt({ group, id }: Grouped, row: Row, walk: number): Cursor {
  return { group, family: id, row, walk };
}

/** Where a walk continues that has visited the rows of a family below `end`. */
export function nextCursor<F extends Walked>(families: FamilyList<F>, family: F, end: number, walk: number): Cursor | undefined {
  if (end < family.used) return cursorAt(family, end, walk);
  const next = families.behind(family);
  return next === undefined ? undefined : cursorAt(next, firstRow, walk);
}
