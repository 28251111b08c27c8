/** One rendering under way: visits families and rows and writes them. */
import type { FamilyView, Row, Visitor } from '../../../core/store/index.ts';
import type { ExpositionFormat } from '../format.ts';
import type { Block } from './blocks.ts';
import { ByteBuffer, dropChunks, gathered, partsOf, pieceOf, wholeOf } from './bytes/byte-buffer.ts';
import { endingOf, finishBlocks, mostAhead, openings } from './framing.ts';
import { type LeftOut, type Owner, type RowOwners, stillLeftOut } from './left-out.ts';
import type { FamilyLines } from './lines/family-lines.ts';
import type { LineCache } from './lines/line-cache.ts';
import { held } from './lines/line-template.ts';
import type { Rendering } from './rendering.ts';
import { MetRows } from './rows/met-rows.ts';
import { Gathered } from './rows/row-order.ts';
import { isSorted } from './rows/sort-rows.ts';
import { ShownFamilies, type ShownOptions } from './shown-families.ts';

interface PageOptions extends ShownOptions {
  readonly format: ExpositionFormat;
  readonly maxBytes: number;
  /** Memory for the body. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly linesOf: (family: FamilyView) => FamilyLines;
  readonly owners: RowOwners | undefined;
  /** Empty: all is shown. */
  readonly leftOut: LeftOut;
}

/** A rendering without its memory's release. */
export type Written = Omit<Rendering, 'release'> & { readonly body: Uint8Array<ArrayBuffer> };

/** In place of a body that the page has given away. */
const none = new ByteBuffer(0);
/**
 * A row is not begun that would go so far beyond the limit: how long its lines are is known to so many bytes ahead of its
 * numbers.
 */
const mostBeyond = 1_048_576;

/**
 * Bytes between two looks at the clock, and a row: 0.3 ms. Rows with long labels, or a hundred buckets, make fewer cells of it.
 */
const bytesASlice = 128 * 1024;

/**
 * A class: a generator of its own for each page would make V8 keep a hidden class for each scrape, until a full collection. It
 * visits the families and rows itself.
 */
export class Page implements Visitor {
  /** How many rows of each owner were left out. */
  private readonly skipped = new Map<Owner, number>();
  private readonly format: ExpositionFormat;
  private readonly linesOf: (family: FamilyView) => FamilyLines;
  private readonly most: number;
  private readonly mostBytes: number;
  private readonly owners: RowOwners | undefined;
  private readonly leftOut: LeftOut;
  private readonly leaves: boolean;
  private readonly shown: ShownFamilies;
  private out: ByteBuffer;
  /** For the walk: as much was written as a slice may have. */
  enough = false;
  /** How much was written when it is time to look. */
  private lookAt = 0;
  private gathered: Gathered | undefined = undefined;
  private met: MetRows | undefined = undefined;
  private paused = false;
  private full = false;
  /** Series that were visited. */
  private rows = 0;
  /** Sample lines in the open block's present range. */
  private samples = 0;
  private current: FamilyLines | undefined = undefined;
  private cache: LineCache | undefined = undefined;
  private open: Block | undefined = undefined;
  /** Where the open block's present range begins. */
  private from = 0;

  constructor(options: PageOptions) {
    const { format, maxBytes, bytes, linesOf, owners, leftOut } = options;
    this.format = format;
    this.linesOf = linesOf;
    this.most = mostAhead(format, maxBytes);
    this.owners = owners;
    this.leftOut = leftOut;
    this.leaves = leftOut.size > 0;
    this.shown = new ShownFamilies(options);
    this.mostBytes = maxBytes + mostBeyond;
    this.out = new ByteBuffer(bytes, 'chunks', this.mostBytes);
    this.out.append(openings[format]);
    this.from = this.out.total;
  }

  /** It is too large. Checked after each row, so at most one row too many was written. */
  isFull(): boolean {
    return this.full;
  }

  /** Bytes written so far. */
  total(): number {
    return this.out.total;
  }

  /** Bytes of a page of so many series, by those that were visited so far. */
  expected(series: number): number {
    return (this.out.total * Math.max(series, this.rows)) / Math.max(1, this.rows);
  }

  /** What was written goes on in this memory, which has room for the rest: the body need not be put together. */
  goOnIn(memory: Uint8Array<ArrayBuffer>): void {
    this.out = gathered(this.out, memory, this.mostBytes);
  }

  /** Whether the slice has left something behind, which `settle` writes. Rare: asking saves a generator a slice. */
  isUnsettled(): boolean {
    return this.paused;
  }

  /**
   * Writes what the walk has left behind. To be called after each slice that did. Pauses now and then, so that the caller can
   * yield.
   */
  *settle(): Generator<undefined, void> {
    if (this.gathered !== undefined) yield* this.gathered.write(this);
    this.gathered = undefined;
    this.paused = false;
  }

