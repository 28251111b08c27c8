/**
 * What a reader has sent, row by row: the attribute bytes, copied once for as long as a row belongs to the same series. So it
 * determines which series of a receiver are gone. Each reader has its own; the store does not use it.
 */
import { createArena } from '../../../core/store/labels/arena.ts';
import type { FamilyView, Row } from '../../../core/store/store.ts';
import { attributeBytes } from '../../../formats/otlp/index.ts';
import { type GoneSeries, GoneSeriesList } from './gone-series.ts';
import { SentRows } from './sent-rows.ts';

/** Where a row's attribute bytes are. */
export interface AttributeRange {
  attributes: Uint8Array;
  from: number;
  to: number;
}

export interface SentSeries {
  /** A push begins. */
  begin(): void;
  /** Names the family of the rows that follow. */
  family(family: FamilyView): void;
  /** A row is being sent: `place` gets its attribute bytes, valid until the next call. */
  row(family: FamilyView, row: Row, generation: number, header: AttributeRange): void;
  /** All rows have been seen. Returns the series that the receiver must mark as gone, those of earlier failed pushes included. */
  gone(): Iterable<GoneSeries>;
  /** The push arrived, all of it. */
  delivered(): void;
}

/**
 * 64 to 100 bytes each. Of rows beyond it (or beyond 1 GiB of attributes) nothing is kept: they are sent, and a receiver forgets
 * them after its own time.
 */
const defaultLimit = 200_000;

export function createSentSeries(limit: number = defaultLimit): SentSeries {
  const families = new Map<number, SentRows>();
  const gone = new GoneSeriesList();
  let pool = createArena();
  let push = 0;
  let lastDelivered = 0;
  let tracked = 0;
  let current: SentRows | undefined;

  function leave(rows: SentRows, row: Row): void {
    const at = rows.at[row] as number;
    const length = rows.lengths[row] as number;
    if (rows.wasSentBy(lastDelivered, row)) {
      const attributes = pool.bytes.slice(at, at + length);
      gone.leave(rows.keyOf(attributes), { family: rows.family, attributes, startMs: rows.startMs(row) });
    }
    pool.free(at, length);
    rows.remove(row);
    tracked--;
  }

  /** False: there is no memory for it. */
  function enter(rows: SentRows, row: Row, generation: number, attributes: Uint8Array): boolean {
    if (rows.has(row)) leave(rows, row);
    // Before the first delivery nothing can be missed, so nothing has to be compared.
    if (lastDelivered > 0) gone.come(rows.keyOf(attributes));
    const at = tracked < limit ? pool.put(attributes) : -1;
    if (at === -1) return false;
    rows.add(row, generation, at, attributes.length, push);
    tracked++;
    return true;
  }

  /** Attributes of other lengths than those that came have left gaps. */
  function movePool(): void {
    const old = pool;
    pool = old.successor();
    for (const rows of families.values()) {
      for (const row of rows.known()) {
        const from = rows.at[row] as number;
        rows.at[row] = pool.put(old.bytes, from, from + (rows.lengths[row] as number));
      }
    }
    old.end();
  }

  return Object.freeze({
    begin() {
      push++;
      gone.begin();
      current = undefined;
      for (const rows of families.values()) rows.seen = 0;
      if (pool.isWasteful(tracked)) movePool();
    },
    family(family: FamilyView) {
      current = families.get(family.id);
      if (current !== undefined) return;
      current = new SentRows(family);
      families.set(family.id, current);
    },
    row(family: FamilyView, row: Row, generation: number, header: AttributeRange) {
      const rows = current as SentRows;
      if (rows.hasGeneration(row, generation)) rows.see(row, push);
      else {
        const attributes = attributeBytes(family.labels(row));
        if (!enter(rows, row, generation, attributes)) {
          header.attributes = attributes;
          header.from = 0;
          header.to = attributes.length;
          return;
        }
      }
      header.attributes = pool.bytes;
      header.from = rows.at[row] as number;
      header.to = header.from + (rows.lengths[row] as number);
    },
    gone() {
      for (const [id, rows] of families) {
        for (const row of rows.missing(push)) leave(rows, row);
        if (rows.size === 0) families.delete(id);
      }
      return gone.settle();
    },
    delivered() {
      lastDelivered = push;
      gone.delivered();
    },
  });
}
