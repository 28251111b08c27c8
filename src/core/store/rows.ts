/** Taking and dropping rows of a family: free list, generations, labels. Knows nothing of sources, ages and walks. */

import { type Columns, control, createColumns, emptyAll, growColumns } from './cells/columns.ts';
import { accumulates } from './cells/row-layout.ts';
import { type Arena, createArena } from './labels/arena.ts';
import type { LabelMemory } from './labels/label-memory.ts';
import { createLabelStore, freeLabels, type LabelStore, moveLabels, putLabels } from './labels/row-labels.ts';
import type { EncodedLabels, FamilySpec, NewLabels, Row } from './store.ts';

export interface Rows {
  readonly columns: Columns;
  /** Replaced when it has become wasteful. */
  arena: Arena;
  /** Replaced when all rows leave together. */
  labels: LabelStore;
  readonly free: Row[];
  readonly memory: LabelMemory;
  readonly emptyArena: () => Arena;
  /** The cells of a row in which nothing was recorded. */
  readonly blank: Float64Array;
  readonly announce: () => void;
}

/** Where labels are kept, and how many bytes of them. */
export interface LabelRoom {
  readonly memory: LabelMemory;
  readonly mostLabelBytes: number | undefined;
}

/** `announce` is called when buffers were replaced, before anything is written to the new ones and before a reader may notice. */
export function createRows(
  { kind, labels }: FamilySpec,
  blank: Float64Array,
  { memory, mostLabelBytes }: LabelRoom,
  announce: () => void,
): Rows {
  const columns = createColumns(blank.length, accumulates(kind));
  function grown(): void {
    announce();
    Atomics.add(columns.control, control.layout, 1);
  }
  const emptyArena = () => createArena({ memory, ...(mostLabelBytes !== undefined && { mostBytes: mostLabelBytes }), grown });
  return { columns, arena: emptyArena(), labels: createLabelStore(labels), free: [], memory, emptyArena, blank, announce: grown };
}

/** 0, the sink: the store is full. `newestWalk` is called after a row has been dropped to free memory: see `walk.ts`. */
export function takeRow(
  rows: Rows,
  labels: NewLabels | EncodedLabels,
  startMs: number,
  newestWalk: () => number,
  value: number,
): Row {
  const { columns } = rows;
  const at = putLabels(rows.labels, rows.arena, labels);
  if (at === undefined) return 0;
  const row = rows.free.pop() ?? freshRow(rows);
  if (row === 0) {
    freeLabels(rows.labels, rows.arena, at);
    return 0;
  }
  columns.labelsAt[row] = at;
  columns.starts[row] = startMs;
  columns.takenInWalk[row] = newestWalk();
  columns.cells.set(rows.blank, row * columns.stride);
  columns.cells[row * columns.stride] = value;
  columns.control[control.taken] = (columns.control[control.taken] as number) + 1;
  // Last: from here on another thread sees the row, complete.
  const generation = Atomics.add(columns.generations, row, 1) + 1;
  if (generation > columns.lastGeneration) columns.lastGeneration = generation;
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
  freeLabels(rows.labels, rows.arena, columns.labelsAt[row] as number);
  rows.free.push(row);
  addSize(columns, -1);
  if (rows.arena.isWasteful(columns.control[control.used] as number)) compact(rows);
  return true;
}

/**
 * Moves what is in use to a new arena. The offsets of rows are replaced with it and announced in one message, so that a reader in
 * another thread has the old offsets for the old bytes, which do not change before it has received that message, or the new for
 * the new. Without memory everything stays as it is.
 */
function compact(rows: Rows): void {
  const { columns, arena: old, memory } = rows;
  const room = roomToMove(rows);
  if (room === undefined) return;
  const { arena, labelsAt } = room;
  const before = columns.labelsAt;
  const moved = moveLabels(rows.labels, old.bytes, arena);
  for (let row = 1, used = columns.control[control.used] as number; row < used; row++) {
    if (inUse(columns, row)) labelsAt[row] = moved(before[row] as number);
  }
  columns.labelsAt = labelsAt;
  rows.arena = arena;
  rows.announce();
  old.end();
  if (labelsAt !== before) memory.release(new Uint8Array(before.buffer));
}

function roomToMove({ columns, arena: old, memory }: Rows): { arena: Arena; labelsAt: Int32Array } | undefined {
  try {
    const arena = old.successor();
    // If no other thread reads them, the offsets stay where they are.
    return { arena, labelsAt: isShared(arena) ? wordsFrom(memory, columns.capacity) : columns.labelsAt };
  } catch {
    return undefined;
  }
}

function isShared({ bytes }: Arena): boolean {
  return bytes.buffer instanceof SharedArrayBuffer;
}

function wordsFrom(memory: LabelMemory, count: number): Int32Array {
  const { buffer } = memory.allocate(count * Int32Array.BYTES_PER_ELEMENT);
  return new Int32Array(buffer, 0, count);
}

/**
 * Drops all rows at once, and gives back what they took, in constant time.
 * @throws RangeError when there is no memory for a few empty rows; nothing has changed then
 */
export function clearRows(rows: Rows): void {
  const { columns, arena: old } = rows;
  const { control: words } = columns;
  const arena = rows.emptyArena();
  emptyAll(columns);
  rows.arena = arena;
  rows.labels = createLabelStore(rows.labels.declared);
  rows.free.length = 0;
  // A reader in another thread that looks meanwhile waits, or looks again.
  Atomics.add(words, control.sequence, 1);
  words[control.size] = 0;
  words[control.taken] = (words[control.taken] as number) + 1;
  Atomics.store(words, control.used, 1);
  rows.announce();
  Atomics.add(words, control.sequence, 1);
  old.end();
}

export function inUse(columns: Columns, row: Row): boolean {
  return ((columns.generations[row] ?? 0) & 1) === 1;
}

function addSize(columns: Columns, rows: number): void {
  columns.control[control.size] = (columns.control[control.size] as number) + rows;
}

/** So many rows more will be taken, about, with labels of so many bytes. Without memory nothing happens. */
export function reserveRows({ columns, arena, announce }: Rows, more: number, labelBytes: number): void {
  const capacity = (columns.control[control.used] as number) + more;
  if (capacity > columns.capacity) {
    try {
      growColumns(columns, capacity);
    } catch {
      return;
    }
    announce();
  }
  arena.reserve(more, labelBytes);
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
