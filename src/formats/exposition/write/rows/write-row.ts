/** Writes the lines of one row: what is ahead of each number, the number, a line feed. The hot loop of a rendering. */
import type { FamilyView, Row } from '../../../../core/store/index.ts';
import type { ByteBuffer } from '../bytes/byte-buffer.ts';
import { appendValue, type RowLines } from './row-lines.ts';

/** Writes a row, its cells from `cellAt` on, and returns how many lines that made, or samples where a format has no lines. */
export type RowWriter = (
  out: ByteBuffer,
  lines: RowLines,
  cells: Float64Array,
  cellAt: number,
  family: FamilyView,
  row: Row,
) => number;

/** How the rows of a family are written, time stamps and exemplars aside. `count`: how many lines a row has. */
export function plainRowWriter({ rowLayout, spec }: FamilyView, count: number): RowWriter {
  switch (rowLayout.form) {
    case 'number':
      return spec.kind === 'counter' ? writeCounterRow : writeValueRow;
    case 'histogram':
      return histogramRowWriter(rowLayout, count);
    case 'exponential':
      return countRowWriter(rowLayout, count);
    case 'summary':
      return summaryRowWriter(rowLayout, count);
  }
}

/** Offsets of cells. */
interface Totals {
  readonly count: number;
  readonly sum: number;
}

function writeValueRow(out: ByteBuffer, lines: RowLines, cells: Float64Array, cellAt: number): number {
  lines.reserve(out, 0);
  writeLine(out, lines, 0, cells[cellAt] as number);
  return 1;
}

/** A counter that is NaN or negative is illegal in OpenMetrics and means nothing anywhere: the line is left out. */
function writeCounterRow(out: ByteBuffer, lines: RowLines, cells: Float64Array, cellAt: number): number {
  return (cells[cellAt] as number) >= 0 ? writeValueRow(out, lines, cells, cellAt) : 0;
}

interface Quantiles extends Totals {
  readonly quantiles: readonly number[];
  readonly firstQuantile: number;
}

/** Lines: quantiles, sum, count. */
function summaryRowWriter({ count, sum, quantiles: { length }, firstQuantile }: Quantiles, lineCount: number): RowWriter {
  return (out, lines, cells, cellAt) => {
    lines.reserve(out, 0);
    for (let line = 0; line < length; line++) writeLine(out, lines, line, cells[cellAt + firstQuantile + line] as number);
    return writeTotals(out, lines, lineCount, length, cells[cellAt + sum] as number, cells[cellAt + count] as number);
  };
}

/**
 * Exponential buckets, which no text format has. Lines: one bucket for all, and then sum and count where the format has them, as
 * client_golang shows a histogram that has native buckets only.
 */
function countRowWriter({ count, sum }: Totals, lineCount: number): RowWriter {
  return (out, lines, cells, cellAt) => {
    lines.reserve(out, 0);
    writeLine(out, lines, 0, cells[cellAt + count] as number);
    return writeTotals(out, lines, lineCount, 1, cells[cellAt + sum] as number, cells[cellAt + count] as number);
  };
}

/** Lines: the buckets added up, and then sum and count where the format has them, or count alone. `sum` is its cell. */
function histogramRowWriter({ buckets, sum }: { readonly buckets: number; readonly sum: number }, lineCount: number): RowWriter {
  if (lineCount === buckets + 1) {
    return (out, lines, cells, cellAt) => {
      lines.reserve(out, 0);
      writeLine(out, lines, buckets, lines.appendBuckets(out, buckets, cells, cellAt));
      return lineCount;
    };
  }
  return (out, lines, cells, cellAt) => {
    lines.reserve(out, 0);
    const count = lines.appendBuckets(out, buckets, cells, cellAt);
    return writeTotals(out, lines, lineCount, buckets, cells[cellAt + sum] as number, count);
  };
}

/** What comes from line `from` on, where the format has it. Returns how many lines the row has. */
function writeTotals(out: ByteBuffer, lines: RowLines, lineCount: number, from: number, sum: number, count: number): number {
  if (lineCount > from) {
    writeLine(out, lines, from, sum);
    writeLine(out, lines, from + 1, count);
  }
  return lineCount;
}

/** The capacity is reserved. */
function writeLine(out: ByteBuffer, lines: RowLines, line: number, value: number): void {
  lines.append(out, line);
  appendValue(out, value);
}
