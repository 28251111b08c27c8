/**
 * Points that are on their way, in the order in which they were written, with the totals that they stand for. A request is sent before the
 * next is made, so these are no more than the points of one request and of one slice of a walk.
 */
import { resized } from '../../store/resized.ts';

/** Points a request and a slice usually have; grows when there are more. */
const initialPoints = 1024;

export interface InFlight<Owner> {
  /** Takes a point whose totals are `cells[at, at + width)`. */
  push(owner: Owner, row: number, generation: number, timeMs: number, cells: Float64Array, at: number, width: number): void;
  /** Takes a point without totals. */
  skip(): void;
  /** The first `points` leave; the callback gets the place of each one's totals in `cells`. */
  take(
    points: number,
    each: (owner: Owner, row: number, generation: number, timeMs: number, cells: Float64Array, at: number) => void,
  ): void;
  clear(): void;
}

export function createInFlight<Owner>(): InFlight<Owner> {
  const owners: (Owner | undefined)[] = [];
  let rows = new Int32Array(initialPoints);
  let generations = new Int32Array(initialPoints);
  let times = new Float64Array(initialPoints);
  /** Where each point's totals begin; they end where the next one's begin. */
  let begins = new Int32Array(initialPoints + 1);
  let totals = new Float64Array(initialPoints);
  let length = 0;

  function append(owner: Owner | undefined): number {
    if (length === rows.length) {
      rows = resized(rows, length * 2);
      generations = resized(generations, length * 2);
      times = resized(times, length * 2);
      begins = resized(begins, length * 2 + 1);
    }
    owners[length] = owner;
    return length++;
  }

  return Object.freeze<InFlight<Owner>>({
    push(owner, row, generation, timeMs, cells, at, width) {
      const point = append(owner);
      rows[point] = row;
      generations[point] = generation;
      times[point] = timeMs;
      const begin = begins[point] as number;
      const end = begin + width;
      if (end > totals.length) totals = resized(totals, Math.max(totals.length * 2, end));
      for (let index = 0; index < width; index++) totals[begin + index] = cells[at + index] as number;
      begins[point + 1] = end;
    },
    skip() {
      const point = append(undefined);
      begins[point + 1] = begins[point] as number;
    },
    take(points, each) {
      const taken = Math.min(points, length);
      for (let point = 0; point < taken; point++) {
        const owner = owners[point];
        if (owner === undefined) continue;
        each(owner, rows[point] as number, generations[point] as number, times[point] as number, totals, begins[point] as number);
      }
      const left = begins[taken] as number;
      totals.copyWithin(0, left, begins[length] as number);
      owners.copyWithin(0, taken, length);
      rows.copyWithin(0, taken, length);
      generations.copyWithin(0, taken, length);
      times.copyWithin(0, taken, length);
      begins.copyWithin(0, taken, length + 1);
      length -= taken;
      for (let point = 0; point <= length; point++) begins[point] = (begins[point] as number) - left;
      owners.length = length;
    },
    clear() {
      length = 0;
      owners.length = 0;
      begins[0] = 0;
    },
  });
}
