/**
 * The bytes `name{labels} ` of every line of a family that needs them, kept from one rendering to the next by row and generation.
 */

import type { FamilyView, Row } from '../../../../core/store/index.ts';
import type { ByteBuffer } from '../bytes/byte-buffer.ts';
import type { KeptBytes } from '../bytes/kept-bytes.ts';
import type { NameRules } from '../name-rules.ts';
import type { Remarks } from '../remarks.ts';
import { addsUp, type Meeting, Meetings, type Place } from '../rows/meetings.ts';
import type { NotShown, RowForm } from '../rows/row-form.ts';
import { RowTemplates } from '../rows/row-templates.ts';
import { labelsIn, type Member, SeriesOwners } from '../series-owners.ts';
import { KeptLines } from './kept-lines.ts';
import { createLabeller, type Labeller, type LabelText } from './labels.ts';
import { indexInSegment, LineSegment, segmentIndex } from './line-segment.ts';
import { held, type Template, tooLong } from './line-template.ts';

interface CacheOptions {
  readonly room: KeptBytes;
  readonly names: NameRules;
  /** The family's. */
  readonly name: string;
  readonly onConflict?: ((family: string) => void) | undefined;
  readonly remarks: Remarks;
}

/** Instead of a segment. */
const notKept = 'not kept';
/** Bytes of a row that is kept. */
const mostKept = 65_536;

export class LineCache implements Member {
  private readonly templates: RowTemplates;
  private readonly keptLines = new KeptLines();
  private room: KeptBytes;
  /** Bytes of all segments. */
  private bytes = 0;
  private segments: LineSegment[] = [];
  private readonly form: RowForm;
  readonly family: FamilyView;
  readonly labeller: Labeller;
  private owners: SeriesOwners;
  private readonly conflict: () => void;
  private readonly name: string;
  private readonly remarks: Remarks;
  /** Undefined: no rows meet. */
  private meetings: Meetings | undefined = undefined;
  /** The row that was found last to meet others. */
  private foundRow: Row = 0;
  /** Rows may have the same label text. */
  private watched = false;

  /** Pieces are kept as long as they fit in `room`. */
  constructor(family: FamilyView, form: RowForm, { room, names, name, onConflict, remarks }: CacheOptions) {
    this.family = family;
    this.room = room;
    this.form = form;
    this.labeller = createLabeller(family, names, (label, attributes) =>
      remarks.add({ family: name, reason: 'labels', label, attributes }),
    );
    this.templates = new RowTemplates(family, form, names);
    this.owners = new SeriesOwners(this);
    this.conflict = () => onConflict?.(name);
    this.name = name;
    this.remarks = remarks;
  }

  /** Lines of both come out under one name. `mayMeet`: rows of both may have the same labels. */
  join({ owners }: LineCache, mayConflict: boolean): void {
    if (owners === this.owners) return;
    this.owners = owners;
    owners.add(this, mayConflict);
  }

  forgetLines(): void {
    this.watched = true;
    this.segments = [];
    this.giveBack();
  }

  /** Writes a row, its cells from `cellAt` on, and returns how many lines that made, `tooLong`, or `held`. */
  write(out: ByteBuffer, family: FamilyView, row: Row, generation: number, cells: Float64Array, cellAt: number): number {
    const template = this.templateOf(family, row, generation);
    if (template !== undefined)
      return template.write(out, family, row, generation, this.templates.sourceOf(family), cells, cellAt);
    const segment = this.kept(row, generation) ?? this.keep(family, row, generation);
    if (segment === undefined) return this.notShown(row, generation);
    const { writer, made } = this.form;
    if (segment !== notKept) return writer(out, this.keptLines.use(segment, segment.place(row)), cells, cellAt, family, row);
    return out.fits(made.mostBytes(0)) ? writer(out, made, cells, cellAt, family, row) : tooLong;
  }

  /** A row that meets others from now on: what is written of them already is to be written again. */
  private notShown(row: Row, generation: number): number {
    const isNew = this.foundRow === row;
    this.foundRow = 0;
    if (isNew) this.remarks.late++;
    return isNew || this.meetingOf(row, generation) === undefined ? 0 : held;
  }

  meetingOf(row: Row, generation: number): Meeting | undefined {
    return this.meetings?.of(row, generation);
  }

