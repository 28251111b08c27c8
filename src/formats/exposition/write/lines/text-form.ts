/** How the rows of a family are written as lines of text. */
import type { FamilyView } from '../../../../core/store/index.ts';
import type { RowForm } from '../rows/row-form.ts';
import { RowTemplate } from '../rows/row-template.ts';
import { plainRowWriter, type RowWriter } from '../rows/write-row.ts';
import type { LineParts } from './line-parts.ts';
import { LineTemplate } from './line-template.ts';
import { MadeLines } from './made-lines.ts';

/** `keepsBuckets`: bucket lines are kept with their numbers, for `writeBuckets`. */
export function textForm(
  family: FamilyView,
  parts: LineParts,
  writer: RowWriter,
  keepsBuckets: boolean,
  finish?: RowForm['finish'],
): RowForm {
  const made = new MadeLines(parts);
  /** Of rows that have one line, with nothing behind its number: its name. */
  const oneNumber = writer === plainRowWriter(family, 1) ? parts.oneName : undefined;
  const anyTemplate = (labels: readonly string[]) => new RowTemplate(made, labels, writer);
  return {
    pieces: parts.count,
    buckets: keepsBuckets ? parts.differences : new Int32Array(),
    made,
    writer,
    template: (labels) =>
      oneNumber === undefined ? anyTemplate(labels) : new LineTemplate(oneNumber, labels, family.spec.kind === 'counter'),
    anyTemplate,
    ...(finish && { finish }),
  };
}
