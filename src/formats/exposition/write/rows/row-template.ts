/**
 * Rows of several lines that are made from the row's label values where they lie in the store, as `line-template.ts` makes one:
 * kept, eleven buckets of six labels would take 6 KB a row.
 */

import { type FamilyView, lengthAt, type Row, valuesAt, valuesEnd } from '../../../../core/store/index.ts';
import { type ByteBuffer, copyBytes, slack } from '../bytes/byte-buffer.ts';
import { appendEscaped } from '../bytes/escaped-bytes.ts';
import { Pieces } from '../lines/line-parts.ts';
import { mostValueBytes, tooLong } from '../lines/line-template.ts';
import type { MadeLines } from '../lines/made-lines.ts';
import type { LabelSource } from './plain-values.ts';
import type { AnyTemplate } from './row-form.ts';
import type { RowWriter } from './write-row.ts';

export class RowTemplate implements AnyTemplate {
  readonly labels: number;
  private readonly writer: RowWriter;
  private readonly lines: MadeLines;
  /** Ahead of the first label's value, between two, behind the last. */
  private readonly between: Pieces;
  private readonly mostBytes: number;

  /** `labels`: as they are written. `lines`: where they go. */
  constructor(lines: MadeLines, labels: readonly string[], writer: RowWriter) {
    this.writer = writer;
    this.lines = lines;
    this.labels = labels.length;
    this.between = new Pieces(
      labels.length === 0 ? [''] : [...labels.map((label, at) => `${at === 0 ? '' : '",'}${label}="`), '"'],
    );
    this.mostBytes = this.between.text.length + labels.length * mostValueBytes;
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
    const { lines } = this;
    if (!this.use(family, row, generation, source)) return 0;
    return out.fits(lines.mostBytes(0)) ? this.writer(out, lines, cells, cellAt, family, row) : tooLong;
  }

  useAny(family: FamilyView, row: Row, generation: number, { bytes }: LabelSource): boolean {
    const { between, labels, lines } = this;
    let at = valuesAt(family.labelsAt(row));
    const start = lines.begin(
      labels === 0,
      between.text.length + Math.max(0, Math.min(bytes.length, valuesEnd(bytes, at, labels)) - at),
    );
    start.length = between.copy(0, start.view, start.length);
    for (let label = 0; label < labels; label++) {
      const length = lengthAt(bytes, at);
      at = valuesEnd(bytes, at, 1);
      // Bytes that another thread is writing may give any length.
      if (at > bytes.length) return false;
      appendEscaped(start, bytes.subarray(at - length, at));
      start.reserve(between.most);
      start.length = between.copy(label + 1, start.view, start.length);
    }
    return family.holds(row, generation);
  }

  /** Takes the labels of a row with plain values. False when the row has changed hands. */
  private use(family: FamilyView, row: Row, generation: number, { bytes, view }: LabelSource): boolean {
    const { between } = this;
    const start = this.lines.begin(this.labels === 0, this.mostBytes);
    let length = between.copy(0, start.view, start.length);
    let end = valuesAt(family.labelsAt(row));
    for (let label = 0; label < this.labels; label++) {
      const from = end + 1;
      end = from + (bytes[end] ?? 0);
      // Bytes that another thread is writing may give any length.
      if (end + slack > bytes.length) return false;
      length = copyBytes(view, from, end, start.view, length);
      length = between.copy(label + 1, start.view, length);
    }
    start.length = length;
    return family.holds(row, generation);
  }
}
