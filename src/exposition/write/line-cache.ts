/** The bytes `name{labels} ` of every line of a family that needs them, kept from one rendering to the next by row and generation. */

import type { FamilyView, Row, RowLabels } from '../../store/index.ts';
import { prefixDifferences } from './bucket-text.ts';
import type { ByteBuffer } from './byte-buffer.ts';
import type { KeptBytes } from './kept-bytes.ts';
import { createLabeller, type Labeller } from './labels.ts';
import { indexInSegment, LineSegment, segmentIndex } from './line-segment.ts';
import type { LineShape } from './line-shape.ts';
import type { Template } from './line-template.ts';
import { KeptLines } from './row-lines.ts';
import { RowTemplates } from './row-templates.ts';
import type { RowWriter } from './write-row.ts';

interface Owner {
  readonly row: Row;
  readonly generation: number;
}

export class LineCache {
  private readonly templates: RowTemplates;
  private readonly writer: RowWriter;
  private readonly keptLines = new KeptLines();
  private room: KeptBytes;
  /** Bytes of all segments. */
  private bytes = 0;
  private readonly segments: LineSegment[] = [];
  private readonly shapes: readonly LineShape[];
  private readonly buckets: Int32Array;
  private readonly labeller: Labeller;
  /** Which row shows a label text, and in which generation; kept from the first ambiguous text on. */
  private owners: Map<string, Owner> | undefined;

  /** `keepsBuckets`: bucket lines are kept with their numbers, for `writeBuckets`, as long as there is `room`. */
  constructor(family: FamilyView, shapes: readonly LineShape[], writer: RowWriter, keepsBuckets: boolean, room: KeptBytes) {
    this.room = room;
    this.writer = writer;
    this.shapes = shapes;
    this.buckets = keepsBuckets ? prefixDifferences(shapes) : new Int32Array();
    this.labeller = createLabeller(family);
    this.templates = new RowTemplates(family, shapes, writer);
  }

  /** Writes a row, its cells from `cellAt` on, and returns how many lines that made. */
  write(out: ByteBuffer, family: FamilyView, row: Row, generation: number, cells: Float64Array, cellAt: number): number {
    const template = this.templateOf(family, row, generation);
    if (template !== undefined) return template.write(out, family, row, generation, this.templates.sourceOf(family), cells, cellAt);
    const segment = this.segmentOf(family, row, generation);
    return segment === undefined ? 0 : this.writer(out, this.keptLines.use(segment, segment.place(row)), cells, cellAt);
  }

  /** What the row's lines are made from; undefined where its prefixes are kept. Once there are owners, all are. */
  private templateOf(family: FamilyView, row: Row, generation: number): Template | undefined {
    if (this.owners !== undefined || (this.buckets.length > 0 && this.keepsBuckets(row, generation))) return undefined;
    const { templates } = this;
    // Before looking at values: see `PlainValues`.
    const isKnown = templates.knows(family, row);
    const template = templates.of(family, row, generation);
    if (isKnown || template === undefined) return template;
    return this.kept(row, generation) === undefined && templates.fits(family, row, generation, template) ? template : undefined;
  }

  /** False when another row shows the same labels already, or the row has changed hands. */
  shows(family: FamilyView, row: Row, generation: number): boolean {
    return this.templateOf(family, row, generation) !== undefined || this.segmentOf(family, row, generation) !== undefined;
  }

  /** Where the row's prefixes are; undefined when another row shows the same labels already, or the row has changed hands. */
  private segmentOf(family: FamilyView, row: Row, generation: number): LineSegment | undefined {
    return this.kept(row, generation) ?? this.fill(family, row, generation);
  }

  /** Kept, they are written in two thirds of the time. */
  private keepsBuckets(row: Row, generation: number): boolean {
    return this.room.left > 0 || this.kept(row, generation) !== undefined;
  }

  /** The family has ended, though a rendering that is under way may still use what is here. */
  end(): void {
    this.room.left += this.bytes;
    this.room = { left: 0 };
    this.bytes = 0;
  }

  private kept(row: Row, generation: number): LineSegment | undefined {
    const segment = this.segments[segmentIndex(row)];
    return segment?.generations[indexInSegment(row)] === generation ? segment : undefined;
  }

  /** Orders rows by their label values. Undefined: the row has changed hands. */
  sortKey(family: FamilyView, row: Row, generation: number): string | undefined {
    const labels = labelsIn(family, row, generation);
    return labels && this.labeller.sortKeyOf(labels);
  }

  private fill(family: FamilyView, row: Row, generation: number): LineSegment | undefined {
    const segment = this.segmentFor(row);
    const before = segment.prefixes.length;
    if (segment.discard(row)) this.forgetOwners(family);
    const labels = labelsIn(family, row, generation);
    if (labels === undefined) return undefined;
    const { text, ambiguous } = this.labeller.textOf(labels);
    if (ambiguous && this.owners === undefined) this.watch(family);
    if (!this.claim(family, row, generation, text)) return undefined;
    segment.put(
      row,
      generation,
      this.shapes.map((shape) => prefixText(shape, text)),
    );
    if (this.buckets.length > 0) this.count(segment.prefixes.length - before);
    return segment;
  }

  private count(bytes: number): void {
    this.bytes += bytes;
    this.room.left -= bytes;
  }

  private segmentFor(row: Row): LineSegment {
    const index = segmentIndex(row);
    while (this.segments.length <= index) this.segments.push(new LineSegment(this.shapes.length, this.buckets));
    return this.segments[index] as LineSegment;
  }

  /** Two rows with one label text would be a duplicate series: the first in use shows it. */
  private claim(family: FamilyView, row: Row, generation: number, text: string): boolean {
    if (this.owners === undefined) return true;
    const owner = this.owners.get(text);
    if (owner !== undefined && owner.row !== row && inUse(family, owner)) return false;
    this.owners.set(text, { row, generation });
    return true;
  }

  /** Rows that come first in a walk may be written already in this rendering, so they own their texts. */
  private watch(family: FamilyView): void {
    this.owners = new Map();
    for (let row = 1; row < family.used; row++) {
      const generation = family.generation(row);
      const labels = (generation & 1) === 1 ? labelsIn(family, row, generation) : undefined;
      const text = labels && this.labeller.textOf(labels).text;
      if (text !== undefined && !this.owners.has(text)) this.owners.set(text, { row, generation });
    }
  }

  private forgetOwners(family: FamilyView): void {
    for (const [text, owner] of this.owners ?? []) if (!inUse(family, owner)) this.owners?.delete(text);
  }
}

/** Undefined when the row is not, or no longer, in that generation. Looked at last: in a view from another thread it may change meanwhile. */
function labelsIn(family: FamilyView, row: Row, generation: number): RowLabels | undefined {
  const labels = family.labels(row);
  return family.generation(row) === generation ? labels : undefined;
}

function inUse(family: FamilyView, owner: Owner): boolean {
  return family.generation(owner.row) === owner.generation;
}

function prefixText(shape: LineShape, labels: string): string {
  const all = shape.label === undefined ? labels : labels === '' ? shape.label : `${labels},${shape.label}`;
  return all === '' ? `${shape.name} ` : `${shape.name}{${all}} `;
}
