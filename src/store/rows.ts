/** Taking and dropping rows of a family: free list, generations, identities. Knows nothing of sources, ages and walks. */
import { type Arena, createArena } from './arena.ts';
import { type ColumnBuffers, type Columns, control, createColumns, growColumns } from './columns.ts';
import type { Row } from './store.ts';
import { TextPacking } from './text-packing.ts';

export interface Rows {
  readonly columns: Columns;
  readonly arena: Arena;
  readonly packing: TextPacking;
  readonly free: Row[];
  /** The cells of a row in which nothing was recorded. */
  readonly blank: Float64Array;
  readonly announce: () => void;
}

/** `announce` is called when buffers were replaced, before anything is written to the new ones and before a reader may notice. */
export function createRows(blank: Float64Array, labels: readonly string[], announce: () => void): Rows {
  const columns = createColumns(blank.length);
  function grown(): void {
    announce();
    Atomics.add(columns.control, control.layout, 1);
  }
  return { columns, arena: createArena(grown), packing: new TextPacking(labels), free: [], blank, announce: grown };
}

/** `newestWalk` is asked after a row has been dropped to make room: see `walk.ts`. */
export function takeRow(rows: Rows, identity: Uint8Array, startMs: number, newestWalk: () => number, value: number): Row {
  const { columns } = rows;
  const row = rows.free.pop() ?? freshRow(rows);
  const packed = rows.packing.pack(identity);
  columns.identityAt[row] = rows.arena.put(packed ?? identity);
  columns.identityLength[row] = packed === undefined ? identity.length : ~packed.length;
  columns.starts[row] = startMs;
  columns.born[row] = newestWalk();
  columns.cells.set(rows.blank, row * columns.stride);
  columns.cells[row * columns.stride] = value;
  // Last: from here on another thread sees the row, complete.
  Atomics.add(columns.generations, row, 1);
  addSize(columns, 1);
  return row;
}

/** False when the row is not in use, the sink among them: dropping twice must not put a row on the free list twice. */
export function releaseRow(rows: Rows, row: Row): boolean {
  const { columns } = rows;
  if (!inUse(columns, row)) return false;
  // First: from here on another thread takes nothing from the row for good.
  Atomics.add(columns.generations, row, 1);
  // Read back: that alone keeps later writes behind it where a processor reorders stores.
  Atomics.load(columns.generations, row);
  const length = columns.identityLength[row] as number;
  rows.arena.free(columns.identityAt[row] as number, length < 0 ? ~length : length);
  rows.free.push(row);
  addSize(columns, -1);
  return true;
}

export function inUse(columns: Columns, row: Row): boolean {
  return ((columns.generations[row] ?? 0) & 1) === 1;
}

export function identityOf({ columns, arena, packing }: Rows, row: Row): Uint8Array {
  return identityIn(columns, arena.bytes, packing, row);
}

export function identityIn(columns: ColumnBuffers, bytes: Uint8Array, packing: TextPacking, row: Row): Uint8Array {
  const at = columns.identityAt[row] ?? 0;
  const length = columns.identityLength[row] ?? 0;
  return length < 0 ? packing.unpack(bytes, at) : bytes.subarray(at, at + length);
}

export function textsAt({ identityAt, identityLength }: ColumnBuffers, row: Row): number {
  return (identityLength[row] ?? 0) < 0 ? (identityAt[row] as number) : -1;
}

function addSize(columns: Columns, rows: number): void {
  columns.control[control.size] = (columns.control[control.size] as number) + rows;
}

function freshRow({ columns, announce }: Rows): Row {
  const row = columns.control[control.used] as number;
  if (row === columns.capacity) {
    growColumns(columns);
    announce();
  }
  Atomics.store(columns.control, control.used, row + 1);
  return row;
}
