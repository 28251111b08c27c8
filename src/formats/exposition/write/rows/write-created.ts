/** The line `_created` of a row in OpenMetrics: since when it has added up. */
import { type FamilyView, startOf } from '../../../../core/store/index.ts';
import { appendValue } from './row-lines.ts';
import type { RowWriter } from './write-row.ts';

const msASecond = 1_000;

/**
 * The types that have it (OpenMetrics 1.0, "Counter", "Histogram", "Summary"); a counter without `_total` is none of them there.
 */
const withCreated: readonly string[] = ['counter', 'histogram', 'summary'];

/** Whether rows of the family may have the line. `type`: that of OpenMetrics. */
export function mayHaveCreated({ spec }: FamilyView, type: string): boolean {
  return withCreated.includes(type) && spec.unknownStart !== true;
}

/**
 * Adds the line to those that `writer` writes, of rows whose start is known. `line`: its number, behind all others. `shown`:
 * where a row's start is that was gathered for sorting (`row-order.ts`).
 */
export function createdWriter(writer: RowWriter, line: number, shown: number): RowWriter {
  return (out, lines, cells, cellAt, family, row) => {
    const written = writer(out, lines, cells, cellAt, family, row);
    if (written <= 0) return written;
    const start = cells === family.cells ? startOf(family, row) : (cells[cellAt + shown] as number);
    if (start === 0) return written;
    lines.append(out, line);
    appendValue(out, start / msASecond);
    return written + 1;
  };
}
