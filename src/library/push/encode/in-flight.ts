/**
 * Points that are being sent, in the order in which they were written, with their totals. A request is sent before the next is
 * made, so these are no more than the points of one request and of one slice of a walk.
 */
import { resized } from '../../../core/tables/resized.ts';

/** Points a request and a slice usually have; grows when there are more. */
const initialPoints = 1024;

type Taken<Owner> = (owner: Owner, row: number, generation: number, timeMs: number, cells: Float64Array, at: number) => void;

export class InFlight<Owner> {
  private readonly owners: (Owner | undefined)[] = [];
  private rows = new Int32Array(initialPoints);
  private generations = new Int32Array(initialPoints);
  private times = new Float64Array(initialPoints);
  /** Where each point's totals begin; they end where the next one's begin. */
  private begins = new Int32Array(initialPoints + 1);
  private totals = new Float64Array(initialPoints);
  private length = 0;

  get isEmpty(): boolean {
    return this.length === 0;
  }

  /** Takes a point whose totals are `cells[at, at + width)`. */
  push(owner: Owner, row: number, generation: number, timeMs: number, cells: Float64Array, at: number, width: number): void {
    const point = this.append(owner);
    this.rows[point] = row;
    this.generations[point] = generation;
    this.times[point] = timeMs;
    const begin = this.begins[point] as number;
    const end = begin + width;
    if (end > this.totals.length) this.totals = resized(this.totals, Math.max(this.totals.length * 2, end));
    const { totals } = this;
    for (let index = 0; index < width; index++) totals[begin + index] = cells[at + index] as number;
    this.begins[point + 1] = end;
  }

  /** Takes a point without totals. */
  skip(): void {
    const point = this.append(undefined);
    this.begins[point + 1] = this.begins[point] as number;
  }

  /** The first `points` leave; the callback gets the offset of each one's totals in `cells`. */
  take(points: number, each: Taken<Owner>): void {
    const { owners, rows, generations, times, begins, totals, length } = this;
    const taken = Math.min(points, length);
    for (let point = 0; point < taken; point++) {
      const owner = owners[point];
      if (owner === undefined) continue;
      each(owner, rows[point] as number, generations[point] as number, times[point] as number, totals, begins[point] as number);
    }
    const left = begins[taken] as number;
    totals.copyWithin(0, left, begins[length] as number);
    for (const column of [owners, rows, generations, times]) column.copyWithin(0, taken, length);
    begins.copyWithin(0, taken, length + 1);
    this.length -= taken;
    for (let point = 0; point <= this.length; point++) begins[point] = (begins[point] as number) - left;
    owners.length = this.length;
  }

  clear(): void {
    this.length = 0;
    this.owners.length = 0;
    this.begins[0] = 0;
  }

  private append(owner: Owner | undefined): number {
    const { length } = this;
    if (length === this.rows.length) {
      this.rows = resized(this.rows, length * 2);
      this.generations = resized(this.generations, length * 2);
      this.times = resized(this.times, length * 2);
      this.begins = resized(this.begins, length * 2 + 1);
    }
    this.owners[length] = owner;
    this.length++;
    return length;
  }
}
