/** Writes the lines of one row: segmentd prefix, number, line feed. The hot loop of a rendering. */
import type { FamilyView } from '../../store/index.ts';
import { writeBuckets } from './bucket-text.ts';
import { type ByteBuffer, copyBytes } from './byte-buffer.ts';
import type { LineSegment } from './line-segment.ts';
import { numberBytes, writeNumber } from './number.ts';

const lineFeed = 0x0a;

/** Writes a row and returns how many lines that made. `place` comes from `LineSegment.place`, `cellAt` from the walk. */
export type RowWriter = (out: ByteBuffer, segment: LineSegment, place: number, cells: Float64Array, cellAt: number) => number;

/** How the rows of a family are written, exemplars aside. */
export function plainRowWriter({ rowLayout, spec }: FamilyView): RowWriter {
  switch (rowLayout.form) {
    case 'number':
      return spec.kind === 'counter' ? writeCounterRow : writeValueRow;
    case 'histogram':
      return histogramRowWriter(rowLayout.sum);
    case 'exponential':
      return countRowWriter(rowLayout);
    case 'summary':
      return summaryRowWriter(rowLayout);
  }
}

/** Places of cells. */
interface Totals {
  readonly count: number;
  readonly sum: number;
}

interface Quantiles extends Totals {
  readonly quantiles: readonly number[];
  readonly firstQuantile: number;
}

function writeValueRow(out: ByteBuffer, segment: LineSegment, place: number, cells: Float64Array, cellAt: number): number {
  reserveLines(out, segment, place);
  writeLine(out, segment, place, cells[cellAt] as number);
  return 1;
}

/** A counter that is NaN or negative is illegal in OpenMetrics and means nothing anywhere: the line is left out. */
function writeCounterRow(out: ByteBuffer, segment: LineSegment, place: number, cells: Float64Array, cellAt: number): number {
  return (cells[cellAt] as number) >= 0 ? writeValueRow(out, segment, place, cells, cellAt) : 0;
}

/** Lines: quantiles, sum, count. */
function summaryRowWriter({ count, sum, quantiles, firstQuantile }: Quantiles): RowWriter {
  return (out, segment, place, cells, cellAt) => {
    reserveLines(out, segment, place);
    for (let quantile = 0; quantile < quantiles.length; quantile++) {
      writeLine(out, segment, place + quantile, cells[cellAt + firstQuantile + quantile] as number);
    }
    return writeTotals(
      out,
      segment,
      place + quantiles.length,
      quantiles.length,
      cells[cellAt + sum] as number,
      cells[cellAt + count] as number,
    );
  };
}

/**
 * Of exponential buckets, which no text format can say. Lines: one bucket for all, and then sum and count where the format has them, as
 * client_golang shows a histogram that has native buckets only.
 */
function countRowWriter({ count, sum }: Totals): RowWriter {
  return (out, segment, place, cells, cellAt) => {
    reserveLines(out, segment, place);
    writeLine(out, segment, place, cells[cellAt + count] as number);
    return writeTotals(out, segment, place + 1, 1, cells[cellAt + sum] as number, cells[cellAt + count] as number);
  };
}

/** Lines: the buckets added up, and then sum and count where the format has them. `sum` is its cell. */
function histogramRowWriter(sum: number): RowWriter {
  return (out, segment, place, cells, cellAt) => {
    const buckets = segment.buckets.length;
    reserveLines(out, segment, place);
    const count = writeBuckets(out, segment, place + segment.lines - buckets, cells, cellAt);
    return writeTotals(out, segment, place, buckets, cells[cellAt + sum] as number, count);
  };
}

/** What comes behind the buckets of a histogram, where the format has it: prefixes at `place`. Returns how many lines the row has. */
export function writeTotals(out: ByteBuffer, segment: LineSegment, place: number, buckets: number, sum: number, count: number): number {
  if (segment.lines > buckets) {
    writeLine(out, segment, place, sum);
    writeLine(out, segment, place + 1, count);
  }
  return segment.lines;
}

/** Makes room for a row's lines, and for `more` bytes in them. */
export function reserveLines(out: ByteBuffer, segment: LineSegment, place: number, more = 0): void {
  out.reserve(segment.bytesAt(place) + segment.lines * (numberBytes + 1) + more);
}

/** There is room for it. */
export function writeLine(out: ByteBuffer, segment: LineSegment, line: number, value: number): void {
  const { bounds, prefixes } = segment;
  let at = copyBytes(prefixes.view, bounds[line] as number, bounds[line + 1] as number, out.view, out.length);
  at = writeNumber(out.bytes, at, value);
  out.bytes[at] = lineFeed;
  out.length = at + 1;
}
