/** A walk over all families in slices, on the writer's own thread. */
import { control } from './columns.ts';
import type { StoreFamily, Walks } from './family.ts';
import { inUse } from './rows.ts';
import type { Cursor, View, Visitor } from './store.ts';

const firstRow = 1;

/** `families` ascend by id and may change between two slices. */
export function createView(families: readonly StoreFamily[], walks: Walks): View {
  return Object.freeze({
    walk(visitor: Visitor, from?: Cursor, rows = Number.POSITIVE_INFINITY): Cursor | undefined {
      const walk = from?.walk ?? nextWalk(walks);
      let left = Math.max(1, rows);
      for (let index = indexOf(families, from?.family ?? 0); index < families.length; index++) {
        const family = families[index] as StoreFamily;
        const start = family.id === from?.family ? from.row : firstRow;
        if (start === firstRow && !visitor.family(family)) continue;
        const end = Math.min(usedRows(family), start + left);
        visitRows(visitor, family, start, end, walk);
        left -= Math.max(0, end - start);
        if (left <= 0) return nextCursor(families, index, end, walk);
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
  const { born, generations, stride } = columns;
  for (let row = start; row < end; row++) {
    if (inUse(columns, row) && (born[row] as number) < walk) visitor.row(family, row, generations[row] as number, row * stride);
  }
}

function nextWalk(walks: Walks): number {
  walks.newest++;
  return walks.newest;
}

function usedRows(family: StoreFamily): number {
  return family.rows.columns.control[control.used] as number;
}

function nextCursor(families: readonly StoreFamily[], index: number, end: number, walk: number): Cursor | undefined {
  const family = families[index] as StoreFamily;
  if (end < usedRows(family)) return { family: family.id, row: end, walk };
  const next = families[index + 1];
  return next === undefined ? undefined : { family: next.id, row: firstRow, walk };
}

/** The first family whose id is `id` or above: the one a cursor names may have been closed meanwhile. */
function indexOf(families: readonly StoreFamily[], id: number): number {
  let low = 0;
  for (let high = families.length; low < high; ) {
    const middle = (low + high) >>> 1;
    if ((families[middle] as StoreFamily).id < id) low = middle + 1;
    else high = middle;
  }
  return low;
}
