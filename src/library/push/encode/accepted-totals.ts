/**
 * The totals of a family that a receiver has accepted, in columns: 8 bytes a cell and 12 a row. Nothing here allocates for a
 * point.
 */
import { type ExponentialPart, subtractExponential } from '../../../core/store/index.ts';
import type { Row } from '../../../core/store/store.ts';
import { resized } from '../../../core/tables/resized.ts';

const initialRows = 8;
/** Columns are made smaller once they are so many times too big; below, they would soon grow again. */
const shrinkBy = 4;

export class AcceptedTotals {
  /** Cells of a row that add up. */
  readonly width: number;
  /** The push that named the family last, and the highest row that it had. */
  push = 0;
  highest: Row = 0;
  /** When that push read it, and when the last push did that arrived in whole (0: none yet), ms since the epoch. */
  readMs = 0;
  sinceMs = 0;
  /** 0: nothing was accepted of the row. */
  private generations = new Int32Array(initialRows);
  private times = new Float64Array(initialRows);
  private totals: Float64Array<ArrayBuffer>;

  constructor(width: number) {
    this.width = width;
    this.totals = new Float64Array(initialRows * width);
  }

  has(row: Row, generation: number): boolean {
    return this.generations[row] === generation;
  }

  /** When the row's accepted totals were read, ms since the epoch. */
  timeMs(row: Row): number {
    return this.times[row] as number;
  }

  accept(row: Row, generation: number, timeMs: number, cells: Float64Array, at: number): void {
    if (row >= this.generations.length) this.resize(row + 1);
    this.generations[row] = generation;
    this.times[row] = timeMs;
    this.replace(row, cells, at);
  }

  /** Deltas go on from these. */
  replace(row: Row, cells: Float64Array, at: number): void {
    const { totals, width } = this;
    for (let index = 0; index < width; index++) totals[row * width + index] = cells[at + index] as number;
  }

  /** Takes what was accepted of the row away from totals, of which the first `plain` add up one by one. */
  subtract(deltas: Float64Array, row: Row, plain = this.width): void {
    const { totals, width } = this;
    for (let index = 0; index < plain; index++)
      deltas[index] = (deltas[index] as number) - (totals[row * width + index] as number);
  }

  /**
   * `subtract` for exponential buckets, which may have changed their scale. They never fall: only what is recorded is
   * exponential.
   */
  subtractExponential(deltas: Float64Array, row: Row, { at, shape }: ExponentialPart): void {
    subtractExponential(deltas, at, shape, this.totals, row * this.width + at);
  }

  /** Frees memory that is needed no longer. */
  shrink(): void {
    if ((this.highest + 1) * shrinkBy < this.generations.length) this.resize(this.highest + 1);
  }

  /** Capacity for at least so many rows, a power of two. */
  private resize(rows: number): void {
    let capacity = initialRows;
    while (capacity < rows) capacity *= 2;
    this.generations = resized(this.generations, capacity);
    this.times = resized(this.times, capacity);
    this.totals = resized(this.totals, capacity * this.width);
  }
}
