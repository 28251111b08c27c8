/** The bytes `name{labels} ` of every line of a family that needs them, kept from one rendering to the next by row and generation. */

import type { FamilyView, Row } from '../../store/index.ts';
import { prefixDifferences } from './bucket-text.ts';
import type { ByteBuffer } from './byte-buffer.ts';
import type { KeptBytes } from './kept-bytes.ts';
import { createLabeller, type Labeller } from './labels.ts';
import { indexInSegment, LineSegment, segmentIndex } from './line-segment.ts';
import { type LineShape, lineStart } from './line-shape.ts';
import type { Template } from './line-template.ts';
import type { NameRules } from './name-rules.ts';
import { KeptLines } from './row-lines.ts';
import { RowTemplates } from './row-templates.ts';
import { labelsIn, type Member, SeriesOwners } from './series-owners.ts';
import type { RowWriter } from './write-row.ts';

interface CacheOptions {
  readonly room: KeptBytes;
  readonly names: NameRules;
  /** The family's. */
  readonly name: string;
  readonly onMet?: ((family: string) => void) | undefined;
}

export class LineCache implements Member {
  private readonly templates: RowTemplates;
  private readonly writer: RowWriter;
  private readonly keptLines = new KeptLines();
  private room: KeptBytes;
  /** Bytes of all segments. */
  private bytes = 0;
  private segments: LineSegment[] = [];
  private readonly shapes: readonly LineShape[];
  private readonly buckets: Int32Array;
  readonly family: FamilyView;
  readonly labeller: Labeller;
  private owners: SeriesOwners;
  private readonly met: () => void;
  /** Rows may have the same label text. */
  private watched = false;

  /** `keepsBuckets`: bucket lines are kept with their numbers, for `writeBuckets`, as long as there is `room`. */
  constructor(
    family: FamilyView,
    shapes: readonly LineShape[],
    writer: RowWriter,
    keepsBuckets: boolean,
    { room, names, name, onMet }: CacheOptions,
  ) {
    this.family = family;
    this.room = room;
    this.writer = writer;
    this.shapes = shapes;
    this.buckets = keepsBuckets ? prefixDifferences(shapes) : new Int32Array();
    this.labeller = createLabeller(family, names);
    this.templates = new RowTemplates(family, shapes, writer, names);
    this.owners = new SeriesOwners(this);
    this.met = () => onMet?.(name);
  }

  /** Lines of both come out under one name. `mayMeet`: rows of both may have the same labels. */
  join({ owners }: LineCache, mayMeet: boolean): void {
    if (owners === this.owners) return;
    this.owners = owners;
    owners.add(this, mayMeet);
  }

  forgetLines(): void {
    this.watched = true;
    this.segments = [];
    this.giveBack();
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
    if (this.watched || (this.buckets.length > 0 && this.keepsBuckets(row, generation))) return undefined;
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
    this.giveBack();
    this.room = { left: 0 };
    this.owners.remove(this);
  }

  private giveBack(): void {
    this.room.left += this.bytes;
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
    const labels = labelsIn(family, row, generation);
    if (labels === undefined) return undefined;
    const { text, ambiguous } = this.labeller.textOf(labels);
    if (ambiguous && !this.watched) this.owners.watch();
    const segment = this.segmentFor(row);
    const before = segment.prefixes.length;
    if (segment.discard(row)) this.owners.forget();
    if (!this.owners.claim(this, row, generation, text)) {
      this.met();
      return undefined;
    }
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
}

function prefixText(shape: LineShape, labels: string): string {
  const all = shape.label === undefined ? labels : labels === '' ? shape.label : `${labels},${shape.label}`;
  const start = lineStart(shape.name, all !== '');
  return all === '' ? `${start} ` : `${start}${all}} `;
}
