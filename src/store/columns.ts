/**
 * A family's columns in shared memory, grown by replacement: every view has a fixed length, because an add through a
 * length-tracking view of growable memory costs twenty times as much. Whoever reads them from another thread keeps the old
 * buffers until it is handed the new ones; what is in them stays readable.
 */

/** Places in `control`. */
export const control = {
  /** Odd while a replacement is under way; a reader in another thread takes a slice again when it was odd or has changed. */
  sequence: 0,
  /** Highest row number given out so far, plus one. */
  used: 1,
  /** Grows when the columns are replaced. */
  layout: 2,
} as const;

/** What another thread needs to walk a family. */
interface ColumnBuffers {
  readonly stride: number;
  readonly cells: Float64Array;
  readonly starts: Float64Array;
  readonly generations: Int32Array;
  readonly born: Int32Array;
  readonly identityAt: Int32Array;
  readonly identityLength: Int32Array;
  readonly control: Int32Array;
}

export interface Columns extends ColumnBuffers {
  capacity: number;
  cells: Float64Array;
  starts: Float64Array;
  /** Odd: in use. One more at each taking and at each drop, so that a reader who sees the same odd number twice read one series. */
  generations: Int32Array;
  /** The walk number at which the row was taken: walks that began before do not show it. */
  born: Int32Array;
  identityAt: Int32Array;
  identityLength: Int32Array;
}

/** Rows a family starts with, the sink included. Most families have one to eight. */
const initialCapacity = 8;

export function createColumns(stride: number): Columns {
  const controlWords = new Int32Array(new SharedArrayBuffer(3 * Int32Array.BYTES_PER_ELEMENT));
  controlWords[control.used] = 1;
  return {
    stride,
    capacity: initialCapacity,
    cells: doubles(initialCapacity * stride),
    starts: doubles(initialCapacity),
    generations: words(initialCapacity),
    born: words(initialCapacity),
    identityAt: words(initialCapacity),
    identityLength: words(initialCapacity),
    control: controlWords,
  };
}

/** Doubles the columns. Rows keep their numbers. */
export function growColumns(columns: Columns): void {
  const capacity = columns.capacity * 2;
  columns.cells = copied(columns.cells, doubles(capacity * columns.stride));
  columns.starts = copied(columns.starts, doubles(capacity));
  columns.generations = copied(columns.generations, words(capacity));
  columns.born = copied(columns.born, words(capacity));
  columns.identityAt = copied(columns.identityAt, words(capacity));
  columns.identityLength = copied(columns.identityLength, words(capacity));
  columns.capacity = capacity;
  Atomics.add(columns.control, control.layout, 1);
}

function doubles(count: number): Float64Array {
  return new Float64Array(new SharedArrayBuffer(count * Float64Array.BYTES_PER_ELEMENT));
}

function words(count: number): Int32Array {
  return new Int32Array(new SharedArrayBuffer(count * Int32Array.BYTES_PER_ELEMENT));
}

function copied<A extends Float64Array | Int32Array>(from: A, to: A): A {
  to.set(from);
  return to;
}
