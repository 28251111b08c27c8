/** The bytes `name{labels} ` of every line of a family, kept from one rendering to the next by row and generation. */
import type { FamilyView, Row } from '../store/index.ts';
import { ByteBuffer } from './byte-buffer.ts';
import { createLabeller, type RowLabels } from './labels.ts';
import type { LineShape } from './line-shape.ts';

interface Owner {
  readonly row: Row;
  readonly generation: number;
}

/** Below this, prefixes of rows that went away are not worth collecting. */
const leastWaste = 65_536;

export class LineCache {
  readonly prefixes = new ByteBuffer(256);
  /** Lines a row. */
  readonly lines: number;
  /** Boundaries of a row's prefixes, `lines + 1` words a row. */
  bounds: Int32Array<ArrayBuffer>;
  private generations = new Int32Array(8);
  private readonly shapes: readonly LineShape[];
  private readonly labelsOf: (identity: Uint8Array) => RowLabels;
  private wasted = 0;
  /** Which row shows a label text, and in which generation; kept from the first ambiguous text on. */
  private owners: Map<string, Owner> | undefined;
  private sortKeys: string[] = [];

  constructor(family: FamilyView, shapes: readonly LineShape[]) {
    this.shapes = shapes;
    this.lines = shapes.length;
    this.bounds = new Int32Array(8 * (this.lines + 1));
    this.labelsOf = createLabeller(family.spec);
  }

  /** The place of the row's first boundary in `bounds`; -1 when another row shows the same labels already. */
  rowAt(family: FamilyView, row: Row, generation: number): number {
    return this.generations[row] === generation || this.fill(family, row, generation) ? row * (this.lines + 1) : -1;
  }

  /** Valid after `rowAt`, in sorted families. */
  sortKey(row: Row): string {
    return this.sortKeys[row] ?? '';
  }

  private fill(family: FamilyView, row: Row, generation: number): boolean {
    if (row >= this.generations.length) this.grow(row);
    this.discard(family, row);
    const labels = this.labelsOf(family.identity(row));
    if (labels.ambiguous && this.owners === undefined) this.watch(family);
    if (!this.claim(family, row, generation, labels.text)) return false;
    if (family.spec.sorted === true) this.sortKeys[row] = labels.sortKey;
    this.write(row, labels.text);
    this.generations[row] = generation;
    return true;
  }

  private write(row: Row, labels: string): void {
    let place = row * (this.lines + 1);
    this.bounds[place++] = this.prefixes.length;
    for (const shape of this.shapes) {
      this.prefixes.appendText(prefixText(shape, labels));
      this.bounds[place++] = this.prefixes.length;
    }
  }

  private discard(family: FamilyView, row: Row): void {
    if (this.generations[row] === 0) return;
    const place = row * (this.lines + 1);
    this.wasted += (this.bounds[place + this.lines] as number) - (this.bounds[place] as number);
    this.generations[row] = 0;
    if (this.wasted > leastWaste && this.wasted > this.prefixes.length / 2) this.clear(family);
  }

  /** Two rows with one label text would be a duplicate series: the first in use shows it. */
  private claim(family: FamilyView, row: Row, generation: number, text: string): boolean {
    if (this.owners === undefined) return true;
    const owner = this.owners.get(text);
    if (owner !== undefined && owner.row !== row && inUse(family, owner)) return false;
    this.owners.set(text, { row, generation });
    return true;
  }

  /** The rows cached so far may be written already in this rendering, so they own their texts. */
  private watch(family: FamilyView): void {
    this.owners = new Map();
    for (const [row, generation] of this.generations.entries()) {
      if (generation !== 0 && generation === family.generation(row)) {
        this.owners.set(this.labelsOf(family.identity(row)).text, { row, generation });
      }
    }
  }

  private clear(family: FamilyView): void {
    this.generations.fill(0);
    this.prefixes.length = 0;
    this.wasted = 0;
    for (const [text, owner] of this.owners ?? []) if (!inUse(family, owner)) this.owners?.delete(text);
  }

  private grow(row: Row): void {
    const capacity = Math.max(this.generations.length * 2, row + 1);
    this.generations = copied(this.generations, new Int32Array(capacity));
    this.bounds = copied(this.bounds, new Int32Array(capacity * (this.lines + 1)));
  }
}

function inUse(family: FamilyView, owner: Owner): boolean {
  return family.generation(owner.row) === owner.generation;
}

function prefixText(shape: LineShape, labels: string): string {
  const all = shape.label === undefined ? labels : labels === '' ? shape.label : `${labels},${shape.label}`;
  return all === '' ? `${shape.name} ` : `${shape.name}{${all}} `;
}

function copied(from: Int32Array<ArrayBuffer>, to: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  to.set(from);
  return to;
}
