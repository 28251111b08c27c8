/**
 * Makes lines from a row's label values where they lie in the store, so that a renderer keeps nothing for the row: the rest of
 * most gauges' and counters' lines is the same for all rows of the family. Kept lines (`line-segment.ts`) take 65 bytes each.
 */

import { numberBytes, writeNumber } from '../../../../core/numbers/write-number.ts';
import { type FamilyView, type Row, valuesAt } from '../../../../core/store/index.ts';
import { ByteBuffer, copyBytes, slack } from '../bytes/byte-buffer.ts';
import type { LabelSource } from '../rows/plain-values.ts';
import { lineStart } from './line-shape.ts';

const lineFeed = 0x0a;
/** The largest length of one byte, even of one that is being written. */
export const mostValueBytes = 255;

/** Instead of a number of lines: the row's do not fit in the exposition, and nothing is written. */
export const tooLong = -1;
/** Instead of a number of lines: the row meets others (`meetings.ts`). */
export const held = -2;

/** Makes the lines of a row of one shape. */
export interface Template {
  /** How many labels the shape has. */
  readonly labels: number;
  /**
   * Writes the lines of a row with plain values, its cells from `cellAt` on. 0: there is none, or the row has changed hands, and
   * nothing is written. Or `tooLong`.
   */
  write(
    out: ByteBuffer,
    family: FamilyView,
    row: Row,
    generation: number,
    source: LabelSource,
    cells: Float64Array,
    cellAt: number,
  ): number;
}

/** Of rows that have one line, with nothing behind its number. */
export class LineTemplate implements Template {
  readonly labels: number;
  /** What all lines share: ahead of the first value, between two, behind the last. */
  private readonly pieces: ByteBuffer;
  private readonly ends: Int32Array;
  private readonly mostBytes: number;
  private readonly counts: boolean;

  /** `labels`: as they are written. `counts`: values below 0, and `NaN`, have no line. */
  constructor(name: string, labels: readonly string[], counts: boolean) {
    this.counts = counts;
    this.labels = labels.length;
    const texts = piecesOf(name, labels);
    this.pieces = new ByteBuffer(Buffer.byteLength(texts.join('')));
    this.ends = Int32Array.from(texts, (text) => {
      this.pieces.appendExactly(text);
      return this.pieces.length;
    });
    this.mostBytes = this.pieces.length + labels.length * mostValueBytes + numberBytes + 1;
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
    const value = cells[cellAt] as number;
    if (this.counts && !(value >= 0)) return 0;
    const { ends, pieces, labels } = this;
    const { bytes, view } = source;
    out.reserve(this.mostBytes);
    let at = copyBytes(pieces.view, 0, ends[0] as number, out.view, out.length);
    let end = valuesAt(family.labelsAt(row));
    for (let label = 0; label < labels; label++) {
      const from = end + 1;
      end = from + (bytes[end] ?? 0);
      // Bytes that another thread is writing may give any length.
      if (end + slack > bytes.length) return 0;
      at = copyBytes(view, from, end, out.view, at);
      at = copyBytes(pieces.view, ends[label] as number, ends[label + 1] as number, out.view, at);
    }
    if (!family.holds(row, generation)) return 0;
    at = writeNumber(out.bytes, at, value);
    out.bytes[at] = lineFeed;
    out.length = at + 1;
    return 1;
  }
}

function piecesOf(name: string, labels: readonly string[]): readonly string[] {
  if (labels.length === 0) return [`${lineStart({ name }, false)} `];
  return [...labels.map((label, at) => `${at === 0 ? lineStart({ name }, true) : '",'}${label}="`), '"} '];
}
