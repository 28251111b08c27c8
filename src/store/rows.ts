/** Taking and dropping rows of a family: free list, generations, identities. Knows nothing of sources, ages and walks. */
import { type Arena, createArena } from './arena.ts';
import { type ColumnBuffers, type Columns, control, createColumns, growColumns, words } from './columns.ts';
import { accumulates } from './row-layout.ts';
import type { FamilySpec, Row } from './store.ts';
import { TextPacking } from './text-packing.ts';

export interface Rows {
  readonly columns: Columns;
  /** Replaced when it has become wasteful. */
  arena: Arena;
  readonly packing: TextPacking;
  readonly free: Row[];
  /** The cells of a row in which nothing was recorded. */
  readonly blank: Float64Array;
  readonly announce: () => void;
}

/** `announce` is called when buffers were replaced, before anything is written to the new ones and before a reader may notice. */
export function createRows(
  { kind, labels }: FamilySpec,
  blank: Float64Array,
  mostTextBytes: number | undefined,
  announce: () => void,
): Rows {
  const columns = createColumns(blank.length, accumulates(kind));
  function grown(): void {
    announce();
    Atomics.add(columns.control, control.layout, 1);
  }
  const arena = createArena({ ...(mostTextBytes !== undefined && { mostBytes: mostTextBytes }), grown });
  return { columns, arena, packing: new TextPacking(labels), free: [], blank, announce: grown };
}

/** 0, the sink: there is no room. `newestWalk` is asked after a row has been dropped to make room: see `walk.ts`. */
export function takeRow(rows: Rows, identity: Uint8Array, startMs: number, newestWalk: () => number, value: number): Row {
  const { columns } = rows;
  const packed = rows.packing.pack(identity);
  const bytes = packed ?? withLength(identity);
  const at = rows.arena.put(bytes);
  if (at === -1) return 0;
  const row = rows.free.pop() ?? freshRow(rows);
  if (row === 0) {
    rows.arena.free(at, bytes.length);
    return 0;
  }
  columns.identityAt[row] = packed === undefined ? ~at : at;
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
  const at = columns.identityAt[row] as number;
  rows.arena.free(placeOf(at), storedLength(rows, at));
  rows.free.push(row);
  addSize(columns, -1);
  if (rows.arena.isWasteful(columns.control[control.used] as number)) compact(rows);
  return true;
}

/**
 * Moves what is in use to a new arena. The places of rows are replaced with it and announced in one message, so that a reader in another thread
 * has the old places for the old bytes, which nobody writes to any more, or the new for the new. Without memory everything stays as it is.
 */
function compact(rows: Rows): void {
  const { columns, arena: old } = rows;
  const room = roomToMove(rows);
  if (room === undefined) return;
  const { arena, identityAt } = room;
  for (let row = 1, used = columns.control[control.used] as number; row < used; row++) {
    if (!inUse(columns, row)) continue;
    const at = columns.identityAt[row] as number;
    const from = placeOf(at);
    const to = arena.put(old.bytes, from, from + storedLength(rows, at));
    identityAt[row] = at < 0 ? ~to : to;
  }
  columns.identityAt = identityAt;
  rows.arena = arena;
  rows.announce();
}

function roomToMove({ columns, arena }: Rows): { arena: Arena; identityAt: Int32Array } | undefined {
  try {
    return { arena: arena.successor(), identityAt: words(columns.capacity) };
  } catch {
    return undefined;
  }
}

export function inUse(columns: Columns, row: Row): boolean {
  return ((columns.generations[row] ?? 0) & 1) === 1;
}

export function identityOf({ columns, arena, packing }: Rows, row: Row): Uint8Array {
  return identityIn(columns, arena.bytes, packing, row);
}

export function identityIn({ identityAt }: ColumnBuffers, bytes: Uint8Array, packing: TextPacking, row: Row): Uint8Array {
  const at = textsAt({ identityAt }, row);
  if (at >= 0) return packing.unpack(bytes, at);
  const from = ~at + lengthBytes;
  return bytes.subarray(from, from + lengthAt(bytes, ~at));
}

/** Negative: its attributes are not packed. */
export function textsAt({ identityAt }: Pick<ColumnBuffers, 'identityAt'>, row: Row): number {
  return identityAt[row] ?? 0;
}

/** Where a row's bytes begin, be they packed or behind their length. */
function placeOf(at: number): number {
  return at < 0 ? ~at : at;
}

function storedLength({ arena, packing }: Rows, at: number): number {
  return at < 0 ? lengthBytes + lengthAt(arena.bytes, ~at) : packing.lengthAt(arena.bytes, at);
}

/** Of the length of what is not packed. */
const lengthBytes = 4;

function withLength(identity: Uint8Array): Uint8Array {
  const { length } = identity;
  const whole = new Uint8Array(lengthBytes + length);
  for (let at = 0; at < lengthBytes; at++) whole[at] = length >>> (8 * at);
  whole.set(identity, lengthBytes);
  return whole;
}

function lengthAt(bytes: Uint8Array, at: number): number {
  let length = 0;
  for (let index = lengthBytes - 1; index >= 0; index--) length = length * 256 + (bytes[at + index] ?? 0);
  return length;
}

function addSize(columns: Columns, rows: number): void {
  columns.control[control.size] = (columns.control[control.size] as number) + rows;
}

/** 0: there is no memory for another one. */
function freshRow({ columns, announce }: Rows): Row {
  const row = columns.control[control.used] as number;
  if (row === columns.capacity) {
    try {
      growColumns(columns);
    } catch {
      return 0;
    }
    announce();
  }
  Atomics.store(columns.control, control.used, row + 1);
  return row;
}
