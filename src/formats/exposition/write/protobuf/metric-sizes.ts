/**
 * How long messages of rows are, without writing their labels: about, because long ones have longer lengths, and a byte to be
 * escaped in text counts twice.
 */
import type { FamilyView } from '../../../../core/store/index.ts';
import type { ExemplarLabels } from '../exemplar-labels.ts';
import { noLines } from '../lines/line-lengths.ts';
import type { NameRules } from '../name-rules.ts';
import { type LabelSizes, RowSizes } from '../rows/row-sizes.ts';
import { protobufRow } from './row-writer.ts';

/** Its field and length, and those of its name and value, each of one byte. */
const perLabel = 6;

const inPairs: LabelSizes = {
  perLabel,
  between: 0,
  of: ({ pairs }) => pairs.reduce((sum, [name, value]) => sum + perLabel + Buffer.byteLength(name) + Buffer.byteLength(value), 0),
};

/** The length of a metric, which is of one byte without its labels, has two with some. */
const longer = 1;

export function metricSizes(
  family: FamilyView,
  powers: readonly number[],
  rules: NameRules,
  exemplarLabels: ExemplarLabels,
): RowSizes {
  return new RowSizes(
    family,
    { count: 1, first: noLines, others: [{ labelled: longer, bare: 0 }] },
    protobufRow(family, powers, exemplarLabels).writer,
    rules.unquoted ?? rules,
    inPairs,
  );
}
