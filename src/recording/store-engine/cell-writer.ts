/** A measurement into its row's cells. Nothing in here allocates. */
import type { Kind } from '../../naming/kind.ts';
import { type ExponentialShape, recordExponential } from '../../store/index.ts';
import type { Family, Row } from '../../store/store.ts';
import { summedCellsOf } from '../../store/stride.ts';
import { bucketSearch } from '../bucket-search.ts';

export type CellWriter = (row: Row, value: number) => void;

/**
 * `family.cells` is read at each call, because growth replaces it; the views are of fixed length, because one that tracks a growable buffer costs
 * far more at each access.
 */
export function createCellWriter(family: Family, kind: Kind): CellWriter {
  if (family.spec.exemplars === true && kind === 'counter') return stridedWriter(family);
  switch (kind) {
    case 'counter':
    case 'updowncounter':
      return (row, value) => {
        const { cells } = family;
        cells[row] = (cells[row] as number) + value;
      };
    case 'histogram': {
      const write = family.spec.exponential === undefined ? histogramWriter(family) : exponentialWriter(family, family.spec.exponential);
      return family.spec.minMax === true ? minMaxWriter(family, write) : write;
    }
    case 'summary':
      return (row, value) => {
        const { cells } = family;
        const at = row * 2;
        cells[at] = (cells[at] as number) + 1;
        cells[at + 1] = (cells[at + 1] as number) + value;
      };
    default:
      return (row, value) => {
        family.cells[row] = value;
      };
  }
}

/** For counters whose rows hold more than the value. */
function stridedWriter(family: Family): CellWriter {
  const { stride } = family;
  return (row, value) => {
    const { cells } = family;
    cells[row * stride] = (cells[row * stride] as number) + value;
  };
}

function histogramWriter(family: Family): CellWriter {
  // A typed copy: a frozen array of doubles holds boxed ones.
  const bounds = Float64Array.from(family.spec.bounds ?? []);
  const { stride } = family;
  const last = bounds.length + 1;
  const bucketOf = bucketSearch(bounds);
  return (row, value) => {
    const { cells } = family;
    const at = row * stride;
    const bucket = at + bucketOf(bounds, value);
    cells[bucket] = (cells[bucket] as number) + 1;
    cells[at + last] = (cells[at + last] as number) + value;
  };
}

function exponentialWriter(family: Family, shape: ExponentialShape): CellWriter {
  const { stride } = family;
  return (row, value) => recordExponential(family.cells, row * stride, shape, value);
}

function minMaxWriter(family: Family, write: CellWriter): CellWriter {
  const { stride, spec } = family;
  const minAt = summedCellsOf(spec);
  return (row, value) => {
    write(row, value);
    const { cells } = family;
    const at = row * stride + minAt;
    // `+ 0` makes -0 a 0, which it is equal to: which of the two came first must not show.
    if (value < (cells[at] as number)) cells[at] = value + 0;
    if (value > (cells[at + 1] as number)) cells[at + 1] = value + 0;
  };
}
