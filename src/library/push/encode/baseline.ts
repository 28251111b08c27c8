/**
 * The totals that a receiver has accepted, row by row: deltas count from them, so that a failed push costs resolution and no
 * events. Only the reader knows it. It keeps cells that add up (a counter's value; a histogram's buckets and sum, exponential
 * ones at their current scale).
 */
import type { RowLayout } from '../../../core/store/cells/row-layout.ts';
import type { FamilyView, Row } from '../../../core/store/store.ts';
import { isDelta, type Temporality } from '../settings/temporality.ts';
import { AcceptedTotals } from './accepted-totals.ts';
import { InFlight } from './in-flight.ts';

export interface Baseline {
  /** A push begins. What the last one wrote and no receiver accepted is forgotten. */
  begin(): void;
  /** Are a family's points deltas? */
  counts(family: FamilyView): boolean;
  /** Names the family of the rows that follow, whose points are, and when they are read. */
  family(family: FamilyView, timeMs: number): void;
  /** Names a family that is not pushed this time: what is known of it stays. */
  keep(family: FamilyView): void;
  /**
   * Puts the change since the last accepted push into `deltas`, and that push's time into `header`. False when a total is not
   * finite: the next finite one carries the change.
   *
   * A series that no push had yet begins where the others of its family do, not at its first measurement: at the last push, or,
   * before the first one, when its instrument was made (Metrics SDK, "Start timestamps").
   *
   * A total that fell (by retention, or a new source) counts nothing, and deltas continue from it: as all new, a trimmed
   * database's whole total would count again. A total with an unknown start counts nothing at first, because an earlier process
   * may have sent it. A histogram's sum falls with negative values, too: then its buckets count, and the sum in `deltas` is
   * negative.
   */
  row(family: FamilyView, row: Row, generation: number, cellAt: number, header: Times): boolean;
  /** Names a row that is not pushed this time: what is known of it stays. */
  skip(row: Row): void;
  /** Good until the next `row`. */
  readonly deltas: Float64Array;
  /** A point that is no delta is written. */
  other(): void;
  /** A receiver has accepted so many points more, in the order in which they were written. */
  accepted(points: number): void;
  /** All families were named: what is known of others, and memory that is needed no longer, is freed. */
  end(): void;
}

interface Times {
  startMs: number;
  readonly timeMs: number;
}

export function createBaseline(preference: Temporality): Baseline {
  const families = new Map<number, AcceptedTotals>();
  const inFlight = new InFlight<AcceptedTotals>();
  let push = 0;
  /** The push in progress has named all families. */
  let named = false;
  let readMs = 0;
  /** When the last push that arrived in whole ended its reading; 0: none has. */
  let sinceMs = 0;
  let current = new AcceptedTotals(0);
  let deltas = new Float64Array(1);

  function accept(owner: AcceptedTotals, row: Row, generation: number, timeMs: number, totals: Float64Array, at: number): void {
    owner.accept(row, generation, timeMs, totals, at);
  }

  /** Makes totals in `deltas` the change since those that were accepted, if any were. */
  function subtract(family: FamilyView, row: Row, cellAt: number, known: boolean): void {
    const { rowLayout, cells } = family;
    const { exponential } = rowLayout;
    if (exponential !== undefined) {
      if (!known) return;
      current.subtract(deltas, row, exponential.at);
      current.subtractExponential(deltas, row, exponential);
      return;
    }
    if (known) current.subtract(deltas, row);
    if (!hasFallen(rowLayout, known && family.start(row) > current.timeMs(row))) return;
    deltas.fill(0, 0, current.width);
    if (known) current.replace(row, cells, cellAt);
  }

  /** @param beganAgain its source says so */
  function hasFallen({ form }: RowLayout, beganAgain: boolean): boolean {
    const last = current.width - 1;
    let risen = false;
    for (let index = 0; index < last; index++) {
      const delta = deltas[index] as number;
      if (delta < 0) return true;
      if (delta > 0) risen = true;
    }
    if ((deltas[last] as number) >= 0) return false;
    return form !== 'histogram' || !risen || beganAgain;
  }

  function arrived(): void {
    sinceMs = readMs;
    for (const totals of families.values()) if (totals.push === push && totals.readMs > 0) totals.sinceMs = totals.readMs;
  }

  /**
   * Where the delta of a series begins that no push had yet. Of one that was read before without a finite total: at its own
   * start.
   */
  function beginsAt({ spec: { madeMs = 0 } }: FamilyView, startMs: number): number {
    const began = Math.max(current.sinceMs > 0 ? current.sinceMs : sinceMs, madeMs);
    return began > 0 ? Math.min(startMs, began) : startMs;
  }

  function skip(row: Row): void {
    if (row > current.highest) current.highest = row;
  }

  return Object.freeze<Baseline>({
    begin() {
      if (named && inFlight.isEmpty) arrived();
      named = false;
      push++;
      inFlight.clear();
    },
    counts: (family) => isDelta(family, preference),
    family({ id, rowLayout }, timeMs) {
      current = families.get(id) ?? new AcceptedTotals(rowLayout.summedCells);
      families.set(id, current);
      if (deltas.length < current.width) deltas = new Float64Array(current.width);
      current.push = push;
      current.highest = 0;
      current.readMs = timeMs;
      readMs = timeMs;
    },
    keep({ id }) {
      const known = families.get(id);
      if (known === undefined) return;
      known.push = push;
      known.readMs = 0;
    },
    row(family, row, generation, cellAt, header) {
      const { cells } = family;
      const { width } = current;
      skip(row);
      for (let index = 0; index < width; index++) {
        const total = cells[cellAt + index] as number;
        if (!Number.isFinite(total)) return false;
        deltas[index] = total;
      }
      let known = current.has(row, generation);
      if (!known && family.start(row) === 0) {
        current.accept(row, generation, header.timeMs, cells, cellAt);
        known = true;
      }
      subtract(family, row, cellAt, known);
      header.startMs = Math.min(known ? current.timeMs(row) : beginsAt(family, family.start(row)), header.timeMs);
      // Of the last slice of a large family.
      current.readMs = header.timeMs;
      readMs = header.timeMs;
      inFlight.push(current, row, generation, header.timeMs, cells, cellAt, width);
      return true;
    },
    skip,
    get deltas() {
      return deltas;
    },
    other: () => inFlight.skip(),
    accepted: (points) => inFlight.take(points, accept),
    end() {
      named = true;
      for (const [id, totals] of families) {
        if (totals.push !== push || totals.highest === 0) families.delete(id);
        else totals.shrink();
      }
    },
  });
}
