/** What a row's cells are, by its family. */
import type { Kind } from '../naming/kind.ts';
import { exemplarCells } from './exemplar-cells.ts';
import { exponentialCell, exponentialStride } from './exponential-cells.ts';
import type { FamilySpec } from './store.ts';

/**
 * Cells of a row's value: a histogram has its buckets (bounds + 1) and its sum, or exponential buckets, and then minimum and maximum where it keeps
 * them; a summary count and sum, everything else its value.
 */
export function valueCellsOf(spec: FamilySpec): number {
  return summedCellsOf(spec) + (spec.minMax === true ? 2 : 0);
}

/** Those of them that add up, or would but for their scale: all but minimum and maximum. */
export function summedCellsOf({ kind, bounds, exponential }: FamilySpec): number {
  if (exponential !== undefined) return exponentialStride(exponential);
  if (kind === 'histogram' || kind === 'gaugehistogram') return (bounds?.length ?? 0) + 2;
  return kind === 'summary' ? 2 : 1;
}

/**
 * Whether a row's value has come together since some start. Of a gauge nobody reads one: `Gauge` in OTLP's metrics.proto, "StartTimeUnixNano is ignored
 * for all data points".
 */
export function accumulates(kind: Kind): boolean {
  return kind !== 'gauge' && kind !== 'info' && kind !== 'unknown' && kind !== 'stateset';
}

/** Cells a row: those of its value, and behind them one place for an exemplar for each bucket, or one for a counter or for exponential buckets. */
export function strideOf(spec: FamilySpec): number {
  return valueCellsOf(spec) + exemplarPlaces(spec) * exemplarCells;
}

/** How many exemplars a row has room for. */
export function exemplarPlaces(spec: FamilySpec): number {
  if (spec.exemplars !== true) return 0;
  return spec.kind === 'histogram' ? (spec.bounds?.length ?? 0) + 1 : 1;
}

/** The cells of a row in which nothing was recorded. */
export function blankRow(spec: FamilySpec): Float64Array {
  const cells = new Float64Array(strideOf(spec));
  if (spec.exponential !== undefined) cells[exponentialCell.scale] = spec.exponential.maxScale;
  if (spec.minMax === true) cells.set([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY], summedCellsOf(spec));
  return cells;
}
