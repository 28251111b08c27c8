/** The only file that knows what the cells of a row are. All that reads or writes them gets their offsets from a `RowLayout`. */
import type { Kind } from '../../naming/kind.ts';
import { exemplarCells as idCells } from './exemplar-cells.ts';
import { textCells } from './exemplar-text.ts';
import { type ExponentialShape, exponentialCell, exponentialStride } from './exponential-cells.ts';
import { exponentialExemplars } from './exponential-index.ts';

/** The properties of a family that decide its cells. */
export interface RowShape {
  readonly kind: Kind;
  /** Upper bucket bounds, strictly ascending, without +Inf. Only histograms. */
  readonly bounds?: readonly number[];
  /** Which quantiles a row has values of, strictly ascending from 0 to 1. Only summaries. Default: none. */
  readonly quantiles?: readonly number[];
  /** Rows have cells for an exemplar for each bucket, or for a counter. */
  readonly exemplars?: boolean;
  /** Bytes of the labels of an exemplar beside its ids, for which there are cells (`exemplar-text.ts`). Default 0. */
  readonly exemplarText?: number;
  /**
   * A histogram with exponential buckets: instead of bounds where there are none, and beside them where there are (form
   * `histogram`, `RowLayout.exponential` says where the others are). Each value of such a row is recorded in both.
   */
  readonly exponential?: ExponentialShape;
  /**
   * Nobody has said what the values of a histogram with bounds sum up to: its cell is there, and nothing shows it. Default false.
   */
  readonly noSum?: boolean;
  /** A histogram keeps the smallest and the largest value, too. Default false. */
  readonly minMax?: boolean;
  /** A row keeps when its value was taken, and exposition writes that on its lines. Default false. */
  readonly timestamps?: boolean;
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
  /** The offset of the sum. */
  readonly sum: number;
  /** False: it is unknown, and its cell means nothing. */
  readonly hasSum: boolean;
}

/** `exponential-cells.ts` has the cells behind count and sum. */
interface ExponentialCells {
  readonly form: 'exponential';
  readonly shape: ExponentialShape;
  readonly count: number;
  readonly sum: number;
}

/** The values of the quantiles are one behind the other, from `firstQuantile` on; `NaN` while they are unknown. */
interface SummaryCells {
  readonly form: 'summary';
  readonly count: number;
  readonly sum: number;
  readonly quantiles: readonly number[];
  readonly firstQuantile: number;
}

type ValueCells = NumberCells | HistogramCells | ExponentialCells | SummaryCells;

/** Exponential buckets in a row, their count and sum first (`exponential-cells.ts`). */
export interface ExponentialPart {
  /** Where they begin. */
  readonly at: number;
  readonly shape: ExponentialShape;
}

/** Offsets count from the row's first cell. */
export type RowLayout = ValueCells & {
  /**
   * All summed cells of form `exponential`; of a histogram that has bounds, too, those behind the sum of its buckets. Undefined:
   * there are none.
   */
  readonly exponential: ExponentialPart | undefined;
  /** Cells that add up, or would but for their scale; they come first. */
  readonly summedCells: number;
  /** Behind them: the smallest and the largest value, `Infinity` and `-Infinity` while nothing was recorded. */
  readonly minMax: { readonly min: number; readonly max: number } | undefined;
  /** Cells of the value, all of the above. */
  readonly valueCells: number;
  /** When the value was taken, in milliseconds since the epoch; 0: unknown. Undefined: there is no such cell. */
  readonly timestamp: number | undefined;
  /**
   * Exemplars for which a row has cells, after its value: one for each bucket, one for a counter, some for exponential buckets.
   */
  readonly exemplars: number;
  /** Cells of one of them. */
  readonly exemplarCells: number;
  /** Bytes of the labels that one has beside its ids at most; 0: it has none. */
  readonly exemplarText: number;
  /** Cells in all. */
  readonly cells: number;
};

export function layoutOf(shape: RowShape): RowLayout {
  const value = valueCellsOf(shape);
  const plainCells = plainCellsOf(value);
  const exponential = shape.exponential && Object.freeze({ at: plainCells, shape: shape.exponential });
  const summedCells = plainCells + (exponential === undefined ? 0 : exponentialStride(exponential.shape));
  const unbounded = summedCells + (value.form === 'summary' ? value.quantiles.length : 0);
  const minMax = shape.minMax === true ? { min: unbounded, max: unbounded + 1 } : undefined;
  const valueCells = unbounded + (minMax === undefined ? 0 : 2);
  const timestamp = shape.timestamps === true ? valueCells : undefined;
  const exemplars = shape.exemplars === true ? exemplarsOf(value) : 0;
  const exemplarText = exemplars === 0 ? 0 : (shape.exemplarText ?? 0);
  const perExemplar = idCells + textCells(exemplarText);
  const cells = valueCells + (timestamp === undefined ? 0 : 1) + exemplars * perExemplar;
  return Object.freeze({
    ...value,
    exponential,
    summedCells,
    minMax,
    valueCells,
    timestamp,
    exemplars,
    exemplarCells: perExemplar,
    exemplarText,
    cells,
  });
}

function exemplarsOf(value: ValueCells): number {
  if (value.form === 'histogram') return value.buckets;
  return value.form === 'exponential' ? exponentialExemplars : 1;
}

function valueCellsOf({ kind, bounds, quantiles = [], exponential, noSum }: RowShape): ValueCells {
  if (exponential !== undefined && bounds === undefined) {
    return { form: 'exponential', shape: exponential, count: exponentialCell.count, sum: exponentialCell.sum };
  }
  if (kind === 'histogram' || kind === 'gaugehistogram') {
    const buckets = (bounds?.length ?? 0) + 1;
    return { form: 'histogram', bounds: bounds ?? [], buckets, sum: buckets, hasSum: noSum !== true };
  }
  return kind === 'summary' ? { form: 'summary', count: 0, sum: 1, quantiles, firstQuantile: 2 } : { form: 'number' };
}

/** Cells that add up one by one; exponential buckets come behind them. */
function plainCellsOf(value: ValueCells): number {
  if (value.form === 'number') return 1;
  return value.form === 'exponential' ? 0 : value.sum + 1;
}

/** The place of an exemplar: that of a bucket, the one that `exponentialExemplar` says, or 0 for the only one. */
export function exemplarAt({ valueCells, timestamp, exemplarCells }: RowLayout, index: number): number {
  return valueCells + (timestamp === undefined ? 0 : 1) + index * exemplarCells;
}

/** The cells of a row in which nothing was recorded. */
export function blankRow(layout: RowLayout): Float64Array {
  const cells = new Float64Array(layout.cells);
  if (layout.exponential !== undefined) cells[layout.exponential.at + exponentialCell.scale] = layout.exponential.shape.maxScale;
  if (layout.form === 'summary') cells.fill(Number.NaN, layout.firstQuantile, layout.firstQuantile + layout.quantiles.length);
  if (layout.minMax !== undefined) {
    cells[layout.minMax.min] = Number.POSITIVE_INFINITY;
    cells[layout.minMax.max] = Number.NEGATIVE_INFINITY;
  }
  return cells;
}

/**
 * Whether a row's value has come together since some start, which it has a column for. A gauge needs none: `Gauge` in OTLP's
 * metrics.proto, "StartTimeUnixNano is ignored for all data points".
 */
export function accumulates(kind: Kind): boolean {
  return kind !== 'gauge' && kind !== 'info' && kind !== 'unknown' && kind !== 'stateset';
}
