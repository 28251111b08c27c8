/**
 * The hot path of a binding: reads the row of its series. Without a row (not exposed yet, removed, rejected, reset) it takes the
 * slow path. A binding that was rejected, or made before a reset, stays on the slow path, so that the code is short enough to be
 * inlined; counters and gauges have separate code for the same reason. `npm run bench -- record --case counter-bound` measures
 * it.
 */
import type { Kind } from '../../../core/naming/kind.ts';
import type { Family } from '../../../core/store/store.ts';
import type { Series } from '../../series/series.ts';
import type { MeasureBound } from '../engine.ts';
import type { CellWriter } from './cell-writer.ts';

export interface BoundParts {
  readonly kind: Kind;
  readonly family: Family;
  readonly accepts: (value: unknown) => value is number;
  readonly write: CellWriter;
}

type Binder = (slow: MeasureBound, series?: Pick<Series, 'row'>) => (value: number) => void;

export function createBinder({ kind, family, accepts, write }: BoundParts): Binder {
  if (kind === 'counter' && family.stride === 1) return counterBinder(family);
  if (kind === 'gauge' && family.stride === 1) return gaugeBinder(family);
  return (slow, series = none) =>
    (value) => {
      if (series.row !== 0 && accepts(value)) write(series.row, value);
      else slow(value);
    };
}

/** Represents a rejected series: it never has a row. */
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
