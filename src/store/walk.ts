/** A walk over all families in slices, on the writer's own thread. */
import type { StoreFamily } from './family.ts';
import { type FamilyList, type FamilyPlace, type Grouped, placeIndex } from './family-list.ts';
import { inUse } from './rows.ts';
import type { Cursor, Row, View, Visitor } from './store.ts';
import { nextWalk, type Walks } from './walks.ts';

export const firstRow = 1;

/** `families` may change between two slices. */
export function createView(families: FamilyList<StoreFamily>, walks: Walks): View {
  return Object.freeze({
    walk(visitor: Visitor, from?: Cursor, cells = Number.POSITIVE_INFINITY): Cursor | undefined {
      const walk = from?.walk ?? nextWalk(walks);
      const { places } = families;
      let left = cells;
      for (let index = startIndex(places, from); index < places.length; index++) {
        const { family } = places[index] as FamilyPlace<StoreFamily>;
        if (family === undefined) continue;
        const start = family.id === from?.family ? from.row : firstRow;
        const shown = start !== firstRow || visitor.family(family);
        if (shown === undefined) return cursorAt(family, firstRow, walk);
        const end = shown ? Math.min(family.used, start + rowsFor(left, family.stride)) : family.used;
        if (shown) visitRows(visitor, family, start, end, walk);
        left -= cellsVisited(family, shown, end - start);
        if (left <= 0 || end < family.used) return nextCursor(places, index, end, walk);
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

interface Walked extends Grouped {
  readonly used: number;
}

export function cursorAt({ group, id }: Grouped, row: Row, walk: number): Cursor {
  return { group, family: id, row, walk };
}

/** Where a walk goes on that has visited the rows below `end` of the family at `index`. */
export function nextCursor<F extends Walked>(
  places: readonly FamilyPlace<F>[],
  index: number,
  end: number,
  walk: number,
): Cursor | undefined {
  const { family } = places[index] as FamilyPlace<F>;
  if (family !== undefined && end < family.used) return cursorAt(family, end, walk);
  const next = places[index + 1];
  return next === undefined ? undefined : cursorAt(next, firstRow, walk);
}

export function startIndex(places: readonly Grouped[], from: Cursor | undefined): number {
  return from === undefined ? 0 : placeIndex(places, { group: from.group, id: from.family });
}
