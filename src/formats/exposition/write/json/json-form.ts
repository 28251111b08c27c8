/** How the rows of a family are written in JSON, and how long they are. */
import type { FamilyView } from '../../../../core/store/index.ts';
import type { ExemplarLabels } from '../exemplar-labels.ts';
import { noLines } from '../lines/line-lengths.ts';
import type { NameRules } from '../name-rules.ts';
import type { RowForm } from '../rows/row-form.ts';
import { type LabelSizes, RowSizes } from '../rows/row-sizes.ts';
import { MadeObject, ObjectTemplate, opening } from './label-object.ts';
import { jsonRow } from './row-writer.ts';

const none = new Int32Array();

export function jsonForm(family: FamilyView, exemplarLabels: ExemplarLabels): RowForm {
  const { writer, most } = jsonRow(family, exemplarLabels);
  const made = new MadeObject(most);
  const template = (labels: readonly string[]) => new ObjectTemplate(made, labels, writer);
  return { pieces: 1, buckets: none, made, writer, template, anyTemplate: template };
}

/** `"":""`, and a comma. */
const inObject: LabelSizes = {
  perLabel: 5,
  between: 1,
  of: ({ pairs }) =>
    pairs.reduce((sum, [name, value]) => sum + JSON.stringify(name).length + Buffer.byteLength(JSON.stringify(value)) + 2, 0),
};
const aroundLabels = opening.length + 1;

/** About: a control character counts as one byte. */
export function jsonSizes(family: FamilyView, rules: NameRules, exemplarLabels: ExemplarLabels): RowSizes {
  const lengths = { count: 1, first: noLines, others: [{ labelled: aroundLabels, bare: aroundLabels }] };
  return new RowSizes(family, lengths, jsonRow(family, exemplarLabels).writer, rules.unquoted ?? rules, inObject);
}
