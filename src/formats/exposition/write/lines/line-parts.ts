/**
 * What the lines of a family's rows have in common: names ahead of the labels, bounds and quantiles behind them. Made once a
 * family and format.
 */
import { ByteBuffer, copyBytes } from '../bytes/byte-buffer.ts';
import { type LineShape, lineStart } from './line-shape.ts';

/** Strings one behind the other. */
export class Pieces {
  readonly text: ByteBuffer;
  /** Where each begins, and where the last ends. */
  readonly ends: Int32Array;
  /** Bytes of the longest. */
  readonly most: number;

  constructor(pieces: readonly string[]) {
    const ends = new Int32Array(pieces.length + 1);
    let end = 0;
    let most = 0;
    for (const [index, piece] of pieces.entries()) {
      const bytes = Buffer.byteLength(piece);
      end += bytes;
      ends[index + 1] = end;
      most = Math.max(most, bytes);
    }
    this.text = new ByteBuffer(end);
    for (const piece of pieces) this.text.appendExactly(piece);
    this.ends = ends;
    this.most = most;
  }

  copy(piece: number, to: DataView, at: number): number {
    return copyBytes(this.text.view, this.ends[piece] as number, this.ends[piece + 1] as number, to, at);
  }
}

export class LineParts {
  /** Lines a row. */
  readonly count: number;
  /** Lines from the first on that have its name. */
  readonly alike: number;
  /** The name of rows of one line that has no label of its own; undefined for others. */
  readonly oneName: string | undefined;
  /**
   * Behind the labels, the comma ahead of a label of the line's own among them: a row without labels leaves the first byte out.
   */
  readonly tails: Pieces;
  /** How many bytes longer than the first each bucket's own label is; empty for other lines. */
  readonly differences: Int32Array;
  /** One of the first lines, and each other one. */
  private readonly distinct: readonly LineShape[];
  private readonly made: { heads?: Pieces; bareHeads?: Pieces } = {};

  constructor(shapes: readonly LineShape[]) {
    const [first] = shapes;
    const other = shapes.findIndex(({ name }) => name !== first?.name);
    const alike = other < 0 ? shapes.length : other;
    const length = first?.label?.length ?? 0;
    this.count = shapes.length;
    this.alike = alike;
    this.oneName = shapes.length === 1 && first?.label === undefined ? first?.name : undefined;
    this.tails = new Pieces(shapes.map(({ label }) => (label === undefined ? '} ' : `,${label}} `)));
    this.differences = Int32Array.from(
      shapes.filter(({ label }) => label !== undefined),
      ({ label = '' }) => label.length - length,
    );
    this.distinct = [...shapes.slice(0, Math.min(1, alike)), ...shapes.slice(alike)];
  }

  /**
   * Ahead of the labels: of the first lines, and then of each other one. Made where it is used: some names are as long as all
   * else of their family.
   */
  get heads(): Pieces {
    this.made.heads ??= new Pieces(this.distinct.map((shape) => lineStart(shape, true)));
    return this.made.heads;
  }

  /** The same of lines that have no label at all. */
  get bareHeads(): Pieces {
    this.made.bareHeads ??= new Pieces(this.distinct.map((shape) => lineStart(shape, shape.label !== undefined)));
    return this.made.bareHeads;
  }
}
