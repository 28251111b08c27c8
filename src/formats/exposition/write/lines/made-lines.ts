/** Lines that are made from what all have in common, and a row's labels as text. */

import { digitsOf, numberBytes, writeNumber, writePadded } from '../../../../core/numbers/write-number.ts';
import { ByteBuffer, copyBytes } from '../bytes/byte-buffer.ts';
import { free } from '../bytes/spare-bytes.ts';
import type { MadeRow } from '../rows/row-form.ts';
import type { LabelText } from './labels.ts';
import type { LineParts, Pieces } from './line-parts.ts';

const lineFeed = 0x0a;
/** Beyond it the memory that a row's labels took is not kept. */
const mostKept = 65_536;

/** The first head of a row's lines and its labels: of one row at a time, so it serves all. */
let start = new ByteBuffer(1_024);

/** A class, because the hot loop of a rendering calls it. Set it to a row ahead of each use. */
export class MadeLines implements MadeRow {
  private readonly parts: LineParts;
  private heads!: Pieces;
  /** Bytes of each tail that are left out. */
  private skipped = 0;
  private headEnd = 0;

  constructor(parts: LineParts) {
    this.parts = parts;
  }

  use({ text }: Pick<LabelText, 'text'>): this {
    this.begin(text === '', Buffer.byteLength(text)).appendExactly(text);
    return this;
  }

  /** Where to write a row's labels, from `length` on; `bytes` are reserved. Set its `length`. `bare`: there are none. */
  begin(bare: boolean, bytes: number): ByteBuffer {
    const { parts } = this;
    this.heads = bare ? parts.bareHeads : parts.heads;
    this.skipped = bare ? 1 : 0;
    if (start.bytes.length > mostKept) {
      free(start.bytes);
      start = new ByteBuffer(1_024);
    }
    start.length = 0;
    start.reserve(this.heads.most + bytes);
    this.headEnd = this.heads.copy(0, start.view, 0);
    start.length = this.headEnd;
    return start;
  }

  mostBytes(more: number): number {
    const { parts, heads } = this;
    return (heads.most + start.length - this.headEnd + parts.tails.most + numberBytes + 1 + more) * parts.count;
  }

  reserve(out: ByteBuffer, more: number): void {
    out.reserve(this.mostBytes(more));
  }

  append(out: ByteBuffer, line: number): void {
    const { parts, headEnd, skipped } = this;
    const isAlike = line < parts.alike;
    const at = isAlike ? out.length : this.heads.copy(line - parts.alike + 1, out.view, out.length);
    const end = copyBytes(start.view, isAlike ? 0 : headEnd, start.length, out.view, at);
    const { ends, text } = parts.tails;
    out.length = copyBytes(text.view, (ends[line] as number) + skipped, ends[line + 1] as number, out.view, end);
  }

  appendBuckets(out: ByteBuffer, buckets: number, cells: Float64Array, cellAt: number): number {
    const { skipped } = this;
    const { bytes, view } = out;
    const { length, view: startView } = start;
    const { ends, text } = this.parts.tails;
    const tailView = text.view;
    let at = out.length;
    let count = 0;
    for (let bucket = 0; bucket < buckets; bucket++) {
      count += cells[cellAt + bucket] as number;
      at = copyBytes(startView, 0, length, view, at);
      at = copyBytes(tailView, (ends[bucket] as number) + skipped, ends[bucket + 1] as number, view, at);
      // The common case, inlined into the loop.
      if (count === (count | 0) && count >= 0) at = writePadded(bytes, at, count, digitsOf(count));
      else at = writeNumber(bytes, at, count);
      bytes[at++] = lineFeed;
    }
    out.length = at;
    return count;
  }
}
