/** The one place that knows what the cells of a row are, by its family. Whoever reads or writes them asks a `RowLayout` where. */
import type { Kind } from '../naming/kind.ts';
import { exemplarCells } from './exemplar-cells.ts';
import { type ExponentialShape, exponentialCell, exponentialStride } from './exponential-cells.ts';

/** What of a family decides its cells. */
export interface RowShape {
  readonly kind: Kind;
  /** Upper bucket bounds, strictly ascending, without +Inf. Only histograms. */
  readonly bounds?: readonly number[];
  /** Rows have room for an exemplar for each bucket, or for a counter. */
  readonly exemplars?: boolean;
  /** A histogram with exponential buckets in place of bounds. */
  readonly exponential?: ExponentialShape;
  /** A histogram keeps the smallest and the largest value, too. Default false. */
  readonly minMax?: boolean;
}

/** The first cell is the value. */
interface NumberCells {
  readonly form: 'number';
}

/** The first cells are the buckets, one more than bounds and not cumulative. The count is what they add up to. */
interface HistogramCells {
  readonly form: 'histogram';
  readonly bounds: readonly number[];
  readonly buckets: number;
  /** The place of the sum. */
  readonly sum: number;
}

/** What is behind count and sum, `exponential-cells.ts` says. */
interface ExponentialCells {
  readonly form: 'exponential';
  readonly shape: ExponentialShape;
  readonly count: number;
  readonly sum: number;
}

interface SummaryCells {
  readonly form: 'summary';
  readonly count: number;
  readonly sum: number;
}

type ValueCells = NumberCells | HistogramCells | ExponentialCells | SummaryCells;

/** Places count from the row's first cell. */
export type RowLayout = ValueCells & {
  /** Cells that add up, or would but for their scale; they come first. */
  readonly summedCells: number;
  /** Behind them: the smallest and the largest value, `Infinity` and `-Infinity` while nothing was recorded. */
  readonly minMax: { readonly min: number; readonly max: number } | undefined;
  /** Cells of the value, all of the above. */
  readonly valueCells: number;
  /** Exemplars that a row has room for, behind its value: one for each bucket, or one for a counter or for exponential buckets. */
  readonly exemplars: number;
  /** Cells in all. */
  readonly cells: number;
};

export function layoutOf(shape: RowShape): RowLayout {
  const value = valueCellsOf(shape);
  const summedCells = summedCellsOf(value);
  const minMax = shape.minMax === true ? { min: summedCells, max: summedCells + 1 } : undefined;
  const valueCells = summedCells + (minMax === undefined ? 0 : 2);
  const exemplars = shape.exemplars !== true ? 0 : value.form === 'histogram' ? value.buckets : 1;
  return Object.freeze({ ...value, summedCells, minMax, valueCells, exemplars, cells: valueCells + exemplars * exemplarCells });
}

function valueCellsOf({ kind, bounds = [], exponential }: RowShape): ValueCells {
  if (exponential !== undefined) {
    return { form: 'exponential', shape: exponential, count: exponentialCell.count, sum: exponentialCell.sum };
  }
  if (kind === 'histogram' || kind === 'gaugehistogram') {
    const buckets = bounds.length + 1;
    return { form: 'histogram', bounds, buckets, sum: buckets };
  }
  return kind === 'summary' ? { form: 'summary', count: 0, sum: 1 } : { form: 'number' };
}

function summedCellsOf(value: ValueCells): number {
  if (value.form === 'number') return 1;
  return value.form === 'exponential' ? exponentialStride(value.shape) : value.sum + 1;
}

/** The place of an exemplar: that of a bucket, or 0 for the only one. */
export function exemplarAt({ valueCells }: RowLayout, index: number): number {
  return valueCells + index * exemplarCells;
}

/** The cells of a row in which nothing was recorded. */
export function blankRow(layout: RowLayout): Float64Array {
  const cells = new Float64Array(layout.cells);
  if (layout.form === 'exponential') cells[exponentialCell.scale] = layout.shape.maxScale;
  if (layout.minMax !== undefined) {
    cells[layout.minMax.min] = Number.POSITIVE_INFINITY;
    cells[layout.minMax.max] = Number.NEGATIVE_INFINITY;
  }
  return cells;
}

/**
 * Whether a row's value has come together since some start, which it has a column for. Of a gauge nobody reads one: `Gauge` in OTLP's
 * metrics.proto, "StartTimeUnixNano is ignored for all data points".
 */
export function accumulates(kind: Kind): boolean {
  return kind !== 'gauge' && kind !== 'info' && kind !== 'unknown' && kind !== 'stateset';
}
