/** The bytes `name{labels} ` of every line of a family that needs them, kept from one rendering to the next by row and generation. */

import type { FamilyView, Row } from '../store/index.ts';
import { prefixDifferences } from './bucket-text.ts';
import { createLabeller, type RowLabels } from './labels.ts';
import { LineSegment, rowsASegment, segmentIndex } from './line-segment.ts';
import type { LineShape } from './line-shape.ts';
import { type LineTemplate, lineTemplate } from './line-template.ts';
import { isSorted } from './sort-rows.ts';

interface Owner {
  readonly row: Row;
  readonly generation: number;
}

export class LineCache {
  readonly template: LineTemplate | undefined;
  private readonly segments: LineSegment[] = [];
  private readonly shapes: readonly LineShape[];
  private readonly buckets: Int32Array;
  private readonly labelsOf: (identity: Uint8Array) => RowLabels;
  /** Which row shows a label text, and in which generation; kept from the first ambiguous text on. */
  private owners: Map<string, Owner> | undefined;
  /** Of families that are sorted at all: in one of a million rows they would take 50 bytes each. */
  private readonly sortKeys = new Map<Row, string>();

  /** `keepsBuckets`: bucket lines are kept with their numbers, for `writeBuckets`. */
  constructor(family: FamilyView, shapes: readonly LineShape[], keepsBuckets = false) {
    this.shapes = shapes;
    this.buckets = keepsBuckets ? prefixDifferences(shapes) : new Int32Array();
    this.labelsOf = createLabeller(family.spec);
    this.template = lineTemplate(family, shapes);
  }

  /** Where the row's prefixes are, or that it needs none; undefined when another row shows the same labels already, or the row has changed hands. */
  segmentOf(family: FamilyView, row: Row, generation: number): LineSegment | undefined {
    const segment = this.segments[segmentIndex(row)];
    if (segment?.has(row, generation)) return segment;
    return this.fill(family, row, generation);
  }

  /** Orders rows by their label values. Made at once with a row's prefixes, where the family is small enough to be sorted. */
  sortKey(family: FamilyView, row: Row, generation: number): string {
    const known = this.sortKeys.get(row);
    if (known !== undefined) return known;
    const identity = identityIn(family, row, generation);
    return identity === undefined ? '' : this.keep(row, this.labelsOf(identity).sortKey);
  }

  private keep(row: Row, sortKey: string): string {
    this.sortKeys.set(row, sortKey);
    return sortKey;
  }

  private fill(family: FamilyView, row: Row, generation: number): LineSegment | undefined {
    const segment = this.segmentFor(row);
    if (segment.discard(row)) this.forgetOwners(family);
    if (this.sortKeys.size > 0) this.forgetSortKey(family, row);
    const templated = this.template?.fits(family, row) ?? false;
    if (templated && this.owners === undefined) return family.holds(row, generation) ? segment.putTemplated(row, generation) : undefined;
    const identity = identityIn(family, row, generation);
    if (identity === undefined) return undefined;
    const labels = this.labelsOf(identity);
    if (labels.ambiguous && this.owners === undefined) this.watch(family);
    if (!this.claim(family, row, generation, labels.text)) return undefined;
    if (templated) return segment.putTemplated(row, generation);
    if (isSorted(family)) this.keep(row, labels.sortKey);
    const prefixes = this.shapes.map((shape) => prefixText(shape, labels.text));
    return segment.put(row, generation, prefixes);
  }

  private forgetSortKey(family: FamilyView, row: Row): void {
    if (isSorted(family)) this.sortKeys.delete(row);
    else this.sortKeys.clear();
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

  /** The rows cached so far may be written already in this rendering, so they own their texts. */
  private watch(family: FamilyView): void {
    this.owners = new Map();
    for (const [index, segment] of this.segments.entries()) {
      for (const [at, known] of segment.generations.entries()) {
        const row = index * rowsASegment + at;
        const generation = known < 0 ? ~known : known;
        const identity = generation === 0 ? undefined : identityIn(family, row, generation);
        if (identity !== undefined) this.owners.set(this.labelsOf(identity).text, { row, generation });
      }
    }
  }

  private forgetOwners(family: FamilyView): void {
    for (const [text, owner] of this.owners ?? []) if (!inUse(family, owner)) this.owners?.delete(text);
  }
}

/** Undefined when the row is not, or no longer, in that generation. Looked at last: in a view from another thread it may change meanwhile. */
function identityIn(family: FamilyView, row: Row, generation: number): Uint8Array | undefined {
  const identity = family.identity(row);
  return family.generation(row) === generation ? identity : undefined;
}

function inUse(family: FamilyView, owner: Owner): boolean {
  return family.generation(owner.row) === owner.generation;
}

function prefixText(shape: LineShape, labels: string): string {
  const all = shape.label === undefined ? labels : labels === '' ? shape.label : `${labels},${shape.label}`;
  return all === '' ? `${shape.name} ` : `${shape.name}{${all}} `;
}
