/** A measurement into its row's cells. Nothing in here allocates. */
import type { Kind } from '../../naming/kind.ts';
import type { Family, Row } from '../../store/store.ts';

export type CellWriter = (row: Row, value: number) => void;

/**
 * `family.cells` is read at each call, because growth replaces it; the views are of fixed length, because one that tracks a growable buffer costs
 * far more at each access.
 */
export function createCellWriter(family: Family, kind: Kind): CellWriter {
  switch (kind) {
    case 'counter':
    case 'updowncounter':
      return (row, value) => {
        const { cells } = family;
        cells[row] = (cells[row] as number) + value;
      };
    case 'histogram':
      return histogramWriter(family);
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

function histogramWriter(family: Family): CellWriter {
  // A typed copy: a frozen array of doubles holds boxed ones.
  const bounds = Float64Array.from(family.spec.bounds ?? []);
  const { stride } = family;
  const last = stride - 1;
  const bucketOf = bounds.length > linearUpTo ? bisect : scan;
  return (row, value) => {
    const { cells } = family;
    const at = row * stride;
    const bucket = at + bucketOf(bounds, value);
    cells[bucket] = (cells[bucket] as number) + 1;
    cells[at + last] = (cells[at + last] as number) + value;
  };
}

/** Up to here a scan that the processor foresees is quicker than halving. */
const linearUpTo = 32;

/** A bound belongs to its bucket (Prometheus' `le`). */
function scan(bounds: Float64Array, value: number): number {
  let bucket = 0;
  while (bucket < bounds.length && value > (bounds[bucket] as number)) bucket++;
  return bucket;
}

function bisect(bounds: Float64Array, value: number): number {
  let low = 0;
  for (let high = bounds.length; low < high; ) {
    const middle = (low + high) >>> 1;
    if (value > (bounds[middle] as number)) low = middle + 1;
    else high = middle;
  }
  return low;
}
