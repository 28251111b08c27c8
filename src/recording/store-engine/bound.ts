/**
 * The hot path of what is bound: the series is known, its row is read from it, and no row (not shown yet, removed, refused, reset) is the slow
 * way's business. What was bound while it was refused, or before a reset, stays on the slow way, so that the code is short enough to be
 * inlined. Counters and gauges have code of their own for the same reason. `npm run bench -- record --case counter-bound` measures it.
 */
import type { Kind } from '../../naming/kind.ts';
import type { Family } from '../../store/store.ts';
import type { PutBound } from '../engine.ts';
import type { Series } from '../series.ts';
import type { CellWriter } from './cell-writer.ts';

export interface BoundParts {
  readonly kind: Kind;
  readonly family: Family;
  readonly takes: (value: unknown) => value is number;
  readonly write: CellWriter;
}

type Binder = (slow: PutBound, series?: Pick<Series, 'row'>) => (value: number) => void;

export function createBinder({ kind, family, takes, write }: BoundParts): Binder {
  if (kind === 'counter' && family.stride === 1) return counterBinder(family);
  if (kind === 'gauge' && family.stride === 1) return gaugeBinder(family);
  return (slow, series = none) =>
    (value) => {
      if (series.row !== 0 && takes(value)) write(series.row, value);
      else slow(value);
    };
}

/** Stands for what was refused: it never has a row. */
const none: Pick<Series, 'row'> = Object.freeze({ row: 0 });

function counterBinder(family: Family): Binder {
  return (slow, series = none) =>
    (value) => {
      const { row } = series;
      if (row !== 0 && typeof value === 'number' && value >= 0 && value < Infinity) (family.cells[row] as number) += value;
      else slow(value);
    };
}

function gaugeBinder(family: Family): Binder {
  return (slow, series = none) =>
    (value) => {
      const { row } = series;
      if (row !== 0 && typeof value === 'number') family.cells[row] = value;
      else slow(value);
    };
}
