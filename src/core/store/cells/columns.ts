/**
 * A family's columns in shared memory, grown by replacement: every view has a fixed length, because an add through a
 * length-tracking view of growable memory costs twenty times as much. A reader in another thread keeps the old
 * buffers until it receives the new ones (`threads/share.ts`); the old ones stay readable.
 */

import { grownFrom } from '../../tables/growth.ts';

/** Indexes in `control`. */
export const control = {
  /** Odd while a replacement is under way; a reader in another thread takes a slice again when it was odd or has changed. */
  sequence: 0,
  /** Highest row number given out so far, plus one. */
  used: 1,
  /** Grows when a buffer is replaced, after the new one was announced. */
  layout: 2,
  /** Rows in use. */
  size: 3,
  /** Rows that were ever taken; wraps at 2^32. */
  taken: 4,
} as const;
const controlWords = 5;

/** What another thread needs to walk a family, its arena aside. */
export interface ColumnBuffers {
  readonly cells: Float64Array;
  /** Negative: the value was not 0 at that time. Empty where the kind has no start. */
  readonly starts: Float64Array;
  readonly generations: Int32Array;
  readonly takenInWalk: Int32Array;
  /** Where a row's labels are: see `row-labels.ts`. */
  readonly labelsAt: Int32Array;
  /** Never replaced. */
  readonly control: Int32Array;
  /** One number: see `FamilyView.goodAt`. Never replaced. */
  readonly goodAt: Float64Array;
}

export interface Columns extends ColumnBuffers {
  readonly stride: number;
  capacity: number;
  /** The generation of rows that were never taken: above all those that there were before the columns were emptied. Even. */
  firstGeneration: number;
  /** The highest one that a row was taken with. */
  lastGeneration: number;
  cells: Float64Array;
  starts: Float64Array;
  /**
   * Odd: in use. One more at each taking and at each drop, so that a reader who sees the same odd number twice read one series.
   */
  generations: Int32Array;
  /** The walk number at which the row was taken: walks that began before do not show it. */
  takenInWalk: Int32Array;
  labelsAt: Int32Array;
}

/** Rows a family starts with, the sink included. Most families have one to eight. */
const initialCapacity = 8;
/** With more cells a row they start with capacity for one, because for some senders each row is a family. */
const narrow = 64;

/** `started`: rows have a start. */
export function createColumns(stride: number, started: boolean): Columns {
  const head = new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT + controlWords * Int32Array.BYTES_PER_ELEMENT);
  const controls = new Int32Array(head, Float64Array.BYTES_PER_ELEMENT, controlWords);
  controls[control.used] = 1;
  return {
    stride,
    firstGeneration: 0,
    lastGeneration: 0,
    ...emptyColumns(stride, started, 0),
    control: controls,
    goodAt: new Float64Array(head, 0, 1),
  };
}

function emptyColumns(stride: number, started: boolean, firstGeneration: number) {
  const capacity = stride > narrow ? 2 : initialCapacity;
  return {
    capacity,
    cells: doubles(capacity * stride),
    starts: doubles(started ? capacity : 0),
    generations: words(capacity).fill(firstGeneration),
    takenInWalk: words(capacity),
    labelsAt: words(capacity),
  };
}

/**
 * Takes all rows away, and their memory. No generation comes again, so that each holder of a row sees that it is gone. The caller
 * announces it, and then sets what `control` counts.
 * @throws RangeError when there is no memory; nothing has changed then
 */
export function emptyAll(columns: Columns): void {
  const firstGeneration = columns.lastGeneration + (columns.lastGeneration & 1);
  const empty = emptyColumns(columns.stride, columns.starts.length > 0, firstGeneration);
  Object.assign(columns, { ...empty, firstGeneration } satisfies Partial<Columns>);
}

/**
 * Adds capacity for more rows. Rows keep their numbers. The caller announces it.
 * @throws RangeError when there is no memory; nothing has changed then
 */
export function growColumns(columns: Columns, capacity = grownFrom(columns.capacity, initialCapacity)): void {
  const { cells, starts, generations, takenInWalk, labelsAt, stride, firstGeneration } = columns;
  Object.assign(columns, {
    cells: copied(cells, doubles(capacity * stride)),
    starts: starts.length > 0 ? copied(starts, doubles(capacity)) : starts,
    generations: copied(generations, words(capacity).fill(firstGeneration)),
    takenInWalk: copied(takenInWalk, words(capacity)),
    labelsAt: copied(labelsAt, words(capacity)),
    capacity,
  } satisfies Partial<Columns>);
}

/** What they take. */
export function bytesOf({ cells, starts, generations, takenInWalk, labelsAt, control: head }: ColumnBuffers): number {
  return (
    cells.byteLength +
    starts.byteLength +
    generations.byteLength +
    takenInWalk.byteLength +
    labelsAt.byteLength +
    head.buffer.byteLength
  );
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
