/** Writes the lines of one row: segmentd prefix, number, line feed. The hot loop of a rendering. */
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

/** Cells: the buckets, each for itself, and the sum. Lines: the buckets added up, and then sum and count where the format has them. */
export function writeHistogramRow(
  out: ByteBuffer,
  segment: LineSegment,
  place: number,
  cells: Float64Array,
  cellAt: number,
  buckets: number,
): number {
  reserveLines(out, segment, place);
  let count = 0;
  for (let bucket = 0; bucket < buckets; bucket++) {
    count += cells[cellAt + bucket] as number;
    writeLine(out, segment, place + bucket, count);
  }
  if (segment.lines > buckets) {
    writeLine(out, segment, place + buckets, cells[cellAt + buckets] as number);
    writeLine(out, segment, place + buckets + 1, count);
  }
  return segment.lines;
}

function reserveLines(out: ByteBuffer, segment: LineSegment, place: number): void {
  const prefixes = (segment.bounds[place + segment.lines] as number) - (segment.bounds[place] as number);
  out.reserve(prefixes + segment.lines * (numberBytes + 1));
}

function writeLine(out: ByteBuffer, segment: LineSegment, line: number, value: number): void {
  const { bounds, prefixes } = segment;
  let at = copyBytes(prefixes.view, bounds[line] as number, bounds[line + 1] as number, out.view, out.length);
  at = writeNumber(out.bytes, at, value);
  out.bytes[at] = lineFeed;
  out.length = at + 1;
}