  /** Ends the exposition; undefined: it is too large. Pauses like `settle`. */
  *finish(): Generator<undefined, Written | undefined> {
    yield* this.settle();
    if (!this.full) this.closeRange();
    if (this.full) return undefined;
    const { out, leftOut } = this;
    const { blocks, stale, unknown, omitted, inOrder } = this.shown;
    out.append(endingOf(this.format, blocks.all));
    const opening = { from: 0, to: openings[this.format].length };
    const end = { from: this.from, to: out.total };
    const body = inOrder ? (pieceOf(out) ?? (yield* wholeOf(out))) : yield* partsOf(out, [opening, ...blocks.ranges(), end]);
    finishBlocks(this.format, body, blocks.all);
    let series = 0;
    let oldestMs = 0;
    for (const block of blocks.all) {
      series += block.samples;
      oldestMs = Math.max(oldestMs, block.oldestMs);
    }
    this.out = none;
    for (const [owner, { name, bytes }] of leftOut) {
      if (this.skipped.has(owner))
        omitted.push({ family: name, reason: 'size', ...(typeof owner === 'number' && { owner, bytes }) });
    }
    return { body, series, stale, unknown, omitted, oldestMs };
  }

  /** What the next page leaves out, after a body of `bytes`. */
  stillLeftOut(bytes: number): LeftOut {
    return this.leaves ? stillLeftOut(this.leftOut, this.skipped, bytes, this.most) : this.leftOut;
  }

  /** Its memory goes back, but for what it was given. */
  drop(): void {
    dropChunks(this.out);
    this.out = none;
  }

  /** For the walk. */
  family(family: FamilyView): boolean | undefined {
    // A sorted family is complete now: it is written before the walk goes on.
    this.paused = this.gathered !== undefined;
    if (this.paused) return undefined;
    this.closeRange();
    const current = this.linesOf(family);
    const open = this.shown.blockOf(family, current);
    this.current = current;
    this.open = open;
    if (open === undefined || this.full) return false;
    if (this.leaves && this.owners === undefined && this.skips(open.series, family.size)) return false;
    this.cache = this.leaves ? undefined : current.cache(this.format);
    // Of a family that has no row to show, nothing is.
    if (!this.leaves || family.spec.omitEmpty !== true) this.begin(open);
    if (family.goodAt !== Number.POSITIVE_INFINITY) open.oldestMs = Math.max(open.oldestMs, this.shown.now - family.goodAt);
    if (isSorted(family)) this.gathered = Gathered.of(family, current, this.format);
    else current.sorted = undefined;
    return true;
  }

  /** For the walk. */
  row(family: FamilyView, row: Row, generation: number, cellAt: number): void {
    this.rows++;
    if (this.leaves && this.isLeftOut(family, row)) return;
    if (this.gathered !== undefined) this.gathered.add(row, generation, cellAt);
    else if (!this.full) this.write(family, row, generation, family.cells, cellAt);
  }

  /** Writes a row, its cells from `cellAt` on. */
  write(family: FamilyView, row: Row, generation: number, cells: Float64Array, cellAt: number): void {
    const lines = (this.cache as LineCache).write(this.out, family, row, generation, cells, cellAt);
    if (lines === held) {
      this.hold(family, row, generation, cells, cellAt);
      return;
    }
    this.samples += lines;
    if (lines < 0 || this.out.total > this.lookAt) this.look(lines);
  }

  /** Much was written, or a row does not fit. */
  private look(lines: number): void {
    if (lines < 0 || this.out.total > this.most) this.full = true;
    this.enough = true;
  }

  /** The row meets others of its family: they are written together, behind them. */
  private hold(family: FamilyView, row: Row, generation: number, cells: Float64Array, cellAt: number): void {
    const meeting = (this.cache as LineCache).meetingOf(row, generation);
    if (meeting === undefined) return;
    this.met ??= new MetRows(family, this.current as FamilyLines, this.format);
    this.met.add(meeting, row, cells, cellAt);
  }

  private writeMet(): void {
    const { met, cache } = this;
    this.met = undefined;
    for (const [meeting, cells] of met?.all() ?? []) {
      if (this.full) return;
      const lines = (cache as LineCache).writeMet(this.out, (met as MetRows).family, meeting, cells);
      this.samples += lines;
      if (lines < 0 || this.out.total > this.most) this.full = true;
    }
  }

  /** A slice begins. */
  next(): void {
    this.enough = false;
    this.lookAt = Math.min(this.most, this.out.total + bytesASlice);
  }

  private isLeftOut(family: FamilyView, row: Row): boolean {
    if (this.owners !== undefined && this.skips(this.owners.of(family, row), 1)) return true;
    this.cache ??= (this.current as FamilyLines).cache(this.format);
    this.begin(this.open as Block);
    return false;
  }

  private skips(owner: Owner, rows: number): boolean {
    if (!this.leftOut.has(owner)) return false;
    this.skipped.set(owner, (this.skipped.get(owner) ?? 0) + rows);
    return true;
  }

  private begin(block: Block): void {
    if (block.begun) return;
    block.begun = true;
    this.out.append(block.lines.metadata(this.format));
    if (this.out.total > this.most) this.full = true;
  }

  private closeRange(): void {
    const { open, from } = this;
    if (this.met !== undefined) this.writeMet();
    const lost = open === undefined ? undefined : this.cache?.finish(this.out);
    const to = this.out.total;
    if (to > this.most) this.full = true;
    if (open !== undefined) {
      if (to > from) open.ranges.push({ from, to });
      open.samples += this.samples;
      if (lost !== undefined) this.shown.omitted.push({ family: open.series, reason: lost });
    }
    this.from = to;
    this.samples = 0;
  }
}
