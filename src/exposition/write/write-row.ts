/** Writes the lines of one row: segmentd prefix, number, line feed. The hot loop of a rendering. */
import { writeBuckets } from './bucket-text.ts';
import { type ByteBuffer, copyBytes } from './byte-buffer.ts';
import type { LineSegment } from './line-segment.ts';
import { numberBytes, writeNumber } from './number.ts';

const lineFeed = 0x0a;

/** Writes a row and returns how many lines that made. `place` comes from `LineSegment.place`, `cellAt` from the walk. */
export type RowWriter = (out: ByteBuffer, segment: LineSegment, place: number, cells: Float64Array, cellAt: number) => number;

export function writeValueRow(out: ByteBuffer, segment: LineSegment, place: number, cells: Float64Array, cellAt: number): number {
  reserveLines(out, segment, place);
  writeLine(out, segment, place, cells[cellAt] as number);
  return 1;
}

/** A counter that is NaN or negative is illegal in OpenMetrics and means nothing anywhere: the line is left out. */
export function writeCounterRow(out: ByteBuffer, segment: LineSegment, place: number, cells: Float64Array, cellAt: number): number {
  return (cells[cellAt] as number) >= 0 ? writeValueRow(out, segment, place, cells, cellAt) : 0;
}

/** Cells: count, sum. Lines: sum, count. */
export function writeSummaryRow(out: ByteBuffer, segment: LineSegment, place: number, cells: Float64Array, cellAt: number): number {
  reserveLines(out, segment, place);
  writeLine(out, segment, place, cells[cellAt + 1] as number);
  writeLine(out, segment, place + 1, cells[cellAt] as number);
  return 2;
}

/**
 * Cells: count, sum, and what no text format can say. Lines: one bucket for all, and then sum and count where the format has them, as
 * client_golang shows a histogram that has native buckets only.
 */
export function writeCountRow(out: ByteBuffer, segment: LineSegment, place: number, cells: Float64Array, cellAt: number): number {
  reserveLines(out, segment, place);
  writeLine(out, segment, place, cells[cellAt] as number);
  return writeTotals(out, segment, place + 1, 1, cells[cellAt + 1] as number, cells[cellAt] as number);
}

/** Cells: the buckets, each for itself, and the sum. Lines: the buckets added up, and then sum and count where the format has them. */
export function writeHistogramRow(out: ByteBuffer, segment: LineSegment, place: number, cells: Float64Array, cellAt: number): number {
  const buckets = segment.buckets.length;
  reserveLines(out, segment, place);
  const count = writeBuckets(out, segment, place + segment.lines - buckets, cells, cellAt);
  return writeTotals(out, segment, place, buckets, cells[cellAt + buckets] as number, count);
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
