/** What a row begins with: a comma, and its labels as an object, made from its values where they lie in the store, or from strings. */
import { numberBytes } from '../../../numbers/write-number.ts';
import { type FamilyView, lengthAt, type Row, valuesAt, valuesEnd } from '../../../store/index.ts';
import { ByteBuffer, copyBytes } from '../bytes/byte-buffer.ts';
import { free } from '../bytes/spare-bytes.ts';
import type { LabelText } from '../lines/labels.ts';
import { tooLong } from '../lines/line-template.ts';
import type { LabelSource } from '../rows/plain-values.ts';
import type { AnyTemplate, MadeRow } from '../rows/row-form.ts';
import type { RowWriter } from '../rows/write-row.ts';
import { escapeFrom } from './escaped.ts';
import { piece, put } from './pieces.ts';

/** Beyond it the room that a row's labels took is not kept. */
const mostKept = 65_536;

export const opening = ',{"labels":{';
const begin = piece(opening);
const closed = piece('"}');
const closedEmpty = piece('}');

/** The labels of one row at a time, so it serves all. */
let object = new ByteBuffer(1_024);

/** A class, because the hot loop of a rendering calls it. Set it to a row ahead of each use. */
export class MadeLabels implements MadeRow {
  private readonly rowBytes: number;

  /** `rowBytes`: what a row takes at most besides its labels. */
  constructor(rowBytes: number) {
    this.rowBytes = rowBytes;
  }

  use({ pairs }: Pick<LabelText, 'pairs'>): void {
    const out = this.begin();
    out.appendText(pairs.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join());
    out.reserve(closedEmpty.length);
    put(out, closedEmpty);
  }

  /** Where to write a row's labels. */
  begin(): ByteBuffer {
    if (object.bytes.length > mostKept) {
      free(object.bytes);
      object = new ByteBuffer(1_024);
    }
    object.length = 0;
    put(object, begin);
    return object;
  }

  mostBytes(more: number): number {
    return object.length + this.rowBytes + more;
  }

  reserve(out: ByteBuffer, more: number): void {
    out.reserve(object.length + numberBytes + 1 + more);
  }

  append(out: ByteBuffer): void {
    out.length = copyBytes(object.view, 0, object.length, out.view, out.length);
  }

  appendBuckets(): number {
    throw new Error('BUG: JSON has no lines of buckets');
  }
}

/** Of rows of one shape. */
export class LabelsTemplate implements AnyTemplate {
  readonly labels: number;
  private readonly made: MadeLabels;
  private readonly writer: RowWriter;
  /** Name by name: what stands ahead of the value. */
  private readonly names = new ByteBuffer(0);
  /** Where each ends. */
  private readonly ends: Int32Array;

  constructor(made: MadeLabels, labels: readonly string[], writer: RowWriter) {
    this.made = made;
    this.writer = writer;
    this.labels = labels.length;
    const { names } = this;
    this.ends = Int32Array.from(labels, (label, at) => {
      names.appendText(`${at === 0 ? '' : '",'}${JSON.stringify(label)}:"`);
      return names.length;
    });
    names.trim();
  }

  write(
    out: ByteBuffer,
    family: FamilyView,
    row: Row,
    generation: number,
    source: LabelSource,
    cells: Float64Array,
    cellAt: number,
  ): number {
    const { made } = this;
    if (!this.useAny(family, row, generation, source)) return 0;
    return out.fits(made.mostBytes(0)) ? this.writer(out, made, cells, cellAt, family, row) : tooLong;
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
