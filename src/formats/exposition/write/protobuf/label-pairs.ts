/** A row's labels as messages `LabelPair`, made from its values where they lie in the store, or from strings. */
import { type FamilyView, lengthAt, type Row, valuesAt, valuesEnd } from '../../../../core/store/index.ts';
import { copyBytes, slack } from '../bytes/byte-buffer.ts';
import type { LabelText } from '../lines/labels.ts';
import { MadeLabels, MadeLabelsTemplate } from '../rows/made-labels.ts';
import type { LabelSource } from '../rows/plain-values.ts';
import type { RowWriter } from '../rows/write-row.ts';
import { labelTag, metricTag } from './fields.ts';
import { mostVarint, putTextField, putVarint, putVarintField, sizeOfVarint } from './wire.ts';

/** Longer values are copied at once. */
const short = 128;

export class MadePairs extends MadeLabels {
  use({ pairs }: Pick<LabelText, 'pairs'>): void {
    const out = this.begin();
    for (const [name, value] of pairs) {
      const [nameBytes, valueBytes] = [Buffer.byteLength(name), Buffer.byteLength(value)];
      out.reserve(2 * mostVarint);
      putVarintField(out, metricTag.label, 2 + sizeOfVarint(nameBytes) + nameBytes + sizeOfVarint(valueBytes) + valueBytes);
      putTextField(out, labelTag.name, name);
      putTextField(out, labelTag.value, value);
    }
  }
}

/** Of rows of one shape. A name is its field, and the tag of the value. */
export class PairTemplate extends MadeLabelsTemplate {
  constructor(made: MadePairs, labels: readonly string[], writer: RowWriter) {
    super(made, labels, writer, (names, label) => {
      putTextField(names, labelTag.name, label);
      names.reserve(1);
      putVarint(names, labelTag.value);
    });
  }

  useAny(family: FamilyView, row: Row, generation: number, { bytes, view }: LabelSource): boolean {
    const { names, ends, labels } = this;
    const out = this.made.begin();
    let at = valuesAt(family.labelsAt(row));
    let from = 0;
    for (let label = 0; label < labels; label++) {
      const length = lengthAt(bytes, at);
      at = valuesEnd(bytes, at, 1);
      // Bytes that another thread is writing may give any length.
      if (at > bytes.length) return false;
      const end = ends[label] as number;
      out.reserve(2 * mostVarint + end - from + length);
      putVarintField(out, metricTag.label, end - from + sizeOfVarint(length) + length);
      out.length = copyBytes(names.view, from, end, out.view, out.length);
      putVarint(out, length);
      if (length < short && at + slack <= bytes.length) out.length = copyBytes(view, at - length, at, out.view, out.length);
      else out.append(bytes.subarray(at - length, at));
      from = end;
    }
    return family.holds(row, generation);
  }
}
