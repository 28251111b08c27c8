/** A row's labels as messages `LabelPair`, made from its values where they lie in the store, or from strings. */
import { numberBytes } from '../../../numbers/write-number.ts';
import { type FamilyView, lengthAt, type Row, valuesAt, valuesEnd } from '../../../store/index.ts';
import { ByteBuffer, copyBytes, slack } from '../bytes/byte-buffer.ts';
import { free } from '../bytes/spare-bytes.ts';
import type { LabelText } from '../lines/labels.ts';
import { tooLong } from '../lines/line-template.ts';
import type { LabelSource } from '../rows/plain-values.ts';
import type { AnyTemplate, MadeRow } from '../rows/row-form.ts';
import type { RowWriter } from '../rows/write-row.ts';
import { labelTag, metricTag } from './fields.ts';
import { mostVarint, putTextField, putVarint, putVarintField, sizeOfVarint } from './wire.ts';

/** Beyond it the memory that a row's labels took is not kept. */
const mostKept = 65_536;
/** Longer values are copied at once. */
const short = 128;

/** The labels of one row at a time, so it serves all. */
let pairs = new ByteBuffer(1_024);

/** A class, because the hot loop of a rendering calls it. Set it to a row ahead of each use. */
export class MadePairs implements MadeRow {
  private readonly rowBytes: number;

  /** `rowBytes`: what a row takes at most besides its labels. */
  constructor(rowBytes: number) {
    this.rowBytes = rowBytes;
  }

  use({ pairs: given }: Pick<LabelText, 'pairs'>): void {
    const out = this.begin();
    for (const [name, value] of given) {
      const [nameBytes, valueBytes] = [Buffer.byteLength(name), Buffer.byteLength(value)];
      out.reserve(2 * mostVarint);
      putVarintField(out, metricTag.label, 2 + sizeOfVarint(nameBytes) + nameBytes + sizeOfVarint(valueBytes) + valueBytes);
      putTextField(out, labelTag.name, name);
      putTextField(out, labelTag.value, value);
    }
  }

  /** Where to write a row's labels. */
  begin(): ByteBuffer {
    if (pairs.bytes.length > mostKept) {
      free(pairs.bytes);
      pairs = new ByteBuffer(1_024);
    }
    pairs.length = 0;
    return pairs;
  }

  mostBytes(more: number): number {
    return pairs.length + this.rowBytes + more;
  }

  reserve(out: ByteBuffer, more: number): void {
    out.reserve(pairs.length + numberBytes + 1 + more);
  }

  append(out: ByteBuffer): void {
    out.length = copyBytes(pairs.view, 0, pairs.length, out.view, out.length);
  }

  appendBuckets(): number {
    throw new Error('BUG: protobuf has no lines of buckets');
  }
}

/** Of rows of one shape. */
export class PairTemplate implements AnyTemplate {
  readonly labels: number;
  private readonly made: MadePairs;
  private readonly writer: RowWriter;
  /** Name by name: its field, and the tag of the value. */
  private readonly names = new ByteBuffer(0);
  /** Where each ends. */
  private readonly ends: Int32Array;

  constructor(made: MadePairs, labels: readonly string[], writer: RowWriter) {
    this.made = made;
    this.writer = writer;
    this.labels = labels.length;
    const { names } = this;
    this.ends = Int32Array.from(labels, (label) => {
      putTextField(names, labelTag.name, label);
      names.reserve(1);
      putVarint(names, labelTag.value);
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
