/**
 * Rows of several lines that are made from the row's label values where they lie in the store, as `line-template.ts` makes one: kept, eleven buckets of six
 * labels would take 6 KB a row.
 */

import { digitsOf, numberBytes, writeNumber, writePadded } from '../../numbers/write-number.ts';
import { type FamilyView, type Row, valuesAt } from '../../store/index.ts';
import { ByteBuffer, copyBytes, slack } from './byte-buffer.ts';
import { type LineShape, lineStart } from './line-shape.ts';
import { mostValueBytes, type Template } from './line-template.ts';
import type { LabelSource } from './plain-values.ts';
import type { RowLines } from './row-lines.ts';
import type { RowWriter } from './write-row.ts';

const lineFeed = 0x0a;

/** Strings one behind the other. */
class Pieces {
  readonly text = new ByteBuffer(0);
  readonly ends: number[] = [0];
  /** The longest. */
  most = 0;

  constructor(pieces: readonly string[]) {
    for (const piece of pieces) {
      const from = this.text.length;
      this.text.appendText(piece);
      this.ends.push(this.text.length);
      this.most = Math.max(this.most, this.text.length - from);
    }
  }

  copy(piece: number, to: DataView, at: number): number {
    return copyBytes(this.text.view, this.ends[piece] as number, this.ends[piece + 1] as number, to, at);
  }
}

export class RowTemplate implements RowLines, Template {
  readonly labels: number;
  private readonly writer: RowWriter;
  /** Of each line what stands ahead of the labels. */
  private readonly heads: Pieces;
  /** Of each line what stands behind them. */
  private readonly tails: Pieces;
  /** Ahead of the first label's value, between two, behind the last. */
  private readonly between: Pieces;
  /** Lines from the first on that have its head. */
  private readonly alike: number;
  /** The head of the first line and the labels of the row. */
  private readonly start: ByteBuffer;
  private readonly headEnd: number;

  /** `labels`: as they are written. */
  constructor(lines: readonly LineShape[], labels: readonly string[], writer: RowWriter) {
    this.writer = writer;
    const bare = labels.length === 0;
    this.heads = new Pieces(lines.map(({ name, label }) => lineStart(name, !bare || label !== undefined)));
    this.tails = new Pieces(lines.map(({ label }) => (label === undefined ? (bare ? ' ' : '} ') : `${bare ? '' : ','}${label}} `)));
    this.between = new Pieces(bare ? [''] : [...labels.map((label, at) => `${at === 0 ? '' : '",'}${label}="`), '"']);
    this.labels = labels.length;
    const other = lines.findIndex(({ name }) => name !== lines[0]?.name);
    this.alike = other < 0 ? lines.length : other;
    this.start = new ByteBuffer(this.heads.most + this.between.text.length + labels.length * mostValueBytes);
    this.headEnd = this.heads.copy(0, this.start.view, 0);
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
    return this.use(family, row, generation, source) ? this.writer(out, this, cells, cellAt) : 0;
  }

  /** Takes the labels of a row. False when the row has changed hands. */
  private use(family: FamilyView, row: Row, generation: number, { bytes, view }: LabelSource): boolean {
    const { start, between } = this;
    let length = between.copy(0, start.view, this.headEnd);
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

  reserve(out: ByteBuffer, more: number): void {
    const { heads, tails, start } = this;
    const line = heads.most + start.length + tails.most + numberBytes + 1 + more;
    out.reserve(line * (heads.ends.length - 1));
  }

  append(out: ByteBuffer, line: number): void {
    const { start } = this;
    const isAlike = line < this.alike;
    const at = isAlike ? out.length : this.heads.copy(line, out.view, out.length);
    const end = copyBytes(start.view, isAlike ? 0 : this.headEnd, start.length, out.view, at);
    out.length = this.tails.copy(line, out.view, end);
  }

  appendBuckets(out: ByteBuffer, buckets: number, cells: Float64Array, cellAt: number): number {
    const { start, tails } = this;
    const { bytes, view } = out;
    const { length, view: startView } = start;
    const { ends, text } = tails;
    const tailView = text.view;
    let at = out.length;
    let count = 0;
    for (let bucket = 0; bucket < buckets; bucket++) {
      count += cells[cellAt + bucket] as number;
      at = copyBytes(startView, 0, length, view, at);
      at = copyBytes(tailView, ends[bucket] as number, ends[bucket + 1] as number, view, at);
      // The common case, inlined into the loop.
      if (count === (count | 0) && count >= 0) at = writePadded(bytes, at, count, digitsOf(count));
      else at = writeNumber(bytes, at, count);
      bytes[at++] = lineFeed;
    }
    out.length = at;
    return count;
  }
}
