/**
 * Rows of an info and of a stateset that have these types in OpenMetrics: strict readers refuse a page where one is not 1
 * ("Info"), or neither 0 nor 1, or has no label of its family's name ("StateSet"). Such rows are left out.
 */
import type { FamilyView, Row } from '../../../../core/store/index.ts';
import type { RowWriter } from './write-row.ts';

/** `writer`, for rows that may be there. `onLeftOut` is called for each of the others. */
export function typedWriter({ spec }: FamilyView, writer: RowWriter, onLeftOut: () => void): RowWriter {
  const mayBe = spec.kind === 'info' ? isInfo : isState;
  return (out, lines, cells, cellAt, family, row) => {
    if (mayBe(cells[cellAt] as number, family, row)) return writer(out, lines, cells, cellAt, family, row);
    onLeftOut();
    return 0;
  };
}

function isInfo(value: number): boolean {
  return value === 1;
}

function isState(value: number, family: FamilyView, row: Row): boolean {
  return (value === 0 || value === 1) && family.labels(row).names.includes(family.spec.name);
}
