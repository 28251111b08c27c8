/** How the rows of a family are written in protobuf. */
import type { FamilyView } from '../../../../core/store/index.ts';
import type { ExemplarLabels } from '../exemplar-labels.ts';
import type { RowForm } from '../rows/row-form.ts';
import { CoarseRows } from './coarse-rows.ts';
import { MadePairs, PairTemplate } from './label-pairs.ts';
import { protobufRow } from './row-writer.ts';

const none = new Int32Array();

/** `powers`: exponents of those powers of two by which exponential buckets are shown besides. */
export function protobufForm(family: FamilyView, powers: readonly number[], exemplarLabels: ExemplarLabels): RowForm {
  const coarse = new CoarseRows();
  const { writer, most } = protobufRow(family, powers, exemplarLabels, coarse);
  const made = new MadePairs(most);
  const template = (labels: readonly string[]) => new PairTemplate(made, labels, writer);
  return { pieces: 1, buckets: none, made, writer, template, anyTemplate: template, finish: coarse.finish };
}
