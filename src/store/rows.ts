/** Taking and dropping rows of a family: free list, generations, identities. Knows nothing of sources, ages and walks. */
import { type Arena, createArena } from './arena.ts';
import { type Columns, control, createColumns, growColumns } from './columns.ts';
import type { Row } from './store.ts';

export interface Rows {
  readonly columns: Columns;
  readonly arena: Arena;
  /** Rows in use. */
  size: number;
  readonly free: Row[];
}

export function createRows(stride: number): Rows {
  return { columns: createColumns(stride), arena: createArena(), size: 0, free: [] };
}

export function takeRow(rows: Rows, identity: Uint8Array, startMs: number, born: number): Row {
  const { columns } = rows;
  const row = rows.free.pop() ?? freshRow(columns);
  columns.identityAt[row] = rows.arena.put(identity);
  columns.identityLength[row] = identity.length;
  columns.starts[row] = startMs;
  columns.born[row] = born;
  columns.cells.fill(0, row * columns.stride, (row + 1) * columns.stride);
  // Last: from here on another thread sees the row, complete.
  Atomics.add(columns.generations, row, 1);
  rows.size++;
  return row;
}

/** False when the row is not in use, the sink among them: dropping twice must not put a row on the free list twice. */
export function releaseRow(rows: Rows, row: Row): boolean {
  const { columns } = rows;
  if (!inUse(columns, row)) return false;
  // First: from here on another thread takes nothing from the row for good.
  Atomics.add(columns.generations, row, 1);
  rows.arena.free(columns.identityAt[row] as number, columns.identityLength[row] as number);
  rows.free.push(row);
  rows.size--;
  return true;
}

export function inUse(columns: Columns, row: Row): boolean {
  return ((columns.generations[row] ?? 0) & 1) === 1;
}

export function identityOf(rows: Rows, row: Row): Uint8Array {
  const at = rows.columns.identityAt[row] ?? 0;
  return rows.arena.bytes.subarray(at, at + (rows.columns.identityLength[row] ?? 0));
}

function freshRow(columns: Columns): Row {
  const row = columns.control[control.used] as number;
  if (row === columns.capacity) growColumns(columns);
  Atomics.store(columns.control, control.used, row + 1);
  return row;
}