  /** Writes what rows that meet have together. As `write`. */
  writeMet(out: ByteBuffer, family: FamilyView, meeting: Meeting, cells: Float64Array): number {
    const { writer, made } = this.form;
    const one = this.meetings?.one(meeting);
    this.meetings?.settle(meeting);
    if (one === undefined) return 0;
    // The row that showed the labels may have gone, and one of another family have come.
    const owner = this.owners.claim(this, one.row, one.generation, meeting.label.text);
    if (owner !== undefined && owner.member !== this) {
      this.conflict();
      return 0;
    }
    made.use(meeting.label);
    return out.fits(made.mostBytes(0)) ? writer(out, made, cells, 0, family, one.row) : tooLong;
  }

  /** What the row's lines are made from; undefined where its prefixes are kept. Once there are owners, all are. */
  private templateOf(family: FamilyView, row: Row, generation: number): Template | undefined {
    if (this.watched || (this.form.buckets.length > 0 && this.keepsBuckets(row, generation))) return undefined;
    const { templates } = this;
    // Before looking at values: see `PlainValues`.
    const isKnown = templates.knows(family, row);
    const template = templates.of(family, row, generation);
    if (isKnown || template === undefined) return template;
    return this.kept(row, generation) === undefined && templates.fits(family, row, generation, template) ? template : undefined;
  }

  /** As `RowForm.finish`. */
  finish(out: ByteBuffer): NotShown | undefined {
    return this.form.finish?.(out);
  }

  /** False when a row of another family shows the same labels already, or the row has changed hands. */
  shows(family: FamilyView, row: Row, generation: number): boolean {
    if (this.templateOf(family, row, generation) !== undefined) return true;
    const segment = this.kept(row, generation) ?? this.keep(family, row, generation);
    this.foundRow = 0;
    return segment !== undefined || this.meetingOf(row, generation) !== undefined;
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

  /**
   * Where the row's prefixes are from now on; `notKept`: they do not fit, and the form's `made` has them. Undefined when another
   * row shows the same labels already, or the row has changed hands.
   */
  private keep(family: FamilyView, row: Row, generation: number): LineSegment | typeof notKept | undefined {
    // None of their lines are kept, so that all other rows cost nothing.
    if (this.meetingOf(row, generation) !== undefined) return undefined;
    if (this.discard(row)) this.owners.forget();
    if (!this.make(family, row, generation)) return undefined;
    if (!this.hasRoom(this.form.made.mostBytes(0))) return notKept;
    const before = this.segments[segmentIndex(row)]?.size ?? 0;
    const segment = this.segmentFor(row);
    segment.put(row, generation, this.form.made);
    this.count(segment.size - before);
    return segment;
  }

  /** Gives the form's `made` the row. */
  private make(family: FamilyView, row: Row, generation: number): boolean {
    const template = this.watched ? undefined : this.templates.forAny(family, row, generation);
    if (template !== undefined) return template.useAny(family, row, generation, this.templates.sourceOf(family));
    const labels = labelsIn(family, row, generation);
    if (labels === undefined) return false;
    const label = this.labeller.textOf(labels);
    const { text, ambiguous } = label;
    if (ambiguous && !this.watched) this.owners.watch();
    const owner = this.owners.claim(this, row, generation, text);
    if (owner === undefined && this.meetings?.has(text) !== true) {
      this.form.made.use(label);
      return true;
    }
    this.foundRow = owner === undefined || owner.member === this ? row : 0;
    if (owner === undefined) this.meetings?.enter(label, { row, generation });
    else if (owner.member === this) this.meet(family, label, { row, generation }, owner);
    else this.conflict();
    return false;
  }

  private meet(family: FamilyView, label: LabelText, place: Place, owner: Place): void {
    this.meetings ??= new Meetings(this.family);
    this.meetings.enter(label, owner, place);
    this.discard(owner.row);
    const [one, other] = [owner, place].map(({ row, generation }) => labelsIn(family, row, generation)?.names ?? []);
    this.remarks.add({ family: this.name, reason: 'series', names: [one ?? [], other ?? []], adds: addsUp(family) });
  }

  /** The last row that is kept may go beyond the limit. */
  private hasRoom(bytes: number): boolean {
    return this.room.left > 0 && bytes <= mostKept;
  }

  /** What is kept of another generation goes. True: so much went that all of a segment did. */
  private discard(row: Row): boolean {
    const segment = this.segments[segmentIndex(row)];
    if (segment === undefined) return false;
    const before = segment.size;
    const all = segment.discard(row);
    this.count(segment.size - before);
    return all;
  }

  private count(bytes: number): void {
    this.bytes += bytes;
    this.room.left -= bytes;
  }

  private segmentFor(row: Row): LineSegment {
    const index = segmentIndex(row);
    while (this.segments.length <= index) this.segments.push(new LineSegment(this.form.pieces, this.form.buckets));
    const segment = this.segments[index] as LineSegment;
    segment.reach(row);
    return segment;
  }
}
