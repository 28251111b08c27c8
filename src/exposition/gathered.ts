/** The rows of a sorted family: gathered in the walk, written in the order of their label values. */
import type { FamilyView, Row } from '../store/index.ts';
import type { ByteBuffer } from './byte-buffer.ts';
import type { FamilyLines, SortedRows } from './family-lines.ts';
import type { TextFormat } from './format.ts';
import { sortedIndexes } from './sort-rows.ts';

/** Families with more rows than this come in order of creation: what is gathered is held in memory. */
export const mostSortedRows = 10_000;

/** Rows written between two pauses. */
const rowsAPiece = 64;

export interface Gathered {
  add(row: Row, generation: number, cellAt: number): void;
  /** Writes what was gathered and returns how many lines that made; `full` ends it. Pauses now and then. */
  write(out: ByteBuffer, full: () => boolean): Generator<undefined, number>;
}

export function createGathered(family: FamilyView, lines: FamilyLines, format: TextFormat): Gathered {
  const cache = lines.caches[format];
  const { stride } = family;
  /** Row and generation in turn. */
  const members: number[] = [];
  /** As they were when the walk came by: the view's cells may be the slice's only. */
  const values: number[] = [];

  function* order(): Generator<undefined, readonly number[]> {
    if (lines.sorted === undefined || !equalMembers(lines.sorted, members)) {
      const keys = members.filter((_, at) => at % 2 === 0).map((row) => cache.sortKey(row));
      lines.sorted = { members, order: yield* sortedIndexes(keys) };
    }
    return lines.sorted.order;
  }

  return {
    add(row, generation, cellAt) {
      if (cache.segmentOf(family, row, generation) === undefined) return;
      members.push(row, generation);
      for (let cell = 0; cell < stride; cell++) values.push(family.cells[cellAt + cell] as number);
    },
    *write(out, full) {
      const cells = Float64Array.from(values);
      let series = 0;
      for (const [count, index] of (yield* order()).entries()) {
        if (full()) return series;
        const row = members[index * 2] as Row;
        const generation = members[index * 2 + 1] as number;
        // A row that went away while a slice yielded is left out.
        if (family.generation(row) === generation) series += lines.write(out, format, family, row, generation, cells, index * stride);
        if (count % rowsAPiece === 0) yield;
      }
      return series;
    },
  };
}

function equalMembers({ members }: SortedRows, others: readonly number[]): boolean {
  return members.length === others.length && members.every((value, index) => value === others[index]);
}
