/**
 * The totals that a receiver has accepted, row by row: deltas count from them, so that a failed push costs resolution and no events.
 * Only the reader knows it. It keeps cells that add up (a counter's value; a histogram's buckets and sum, exponential ones at their current
 * scale) in columns, 8 bytes a cell and 12 a row. Nothing here allocates for a point.
 */
import { type ExponentialShape, subtractExponential } from '../../store/index.ts';
import { resized } from '../../store/resized.ts';
import type { FamilyView, Row } from '../../store/store.ts';
import { isDelta, type Temporality } from '../settings/temporality.ts';
import { createInFlight } from './in-flight.ts';

export interface Baseline {
  /** A push begins. What the last one wrote and no receiver accepted is forgotten. */
  begin(): void;
  /** Are a family's points deltas? */
  counts(family: FamilyView): boolean;
  /** Names the family of the rows that follow, whose points are. */
  family(family: FamilyView): void;
  /** Names a family that is not pushed this time: what is known of it stays. */
  keep(family: FamilyView): void;
  /**
   * Puts the change since the last accepted push into `deltas`, and that push's time into `place`. False when a total is not finite: the
   * next finite one carries the change.
   *
   * A total that fell (by retention, or a new source) counts nothing, and deltas continue from it: as all new, a trimmed database's whole
   * total would count again. A total with an unknown start counts nothing at first, because an earlier process may have sent it.
   */
  row(family: FamilyView, row: Row, generation: number, cellAt: number, place: Times): boolean;
  /** Good until the next `row`. */
  readonly deltas: Float64Array;
  /** A point that is no delta is written. */
  other(): void;
  /** A receiver has accepted so many points more, in the order in which they were written. */
  accepted(points: number): void;
  /** All families were named: what is known of others, and room that is needed no longer, is freed. */
  end(): void;
}

interface Times {
  startMs: number;
  readonly timeMs: number;
}

interface Track {
  /** Cells of a row that add up. */
  readonly width: number;
  /** The push that named the family last, and the highest row that it had. */
  push: number;
  highest: Row;
  /** 0: nothing was accepted of the row. */
  generations: Int32Array<ArrayBuffer>;
  /** When the accepted totals were read, ms since the epoch. */
  times: Float64Array<ArrayBuffer>;
  totals: Float64Array<ArrayBuffer>;
}

const initialRows = 8;
/** Columns are made smaller once they are so many times too big; below, they would soon grow again. */
const shrinkBy = 4;

export function createBaseline(preference: Temporality): Baseline {
  const tracks = new Map<number, Track>();
  const inFlight = createInFlight<Track>();
  let push = 0;
  let current: Track | undefined;
  let deltas = new Float64Array(1);

  function accept(track: Track, row: Row, generation: number, timeMs: number, totals: Float64Array, at: number): void {
    if (row >= track.generations.length) resize(track, row + 1);
    track.generations[row] = generation;
    track.times[row] = timeMs;
    for (let index = 0; index < track.width; index++) track.totals[row * track.width + index] = totals[at + index] as number;
  }

  /** Its totals never fall: only what is recorded is exponential. */
  function exponentialDelta(
    shape: ExponentialShape,
    cells: Float64Array,
    cellAt: number,
    accepted: number | undefined,
    width: number,
  ): void {
    for (let index = 0; index < width; index++) deltas[index] = cells[cellAt + index] as number;
    if (accepted !== undefined) subtractExponential(deltas, 0, shape, (current as Track).totals, accepted);
  }

  /** Returns whether a total fell. */
  function delta(cells: Float64Array, cellAt: number, accepted: number | undefined, width: number): boolean {
    const { totals } = current as Track;
    let fell = false;
    for (let index = 0; index < width; index++) {
      const total = cells[cellAt + index] as number;
      deltas[index] = accepted === undefined ? total : total - (totals[accepted + index] as number);
      if ((deltas[index] as number) < 0) fell = true;
    }
    return fell;
  }

  return Object.freeze<Baseline>({
    begin() {
      push++;
      inFlight.clear();
    },
    counts: (family) => isDelta(family, preference),
    family(family) {
      current = tracks.get(family.id);
      if (current === undefined) {
        current = createTrack(family.rowLayout.summedCells);
        tracks.set(family.id, current);
        if (deltas.length < current.width) deltas = new Float64Array(current.width);
      }
      current.push = push;
      current.highest = 0;
    },
    keep(family) {
      const track = tracks.get(family.id);
      if (track !== undefined) track.push = push;
    },
    row(family, row, generation, cellAt, place) {
      const track = current as Track;
      const { width } = track;
      const { cells } = family;
      let known = track.generations[row] === generation;
      if (row > track.highest) track.highest = row;
      for (let index = 0; index < width; index++) if (!Number.isFinite(cells[cellAt + index])) return false;
      if (!known && family.start(row) === 0) {
        accept(track, row, generation, place.timeMs, cells, cellAt);
        known = true;
      }
      const accepted = known ? row * width : undefined;
      const { rowLayout } = family;
      if (rowLayout.form === 'exponential') exponentialDelta(rowLayout.shape, cells, cellAt, accepted, width);
      else if (delta(cells, cellAt, accepted, width)) {
        deltas.fill(0, 0, width);
        if (known) for (let index = 0; index < width; index++) track.totals[row * width + index] = cells[cellAt + index] as number;
      }
      place.startMs = Math.min(known ? (track.times[row] as number) : family.start(row), place.timeMs);
      inFlight.push(track, row, generation, place.timeMs, cells, cellAt, width);
      return true;
    },
    get deltas() {
      return deltas;
    },
    other: () => inFlight.skip(),
    accepted: (points) => inFlight.take(points, accept),
    end() {
      for (const [id, track] of tracks) {
        if (track.push !== push || track.highest === 0) tracks.delete(id);
        else if ((track.highest + 1) * shrinkBy < track.generations.length) resize(track, track.highest + 1);
      }
    },
  });
}

function createTrack(width: number): Track {
  const track = { width, push: 0, highest: 0, generations: new Int32Array(0), times: new Float64Array(0), totals: new Float64Array(0) };
  resize(track, 1);
  return track;
}

/** Room for so many rows at least, by the power of two. */
function resize(track: Track, rows: number): void {
  let capacity = initialRows;
  while (capacity < rows) capacity *= 2;
  track.generations = resized(track.generations, capacity);
  track.times = resized(track.times, capacity);
  track.totals = resized(track.totals, capacity * track.width);
}
