/**
 * How large an exposition would be, and which owners' rows make it so: visits families and rows like `page.ts`, and writes
 * nothing.
 */
import type { Cursor, FamilyView, Row, View, Visitor } from '../../../core/store/index.ts';
import type { ExpositionFormat } from '../format.ts';
import type { Block } from './blocks.ts';
import type { LeftOut, Owner, RowOwners } from './left-out.ts';
import type { FamilyLines } from './lines/family-lines.ts';
import { cellsASlice } from './pace.ts';
import type { RowSizes } from './rows/row-sizes.ts';
import { ShownFamilies, type ShownOptions } from './shown-families.ts';

interface SizesOptions extends ShownOptions {
  readonly format: ExpositionFormat;
  readonly owners: RowOwners | undefined;
  readonly linesOf: (family: FamilyView) => FamilyLines;
}

/** What an owner would add to an exposition. */
export interface Measured {
  bytes: number;
  rows: number;
  /** One of its rows, and the family of that. */
  readonly row: Row;
  readonly family: FamilyView;
}

/** Between two looks at the clock, and a row: 0.3 ms. */
const bytesASlice = 256 * 1024;

/** A class, as `Page` is one. */
export class PageSizes implements Visitor {
  readonly byOwner = new Map<Owner, Measured>();
  /** Bytes of the exposition, its end excluded. */
  total = 0;
  /** Bytes that came meanwhile and are not counted, about. */
  missed = 0;
  /** For the walk: as many bytes of labels and numbers were looked at as a slice may have. */
  enough = false;
  private read = 0;
  private rows = 0;
  private readonly options: SizesOptions;
  private readonly shown: ShownFamilies;
  private sizes!: RowSizes;
  private block!: Block;

  constructor(options: SizesOptions) {
    this.options = options;
    this.shown = new ShownFamilies(options);
  }

  /** A slice begins. */
  next(): void {
    this.enough = false;
    this.read = 0;
  }

  /**
   * How many series there were when it began, and are now. Some of those that came were measured: a flood may be all that was.
   */
  grew(before: number, after: number): void {
    const came = Math.min(after - before, after - this.rows);
    if (came > 0 && this.rows > 0) this.missed = (this.total / this.rows) * came;
  }

  /** For the walk. */
  family(family: FamilyView): boolean {
    const { format, linesOf, owners } = this.options;
    const lines = linesOf(family);
    const block = this.shown.blockOf(family, lines);
    if (block === undefined) return false;
    this.block = block;
    this.sizes = lines.sizes(format);
    if (owners === undefined) this.begin(block.series, family, 0);
    return true;
  }

  /** For the walk. */
  row(family: FamilyView, row: Row, generation: number, cellAt: number): void {
    this.rows++;
    const bytes = this.sizes.of(row, generation, family.cells, cellAt);
    this.read += this.sizes.read;
    if (this.read > bytesASlice) this.enough = true;
    const owner = this.options.owners?.of(family, row) ?? this.block.series;
    this.begin(owner, family, row);
    this.add(owner, family, row, bytes).rows++;
  }

  /** What a family has ahead of its rows is its first row's owner's. */
  private begin(owner: Owner, family: FamilyView, row: Row): void {
    const { block } = this;
    if (block.begun) return;
    block.begun = true;
    this.add(owner, family, row, block.lines.metadata(this.options.format).length);
  }

  private add(owner: Owner, family: FamilyView, row: Row, bytes: number): Measured {
    let added = this.byOwner.get(owner);
    if (added === undefined) {
      added = { bytes: 0, rows: 0, row, family };
      this.byOwner.set(owner, added);
    }
    added.bytes += bytes;
    this.total += bytes;
    return added;
  }
}

/** Pauses after each slice. */
export function* measure(view: View, sizes: PageSizes): Generator<undefined, PageSizes> {
  const before = seriesIn(view);
  let cursor: Cursor | undefined;
  do {
    sizes.next();
    cursor = view.walk(sizes, cursor, cellsASlice);
    yield;
  } while (cursor !== undefined);
  sizes.grew(before, seriesIn(view));
  return sizes;
}

export function seriesIn(view: View): number {
  let series = 0;
  view.walk({
    family(family) {
      series += family.size;
      return false;
    },
    row() {},
  });
  return series;
}

/** Bytes of what a page shows that leaves some out. */
export function shownOf({ byOwner, total }: PageSizes, leftOut: LeftOut): number {
  let shown = total;
  for (const owner of leftOut.keys()) shown -= byOwner.get(owner)?.bytes ?? 0;
  return shown;
}
