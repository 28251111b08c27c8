/**
 * Lines that are made from a row's label values where they lie in the store, so that nothing has to be kept of it: the rest of most gauges' and counters'
 * lines is the same for all rows of the family. Kept lines (`line-segment.ts`) take 65 bytes each.
 */
import type { FamilyView, Row } from '../../store/index.ts';
import { ByteBuffer, copyBytes, slack } from './byte-buffer.ts';
import { isPlainLabel } from './labels.ts';
import type { LineShape } from './line-shape.ts';
import { numberBytes, writeNumber } from './number.ts';
import { PlainValues } from './plain-values.ts';

const lineFeed = 0x0a;
/** What a length of one byte can say, be it one that is being written. */
const mostValueBytes = 255;

export class LineTemplate {
  /** What all lines share: ahead of the first value, between two, behind the last. */
  private readonly pieces = new ByteBuffer(0);
  private readonly ends: Int32Array;
  private readonly labels: number;
  private readonly plain: PlainValues;
  private readonly mostBytes: number;
  private readonly counts: boolean;
  private bytes: Uint8Array = new Uint8Array();
  private view: DataView = new DataView(this.bytes.buffer);

  /** `labels` are those of the family. `counts`: values below 0, and `NaN`, have no line. */
  constructor(name: string, labels: readonly string[], counts: boolean) {
    this.counts = counts;
    this.labels = labels.length;
    this.plain = new PlainValues(labels.length);
    this.ends = Int32Array.from(piecesOf(name, labels), (piece) => {
      this.pieces.appendText(piece);
      return this.pieces.length;
    });
    this.mostBytes = this.pieces.length + labels.length * mostValueBytes + numberBytes + 1;
  }

  /** Whether it is known that the row fits. */
  knows(family: FamilyView, row: Row): boolean {
    return this.plain.knows(family, row);
  }

  /** Whether the row's line can be made here: it has the family's labels, and their values are plain. To be asked behind `knows`. */
  fits(family: FamilyView, row: Row, generation: number): boolean {
    if (family.labelBytes !== this.bytes) this.use(family.labelBytes);
    return this.plain.look(family, this.view, row, generation);
  }

  /** Writes the line of a row that fits. False when there is none, or the row has changed hands: nothing is written. */
  write(out: ByteBuffer, family: FamilyView, row: Row, generation: number, value: number): boolean {
    if (this.counts && !(value >= 0)) return false;
    if (family.labelBytes !== this.bytes) this.use(family.labelBytes);
    const { bytes, view, ends, pieces, labels } = this;
    out.reserve(this.mostBytes);
    let at = copyBytes(pieces.view, 0, ends[0] as number, out.view, out.length);
    let end = family.labelsAt(row);
    for (let label = 0; label < labels; label++) {
      const from = end + 1;
      end = from + (bytes[end] ?? 0);
      // What another thread writes at this moment may lead anywhere.
      if (end + slack > bytes.length) return false;
      at = copyBytes(view, from, end, out.view, at);
      at = copyBytes(pieces.view, ends[label] as number, ends[label + 1] as number, out.view, at);
    }
    if (!family.holds(row, generation)) return false;
    at = writeNumber(out.bytes, at, value);
    out.bytes[at] = lineFeed;
    out.length = at + 1;
    return true;
  }

  private use(bytes: Uint8Array): void {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }
}

/** Undefined where a row has several lines, a line more than labels and a number, or a label's name may have to be changed. */
export function lineTemplate(family: FamilyView, shapes: readonly LineShape[]): LineTemplate | undefined {
  const { spec } = family;
  const [shape] = shapes;
  if (shapes.length !== 1 || shape?.label !== undefined || spec.exemplars === true || !spec.labels.every(isPlainLabel)) return undefined;
  if (spec.scopeLabels === true) return undefined;
  return new LineTemplate((shape as LineShape).name, spec.labels, spec.kind === 'counter');
}

function piecesOf(name: string, labels: readonly string[]): readonly string[] {
  if (labels.length === 0) return [`${name} `];
  return [...labels.map((label, at) => `${at === 0 ? `${name}{` : '",'}${label}="`), '"} '];
}
