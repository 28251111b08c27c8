/**
 * A row's labels in bytes of their own, where a format writes them ahead of the values: what protobuf and JSON have in common.
 */
import { numberBytes } from '../../../../core/numbers/write-number.ts';
import type { FamilyView, Row } from '../../../../core/store/index.ts';
import { ByteBuffer, copyBytes } from '../bytes/byte-buffer.ts';
import { free } from '../bytes/spare-bytes.ts';
import type { LabelText } from '../lines/labels.ts';
import { tooLong } from '../lines/line-template.ts';
import type { LabelSource } from './plain-values.ts';
import type { AnyTemplate, MadeRow } from './row-form.ts';
import type { RowWriter } from './write-row.ts';

/** Beyond it the memory that a row's labels took is not kept. */
const mostKept = 65_536;

/** The labels of one row at a time, so it serves all. */
let made = new ByteBuffer(1_024);

/** A class, because the hot loop of a rendering calls it. Set it to a row ahead of each use. */
export abstract class MadeLabels implements MadeRow {
  private readonly rowBytes: number;

  /** `rowBytes`: what a row takes at most besides its labels. */
  constructor(rowBytes: number) {
    this.rowBytes = rowBytes;
  }

  abstract use(labels: Pick<LabelText, 'pairs'>): void;

  /** Where to write a row's labels. */
  begin(): ByteBuffer {
    if (made.bytes.length > mostKept) {
      free(made.bytes);
      made = new ByteBuffer(1_024);
    }
    made.length = 0;
    return made;
  }

  mostBytes(more: number): number {
    return made.length + this.rowBytes + more;
  }

  reserve(out: ByteBuffer, more: number): void {
    out.reserve(made.length + numberBytes + 1 + more);
  }

  append(out: ByteBuffer): void {
    out.length = copyBytes(made.view, 0, made.length, out.view, out.length);
  }

  appendBuckets(): number {
    throw new Error('BUG: protobuf and JSON have no lines of buckets');
  }
}

/** Of rows of one shape. */
export abstract class MadeLabelsTemplate implements AnyTemplate {
  readonly labels: number;
  protected readonly made: MadeLabels;
  private readonly writer: RowWriter;
  /** Name by name: what is ahead of the value. */
  protected readonly names = new ByteBuffer(0);
  /** Where each ends. */
  protected readonly ends: Int32Array;

  /** `appendName` writes what is ahead of a label's value. */
  constructor(
    made: MadeLabels,
    labels: readonly string[],
    writer: RowWriter,
    appendName: (names: ByteBuffer, label: string, at: number) => void,
  ) {
    this.made = made;
    this.writer = writer;
    this.labels = labels.length;
    const { names } = this;
    this.ends = Int32Array.from(labels, (label, at) => {
      appendName(names, label, at);
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

  abstract useAny(family: FamilyView, row: Row, generation: number, source: LabelSource): boolean;
}
