/**
 * Lines that are made from a row's attributes where they lie in the store, so that nothing has to be kept of it: the text of most gauges and
 * counters differs from their attribute bytes only by what all rows of the family share. Kept texts (`line-segment.ts`) take 65 bytes a line.
 */
import type { FamilyView, Row } from '../store/index.ts';
import { ByteBuffer, copyBytes, slack } from './byte-buffer.ts';
import { isPlainLabel } from './labels.ts';
import type { LineShape } from './line-shape.ts';
import { numberBytes, writeNumber } from './number.ts';

const lineFeed = 0x0a;
/** What would be escaped: line feed, quote, backslash. */
const escaped: readonly number[] = [lineFeed, 0x22, 0x5c];
/** Of a varint of one byte: longer attributes are kept as text. */
const mostLength = 127;

const encoder = new TextEncoder();

export class LineTemplate {
  /** In the order of the attribute bytes, but for the lengths. */
  private readonly headers: readonly Uint8Array[];
  private readonly headerLengths: Int32Array;
  /** Which of the attributes comes first in the text, second, and so on. */
  private readonly order: Int32Array;
  /** What all lines share: ahead of the first value, between two, behind the last. */
  private readonly pieces = new ByteBuffer(0);
  private readonly ends: Int32Array;
  private readonly mostBytes: number;
  private readonly counts: boolean;
  /** Where the values of the present row are. */
  private readonly values: Int32Array;
  private bytes: Uint8Array = new Uint8Array();
  private view: DataView = new DataView(this.bytes.buffer);

  /** `labels` as the text has them. `counts`: values below 0, and `NaN`, have no line. */
  constructor(name: string, labels: readonly string[], counts: boolean) {
    this.counts = counts;
    const sorted = labels.toSorted();
    this.headers = sorted.map(headerOf);
    this.headerLengths = Int32Array.from(this.headers, ({ length }) => length);
    this.order = Int32Array.from(labels, (label) => sorted.indexOf(label));
    this.ends = Int32Array.from(piecesOf(name, labels), (piece) => {
      this.pieces.appendText(piece);
      return this.pieces.length;
    });
    this.mostBytes = this.pieces.length + labels.length * 256 + numberBytes + 1;
    this.values = new Int32Array(labels.length);
  }

  /** The row has these labels and no others, and every one is a text that is written as it is. */
  fits(identity: Uint8Array): boolean {
    let at = 0;
    for (const header of this.headers) {
      const end = at + header.length + (identity[at + header.length - 1] ?? 0);
      if (end > identity.length || end - at - 2 > mostLength) return false;
      for (let index = 0; index < header.length; index++) {
        if (header[index] !== 0 && header[index] !== identity[at + index]) return false;
      }
      for (let index = at + header.length; index < end; index++) if (escaped.includes(identity[index] as number)) return false;
      at = end;
    }
    return at === identity.length;
  }

  /** Writes the line of a row that fits. False when there is none, or the row has changed hands: nothing is written. */
  write(out: ByteBuffer, family: FamilyView, row: Row, generation: number, value: number): boolean {
    if (this.counts && !(value >= 0)) return false;
    if (family.identities !== this.bytes) this.use(family.identities);
    const { bytes, order, values, ends, pieces } = this;
    if (!this.locate(family.identityAt(row))) return false;
    out.reserve(this.mostBytes);
    let at = copyBytes(pieces.view, 0, ends[0] as number, out.view, out.length);
    for (let label = 0; label < order.length; label++) {
      const from = values[order[label] as number] as number;
      at = copyBytes(this.view, from, from + (bytes[from - 1] as number), out.view, at);
      at = copyBytes(pieces.view, ends[label] as number, ends[label + 1] as number, out.view, at);
    }
    if (!family.holds(row, generation)) return false;
    at = writeNumber(out.bytes, at, value);
    out.bytes[at] = lineFeed;
    out.length = at + 1;
    return true;
  }

  /** Bytes that another thread writes at this moment may lead anywhere. */
  private locate(start: number): boolean {
    const { bytes, values, headerLengths } = this;
    let at = start;
    for (let index = 0; index < headerLengths.length; index++) {
      at += headerLengths[index] as number;
      values[index] = at;
      at += bytes[at - 1] ?? 0;
    }
    return at + slack <= bytes.length;
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
  return new LineTemplate((shape as LineShape).name, spec.labels, spec.kind === 'counter');
}

function piecesOf(name: string, labels: readonly string[]): readonly string[] {
  if (labels.length === 0) return [`${name} `];
  return [...labels.map((label, at) => `${at === 0 ? `${name}{` : '",'}${label}="`), '"} '];
}

/** As `encodeAttributes` writes it, each length that depends on the value 0. */
function headerOf(name: string): Uint8Array {
  const text = encoder.encode(name);
  return Uint8Array.from([0x3a, 0, 0x0a, text.length, ...text, 0x12, 0, 0x0a, 0]);
}
