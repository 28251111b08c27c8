/**
 * What a row begins with: a comma, and its labels as an object, made from its values where they lie in the store, or from
 * strings.
 */
import { type FamilyView, lengthAt, type Row, valuesAt, valuesEnd } from '../../../../core/store/index.ts';
import { type ByteBuffer, copyBytes } from '../bytes/byte-buffer.ts';
import type { LabelText } from '../lines/labels.ts';
import { MadeLabels, MadeLabelsTemplate } from '../rows/made-labels.ts';
import type { LabelSource } from '../rows/plain-values.ts';
import type { RowWriter } from '../rows/write-row.ts';
import { escapeFrom } from './escaped.ts';
import { piece, put } from './pieces.ts';

export const opening = ',{"labels":{';
const begin = piece(opening);
const closed = piece('"}');
const closedEmpty = piece('}');

export class MadeObject extends MadeLabels {
  use({ pairs }: Pick<LabelText, 'pairs'>): void {
    const out = this.begin();
    out.appendText(pairs.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join());
    out.reserve(closedEmpty.length);
    put(out, closedEmpty);
  }

  override begin(): ByteBuffer {
    const out = super.begin();
    put(out, begin);
    return out;
  }
}

/** Of rows of one shape. */
export class ObjectTemplate extends MadeLabelsTemplate {
  constructor(made: MadeObject, labels: readonly string[], writer: RowWriter) {
    super(made, labels, writer, (names, label, at) => names.appendText(`${at === 0 ? '' : '",'}${JSON.stringify(label)}:"`));
  }

  useAny(family: FamilyView, row: Row, generation: number, { bytes }: LabelSource): boolean {
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
      out.reserve(end - from + length);
      out.length = copyBytes(names.view, from, end, out.view, out.length);
      const value = out.length;
      for (let index = at - length; index < at; index++) out.bytes[out.length++] = bytes[index] as number;
      escapeFrom(out, value);
      from = end;
    }
    out.reserve(closed.length);
    put(out, labels === 0 ? closedEmpty : closed);
    return family.holds(row, generation);
  }
}
