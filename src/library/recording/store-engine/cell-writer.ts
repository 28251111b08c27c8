/** Writes a measurement into the cells of its row, without allocating. */
import type { Kind } from '../../../core/naming/kind.ts';
import { type ExponentialPart, type ExponentialShape, type RowLayout, recordExponential } from '../../../core/store/index.ts';
import type { Family, Row } from '../../../core/store/store.ts';
import { bucketSearch } from '../bucket-search.ts';
import type { Exemplars } from '../engine.ts';

export type CellWriter = (row: Row, value: number) => void;

/**
 * Reads `family.cells` at each call, because growth replaces it. The views have a fixed length: a view that tracks a growable
 * buffer costs far more per access.
 */
export function createCellWriter(family: Family, kind: Kind): CellWriter {
  const { rowLayout } = family;
  const write = valueWriter(family, rowLayout, kind === 'counter' || kind === 'updowncounter');
  return rowLayout.minMax === undefined ? write : minMaxWriter(family, rowLayout.minMax, write);
}

/** Also offers each written value to the exemplars. */
export function offering(write: CellWriter, exemplars: Exemplars | undefined): CellWriter {
  if (exemplars === undefined) return write;
  return (row, value) => {
    write(row, value);
    exemplars.offer(row, value);
  };
}

function valueWriter(family: Family, layout: RowLayout, adds: boolean): CellWriter {
  switch (layout.form) {
    case 'number':
      return adds ? addingWriter(family) : settingWriter(family);
    case 'histogram':
      return layout.exponential === undefined ? histogramWriter(family, layout) : bothWriter(family, layout, layout.exponential);
    case 'exponential':
      return exponentialWriter(family, layout.shape);
    case 'summary':
      return summaryWriter(family, layout);
  }
}

function addingWriter(family: Family): CellWriter {
  const { stride } = family;
  return (row, value) => {
    const { cells } = family;
    const at = row * stride;
    cells[at] = (cells[at] as number) + value;
  };
}

function settingWriter(family: Family): CellWriter {
  const { stride } = family;
  return (row, value) => {
    family.cells[row * stride] = value;
  };
}

function histogramWriter(family: Family, layout: { readonly bounds: readonly number[]; readonly sum: number }): CellWriter {
  // A typed copy: a frozen array of doubles holds boxed ones.
  const bounds = Float64Array.from(layout.bounds);
  const { stride } = family;
  const { sum } = layout;
  const bucketOf = bucketSearch(bounds);
  return (row, value) => {
    const { cells } = family;
    const at = row * stride;
    const bucket = at + bucketOf(bounds, value);
    cells[bucket] = (cells[bucket] as number) + 1;
    cells[at + sum] = (cells[at + sum] as number) + value;
  };
}

function exponentialWriter(family: Family, shape: ExponentialShape): CellWriter {
  const { stride } = family;
  return (row, value) => recordExponential(family.cells, row * stride, shape, value);
}

/** In one function, because V8 puts a double that goes through a call that it does not inline on the heap. */
function bothWriter(
  family: Family,
  layout: { readonly bounds: readonly number[]; readonly sum: number },
  { at: exponentialAt, shape }: ExponentialPart,
): CellWriter {
  const bounds = Float64Array.from(layout.bounds);
  const { stride } = family;
  const { sum } = layout;
  const bucketOf = bucketSearch(bounds);
  return (row, value) => {
    const { cells } = family;
    const at = row * stride;
    const bucket = at + bucketOf(bounds, value);
    cells[bucket] = (cells[bucket] as number) + 1;
    cells[at + sum] = (cells[at + sum] as number) + value;
    recordExponential(cells, at + exponentialAt, shape, value);
  };
}

function summaryWriter(family: Family, { count, sum }: { readonly count: number; readonly sum: number }): CellWriter {
  const { stride } = family;
  return (row, value) => {
    const { cells } = family;
    const at = row * stride;
    cells[at + count] = (cells[at + count] as number) + 1;
    cells[at + sum] = (cells[at + sum] as number) + value;
  };
}

function minMaxWriter(
  family: Family,
  { min, max }: { readonly min: number; readonly max: number },
  write: CellWriter,
): CellWriter {
  const { stride } = family;
  return (row, value) => {
    write(row, value);
    const { cells } = family;
    const at = row * stride;
    // `+ 0` turns -0 into 0. The two are equal, so which one came first must not show.
    if (value < (cells[at + min] as number)) cells[at + min] = value + 0;
    if (value > (cells[at + max] as number)) cells[at + max] = value + 0;
  };
}
