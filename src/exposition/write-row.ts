/** Writes the lines of one row: cached prefix, number, line feed. The hot loop of a rendering. */
import { type ByteBuffer, copyBytes } from './byte-buffer.ts';
import type { LineCache } from './line-cache.ts';
import { numberBytes, writeNumber } from './number.ts';

const lineFeed = 0x0a;

/** Writes a row and returns how many lines that made. `place` comes from `LineCache.rowAt`, `cellAt` from the walk. */
export type RowWriter = (out: ByteBuffer, cache: LineCache, place: number, cells: Float64Array, cellAt: number) => number;

export function writeValueRow(out: ByteBuffer, cache: LineCache, place: number, cells: Float64Array, cellAt: number): number {
  reserveLines(out, cache, place);
  writeLine(out, cache, place, cells[cellAt] as number);
  return 1;
}

/** A counter that is NaN or negative is illegal in OpenMetrics and means nothing anywhere: the line is left out. */
export function writeCounterRow(out: ByteBuffer, cache: LineCache, place: number, cells: Float64Array, cellAt: number): number {
  return (cells[cellAt] as number) >= 0 ? writeValueRow(out, cache, place, cells, cellAt) : 0;
}

/** Cells: count, sum. Lines: sum, count. */
export function writeSummaryRow(out: ByteBuffer, cache: LineCache, place: number, cells: Float64Array, cellAt: number): number {
  reserveLines(out, cache, place);
  writeLine(out, cache, place, cells[cellAt + 1] as number);
  writeLine(out, cache, place + 1, cells[cellAt] as number);
  return 2;
}

/** Cells: the buckets, each for itself, and the sum. Lines: the buckets added up, and then sum and count where the format has them. */
export function writeHistogramRow(
  out: ByteBuffer,
  cache: LineCache,
  place: number,
  cells: Float64Array,
  cellAt: number,
  buckets: number,
): number {
  reserveLines(out, cache, place);
  let count = 0;
  for (let bucket = 0; bucket < buckets; bucket++) {
    count += cells[cellAt + bucket] as number;
    writeLine(out, cache, place + bucket, count);
  }
  if (cache.lines > buckets) {
    writeLine(out, cache, place + buckets, cells[cellAt + buckets] as number);
    writeLine(out, cache, place + buckets + 1, count);
  }
  return cache.lines;
}

function reserveLines(out: ByteBuffer, cache: LineCache, place: number): void {
  const prefixes = (cache.bounds[place + cache.lines] as number) - (cache.bounds[place] as number);
  out.reserve(prefixes + cache.lines * (numberBytes + 1));
}

function writeLine(out: ByteBuffer, cache: LineCache, line: number, value: number): void {
  const { bounds, prefixes } = cache;
  let at = copyBytes(prefixes.view, bounds[line] as number, bounds[line + 1] as number, out.view, out.length);
  at = writeNumber(out.bytes, at, value);
  out.bytes[at] = lineFeed;
  out.length = at + 1;
}
