/**
 * A family's columns in shared memory, grown by replacement: every view has a fixed length, because an add through a
 * length-tracking view of growable memory costs twenty times as much. A reader in another thread keeps the old
 * buffers until it receives the new ones (`share.ts`); the old ones stay readable.
 */

import { grownFrom } from './growth.ts';

/** Places in `control`. */
export const control = {
  /** Odd while a replacement is under way; a reader in another thread takes a slice again when it was odd or has changed. */
  sequence: 0,
  /** Highest row number given out so far, plus one. */
  used: 1,
  /** Grows when a buffer is replaced, after the new one was announced. */
  layout: 2,
  /** Rows in use. */
  size: 3,
  /** Rows that were ever taken; begins anew behind 2^32. */
  taken: 4,
} as const;
const controlWords = 5;

/** What another thread needs to walk a family, its arena aside. */
export interface ColumnBuffers {
  readonly cells: Float64Array;
  /** Empty where the kind has no start. */
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
  cells: Float64Array;
  starts: Float64Array;
  /** Odd: in use. One more at each taking and at each drop, so that a reader who sees the same odd number twice read one series. */
  generations: Int32Array;
  /** The walk number at which the row was taken: walks that began before do not show it. */
  takenInWalk: Int32Array;
  labelsAt: Int32Array;
}

/** Rows a family starts with, the sink included. Most families have one to eight. */
const initialCapacity = 8;

/** `started`: rows have a start. */
export function createColumns(stride: number, started: boolean): Columns {
  const head = new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT + controlWords * Int32Array.BYTES_PER_ELEMENT);
  const controls = new Int32Array(head, Float64Array.BYTES_PER_ELEMENT, controlWords);
  controls[control.used] = 1;
  return {
    stride,
    capacity: initialCapacity,
    cells: doubles(initialCapacity * stride),
    starts: doubles(started ? initialCapacity : 0),
    generations: words(initialCapacity),
    takenInWalk: words(initialCapacity),
    labelsAt: words(initialCapacity),
    control: controls,
    goodAt: new Float64Array(head, 0, 1),
  };
}

/**
 * Makes room for more rows. Rows keep their numbers. The caller announces it.
 * @throws RangeError when there is no memory; nothing has changed then
 */
export function growColumns(columns: Columns): void {
  const capacity = grownFrom(columns.capacity, initialCapacity);
  const { cells, starts, generations, takenInWalk, labelsAt, stride } = columns;
  Object.assign(columns, {
    cells: copied(cells, doubles(capacity * stride)),
    starts: starts.length > 0 ? copied(starts, doubles(capacity)) : starts,
    generations: copied(generations, words(capacity)),
    takenInWalk: copied(takenInWalk, words(capacity)),
    labelsAt: copied(labelsAt, words(capacity)),
    capacity,
  } satisfies Partial<Columns>);
}

function doubles(count: number): Float64Array {
  return new Float64Array(new SharedArrayBuffer(count * Float64Array.BYTES_PER_ELEMENT));
}

export function words(count: number): Int32Array {
  return new Int32Array(new SharedArrayBuffer(count * Int32Array.BYTES_PER_ELEMENT));
}

function copied<A extends Float64Array | Int32Array>(from: A, to: A): A {
  to.set(from);
  return to;
}
