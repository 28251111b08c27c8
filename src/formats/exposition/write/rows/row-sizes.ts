/**
 * How long the lines of rows are, without writing them: a row may have a thousand, and each has all its labels. To the byte, but
 * for many bounds.
 */

import { numberBytes } from '../../../../core/numbers/write-number.ts';
import { type FamilyView, type Row, valuesAt } from '../../../../core/store/index.ts';
import { ByteBuffer } from '../bytes/byte-buffer.ts';
import { escapedBytes } from '../bytes/escaped-bytes.ts';
import { createLabeller, type Labeller, type LabelText, plainLabels } from '../lines/labels.ts';
import type { LineLengths } from '../lines/line-lengths.ts';
import type { NameRules } from '../name-rules.ts';
import { labelsIn } from '../series-owners.ts';
import { appendValue, type RowLines } from './row-lines.ts';
import type { RowWriter } from './write-row.ts';

/** How many bytes labels take beside their names and values. */
export interface LabelSizes {
  readonly perLabel: number;
  readonly between: number;
  /** Of all labels of a row, names and values included. */
  of(labels: LabelText): number;
}

/** `=""`, and a comma. */
const inText: LabelSizes = { perLabel: 3, between: 1, of: ({ text }) => Buffer.byteLength(text) };
/** The numbers of one row at a time, so it serves all. */
const out = new ByteBuffer(1_024);

export class RowSizes {
  /** Bytes of labels and numbers of the last row. */
  read = 0;
  private readonly family: FamilyView;
  private readonly lengths: LineLengths;
  private readonly writer: RowWriter;
  private readonly labeller: Labeller;
  private readonly labelSizes: LabelSizes;
  private readonly numbers: Numbers;
  /** Of the text of rows with the family's labels, all but the values; undefined where that is not the same for all. */
  private readonly declared: number | undefined;

  constructor(family: FamilyView, lengths: LineLengths, writer: RowWriter, rules: NameRules, labelSizes = inText) {
    this.family = family;
    this.lengths = lengths;
    this.writer = writer;
    this.labelSizes = labelSizes;
    this.labeller = createLabeller(family, rules);
    this.numbers = new Numbers(lengths);
    const labels = plainLabels(family.spec, rules);
    const { perLabel, between } = labelSizes;
    this.declared = labels?.reduce(
      (sum, label) => sum + Buffer.byteLength(label) + perLabel,
      Math.max(0, labels.length - 1) * between,
    );
  }

  /**
   * 0: the row has no lines, or has changed hands. A row that is not shown because another one has its labels is as long as any.
   */
  of(row: Row, generation: number, cells: Float64Array, cellAt: number): number {
    const { lengths } = this;
    const text = this.textBytes(row, generation);
    if (text < 0) return 0;
    out.length = 0;
    this.numbers.begin();
    const lines = this.writer(out, this.numbers, cells, cellAt, this.family, row);
    this.read = text + out.length;
    if (lines === 0) return 0;
    const { first } = lengths;
    const { count, labelled, bare } = this.numbers;
    return out.length + (text === 0 ? first.bare + bare : first.labelled + labelled + (first.count + count) * text);
  }

  /** Of the row's labels. Negative: the row has changed hands. */
  private textBytes(row: Row, generation: number): number {
    const { family, declared } = this;
    const at = family.labelsAt(row);
    if (declared !== undefined && at >= 0) {
      const values = escapedBytes(family.labelBytes, valuesAt(at), family.spec.labels.length);
      return family.holds(row, generation) ? declared + values : -1;
    }
    const labels = labelsIn(family, row, generation);
    return labels === undefined ? -1 : this.labelSizes.of(this.labeller.textOf(labels));
  }
}

/** Lines of which only what follows their labels is written. */
class Numbers implements RowLines {
  /** Of the row at hand, behind its first lines: how many were written, and what comes before their numbers. */
  count = 0;
  labelled = 0;
  bare = 0;
  private readonly lengths: LineLengths;

  constructor(lengths: LineLengths) {
    this.lengths = lengths;
  }

  /** A row begins. */
  begin(): void {
    this.count = 0;
    this.labelled = 0;
    this.bare = 0;
  }

  reserve(out: ByteBuffer, more: number): void {
    out.reserve(this.lengths.count * (numberBytes + 1 + more));
  }

  append(_out: ByteBuffer, line: number): void {
    const { first, others } = this.lengths;
    const length = others[line - first.count];
    if (length === undefined) return;
    this.count++;
    this.labelled += length.labelled;
    this.bare += length.bare;
  }

  appendBuckets(out: ByteBuffer, buckets: number, cells: Float64Array, cellAt: number): number {
    let count = 0;
    for (let bucket = 0; bucket < buckets; bucket++) {
      count += cells[cellAt + bucket] as number;
      appendValue(out, count);
    }
    return count;
  }
}
