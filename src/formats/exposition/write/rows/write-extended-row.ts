/** Rows whose lines carry more than a number: the time at which it was taken, and in OpenMetrics exemplars. */

import { numberBytes, writeNumber } from '../../../../core/numbers/write-number.ts';
import { exemplarAt, type FamilyView, newestExemplar } from '../../../../core/store/index.ts';
import type { TextFormat } from '../../format.ts';
import type { ByteBuffer } from '../bytes/byte-buffer.ts';
import type { ExemplarLabels } from '../exemplar-labels.ts';
import { appendExemplar, exemplarBytes } from '../lines/append-exemplar.ts';
import { appendValue, type RowLines } from './row-lines.ts';
import { plainRowWriter, type RowWriter } from './write-row.ts';

const space = 0x20;
const lineFeed = 0x0a;
/** Milliseconds a unit of time: text 0.0.4 has milliseconds, OpenMetrics seconds. */
const perUnit: Readonly<Record<TextFormat, number>> = { text: 1, openmetrics: 1_000 };
const none = -1;

/** The types whose lines may have them in OpenMetrics 1.0 ("Exemplars"): a counter without `_total` is none of them there. */
const withExemplars: readonly string[] = ['counter', 'histogram', 'gaugehistogram'];

/**
 * How the rows of a family are written. `type`: that of the format. `count`: how many lines a row has. `labelsOf`: of exemplars.
 */
export function rowWriter(
  family: FamilyView,
  format: TextFormat,
  type: string,
  count: number,
  labelsOf: ExemplarLabels,
): RowWriter {
  const { rowLayout, spec } = family;
  const { timestamp } = rowLayout;
  const hasExemplars = rowLayout.exemplars > 0 && format === 'openmetrics' && withExemplars.includes(type);
  if (timestamp === undefined && !hasExemplars) return plainRowWriter(family, count);
  const values = valuesOf(family);
  const last = count - 1;
  // Exponential buckets are one in text, which shows the newest of all.
  const isOne = rowLayout.form === 'exponential';
  const shown = isOne ? 1 : rowLayout.exemplars;
  const exemplars = hasExemplars
    ? Array.from({ length: count }, (_, line) => (line < shown ? exemplarAt(rowLayout, line) : none))
    : [];
  const more = (timestamp === undefined ? 0 : numberBytes + 1) + (hasExemplars ? exemplarBytes(rowLayout) : 0);

  return (out: ByteBuffer, lines: RowLines, cells: Float64Array, cellAt: number): number => {
    if (spec.kind === 'counter' && !((cells[cellAt] as number) >= 0)) return 0;
    lines.reserve(out, more);
    let sum = 0;
    for (let line = 0; line <= last; line++) {
      const { cell, adds } = values[line] as LineValue;
      sum = adds ? sum + (cells[cellAt + cell] as number) : sum;
      lines.append(out, line);
      appendValue(out, cell === none || adds ? sum : (cells[cellAt + cell] as number));
      if (timestamp !== undefined) appendTime(out, (cells[cellAt + timestamp] as number) / perUnit[format]);
      const exemplar = exemplars[line] ?? none;
      if (exemplar !== none)
        appendExemplar(out, cells, isOne ? newestExemplar(rowLayout, cells, cellAt) : cellAt + exemplar, labelsOf);
    }
    return count;
  };
}

/** OpenMetrics, rows of summaries: the lines that strict readers accept (`write-strict.ts`). */
export function summaryInPartWriter(family: FamilyView): RowWriter {
  const { timestamp } = family.rowLayout;
  const values = valuesOf(family);
  const [sum, count] = [values.length - 2, values.length - 1];
  return (out, lines, cells, cellAt) => {
    lines.reserve(out, timestamp === undefined ? 0 : numberBytes + 1);
    let written = 0;
    for (let line = 0; line < values.length; line++) {
      const value = cells[cellAt + (values[line] as LineValue).cell] as number;
      if (line === sum ? !(value >= 0) : line !== count && value < 0) continue;
      lines.append(out, line);
      appendValue(out, value);
      if (timestamp !== undefined) appendTime(out, (cells[cellAt + timestamp] as number) / perUnit.openmetrics);
      written++;
    }
    return written;
  };
}

/** Where a line's value is. */
interface LineValue {
  /** `none`: it is what the lines ahead added up to. */
  readonly cell: number;
  readonly adds: boolean;
}

/** In the order of `lineShapes`. */
function valuesOf({ rowLayout }: FamilyView): readonly LineValue[] {
  const at = (cell: number): LineValue => ({ cell, adds: false });
  switch (rowLayout.form) {
    case 'number':
      return [at(0)];
    case 'histogram':
      return [
        ...Array.from({ length: rowLayout.buckets }, (_, cell) => ({ cell, adds: true })),
        ...(rowLayout.hasSum ? [at(rowLayout.sum)] : []),
        at(none),
      ];
    case 'exponential':
      return [at(rowLayout.count), at(rowLayout.sum), at(rowLayout.count)];
    case 'summary':
      return [
        ...rowLayout.quantiles.map((_, index) => at(rowLayout.firstQuantile + index)),
        at(rowLayout.sum),
        at(rowLayout.count),
      ];
  }
}

/** Continues the line that was written last. The capacity is reserved. 0: unknown. */
function appendTime(out: ByteBuffer, time: number): void {
  if (time === 0) return;
  const end = out.length - 1;
  out.bytes[end] = space;
  const at = writeNumber(out.bytes, end + 1, time);
  out.bytes[at] = lineFeed;
  out.length = at + 1;
}
