/** One rendering under way: visits families and rows and writes them. */
import { type FamilyView, freshnessOf, type Row, type Visitor } from '../../store/index.ts';
import type { TextFormat } from '../format.ts';
import { type Block, createBlocks } from './blocks.ts';
import { ByteBuffer, partsOf, pieceOf, wholeOf } from './byte-buffer.ts';
import type { FamilyLines } from './family-lines.ts';
import type { Omitted, Rendering } from './rendering.ts';
import { Gathered } from './row-order.ts';
import { isSorted } from './sort-rows.ts';

interface PageOptions {
  readonly format: TextFormat;
  readonly maxBytes: number;
  /** What becomes of a page beyond them. */
  readonly onTooLarge: 'omit' | 'fail';
  /** By the store's clock, in ms: ages are counted to here. */
  readonly now: number;
  /** Memory for the body. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly linesOf: (family: FamilyView) => FamilyLines;
}

/** A rendering without its memory's release. */
export type Written = Omit<Rendering, 'release'> & { readonly body: Uint8Array<ArrayBuffer> };

const endings: Readonly<Record<TextFormat, Uint8Array>> = {
  openmetrics: new TextEncoder().encode('# EOF\n'),
  text: new Uint8Array(),
};
/** In place of a body that the page has given away. */
const none = new ByteBuffer(0);
/** What was written in vain is given back beyond the page's limit, and beyond so much. */
const leastWaste = 1_048_576;

/**
 * A class: a generator of its own for each page would make V8 keep a hidden class for each scrape, until a full collection. It visits the families and rows
 * itself.
 */
export class Page implements Visitor {
  private readonly format: TextFormat;
  private readonly failsBeyond: boolean;
  private readonly now: number;
  private readonly linesOf: (family: FamilyView) => FamilyLines;
  private readonly most: number;
  private readonly leastWasted: number;
  private readonly blocks = createBlocks();
  private readonly stale: string[] = [];
  private readonly unknown: string[] = [];
  private readonly omitted: Omitted[] = [];
  private out: ByteBuffer;
  /** Bytes of blocks that were left out. */
  private wasted = 0;
  /** How much was written when it is time to look what is too much. */
  private lookAt: number;
  private gathered: Gathered | undefined = undefined;
  private paused = false;
  private full = false;
  /** Nothing more is written of the open block. */
  private over = false;
  /** Sample lines in the open block's present range. */
  private samples = 0;
  private current: FamilyLines | undefined = undefined;
  private open: Block | undefined = undefined;
  /** Where the open block's present range begins. */
  private from = 0;
  private isInOrder = true;
  /** The group whose name was refused last. */
  private refused = 0;

  constructor({ format, maxBytes, onTooLarge, now, bytes, linesOf }: PageOptions) {
    this.format = format;
    this.failsBeyond = onTooLarge === 'fail';
    this.now = now;
    this.linesOf = linesOf;
    this.out = new ByteBuffer(bytes, 'chunks');
    this.most = maxBytes - endings[format].length;
    this.leastWasted = Math.max(this.most, leastWaste);
    this.lookAt = this.most;
  }

  /** It is too large, and nothing is to be left out. Checked after each row, so at most one row too many was written. */
  isFull(): boolean {
    return this.full;
  }

  /** Bytes written so far. */
  total(): number {
    return this.out.total;
  }

  /** Whether the slice has left something behind, which `settle` writes. Rare: asking saves a generator a slice. */
  isUnsettled(): boolean {
    return this.paused || this.wasted > this.leastWasted;
  }

  /** Writes what the walk has left behind. To be called after each slice that did. Pauses now and then, so that the caller can yield. */
  *settle(): Generator<undefined, void> {
    if (this.paused) yield* this.writeGathered();
    if (this.wasted > this.leastWasted) yield* this.giveBack();
  }

  /** Ends the exposition. Pauses like `settle`. */
  *finish(): Generator<undefined, Written> {
    if (this.gathered !== undefined) yield* this.writeGathered();
    this.closeBlock();
    const { out, blocks, stale, unknown, omitted } = this;
    out.append(endings[this.format]);
    const end = { from: this.from, to: out.total };
    const isWhole = this.isInOrder && this.wasted === 0;
    const body = isWhole ? (pieceOf(out) ?? (yield* wholeOf(out))) : yield* partsOf(out, [...blocks.ranges(), end]);
    let series = 0;
    let oldestMs = 0;
    for (const block of blocks.all) {
      if (block.leftOut) continue;
      series += block.samples;
      oldestMs = Math.max(oldestMs, block.oldestMs);
    }
    this.out = none;
    return { body, series, stale, unknown, omitted, oldestMs };
  }

  /** For the walk. */
  family(family: FamilyView): boolean | undefined {
    // A sorted family is complete now: it is written before the walk goes on.
    this.paused = this.gathered !== undefined;
    if (this.paused) return undefined;
    this.closeBlock();
    const { format } = this;
    const current = this.linesOf(family);
    const open = this.blockFor(family, current);
    this.current = current;
    this.open = open;
    this.over = open?.leftOut ?? true;
    if (this.over || open === undefined) return false;
    if (open.lines === current) this.out.append(current.metadata[format]);
    if (family.goodAt !== Number.POSITIVE_INFINITY) open.oldestMs = Math.max(open.oldestMs, this.now - family.goodAt);
    if (isSorted(family)) this.gathered = Gathered.of(family, current, format);
    else current.sorted = undefined;
    return true;
  }

  /** For the walk. */
  row(family: FamilyView, row: Row, generation: number, cellAt: number): void {
    if (this.gathered !== undefined) this.gathered.add(row, generation, cellAt);
    else if (!this.over) {
      this.samples += (this.current as FamilyLines).write(this.out, this.format, family, row, generation, family.cells, cellAt);
      if (this.out.total > this.lookAt) this.look();
    }
  }

  private blockFor(family: FamilyView, lines: FamilyLines): Block | undefined {
    const { series } = lines.names;
    const freshness = freshnessOf(family, this.now);
    if (freshness === 'unknown') this.unknown.push(series);
    else if (freshness === 'stale') this.stale.push(series);
    else if (family.size > 0 || family.spec.omitEmpty !== true) {
      const block = this.blocks.blockOf(lines, family.group);
      if (block === undefined) this.refuse(family, series);
      else if (block.lines !== lines) {
        lines.join(block.lines);
        if (block !== this.blocks.all.at(-1)) this.isInOrder = false;
        if (family.spec.help !== '' && Buffer.compare(block.lines.metadata.openmetrics, lines.metadata.openmetrics) !== 0)
          this.omitted.push(otherMetadata(series, block.lines.from, lines.from));
      }
      return block;
    }
    return undefined;
  }

  /** Said once a group. */
  private refuse({ group, spec }: FamilyView, series: string): void {
    if (group === this.refused) return;
    this.refused = group;
    this.omitted.push({ family: series === '' ? spec.name : series, reason: 'name' });
  }

  private closeRange(): void {
    const { open, from } = this;
    const to = this.out.total;
    if (open !== undefined && to > from) {
      open.ranges.push({ from, to });
      open.bytes += to - from;
    }
    if (open !== undefined) open.samples += this.samples;
    this.from = to;
    this.samples = 0;
  }

  /** There is too much while a block is open: it has to go once it is the largest itself. How large the others are is known. */
  private look(): void {
    this.full = this.failsBeyond;
    this.over = this.full;
    if (this.full) return;
    this.closeRange();
    const block = this.open as Block;
    const largest = this.blocks.largest();
    if (largest === undefined || largest.bytes <= block.bytes) this.leaveOut(block);
    else this.lookAt = this.out.total + largest.bytes - block.bytes;
  }

  /**
   * Leaves the largest blocks out. Which ones does not depend on the order in which they come: after each, what stays is too much for a larger
   * one. Only of a family that others join later the size is not known in time.
   */
  private closeBlock(): void {
    this.closeRange();
    this.full ||= this.failsBeyond && this.out.total > this.most;
    while (!this.full && this.out.total - this.wasted > this.most) {
      const block = this.blocks.largest();
      if (block === undefined) break;
      this.leaveOut(block);
    }
    this.lookAt = this.most + this.wasted;
  }

  private leaveOut(block: Block): void {
    block.leftOut = true;
    this.over = block === this.open;
    this.wasted += block.bytes;
    this.omitted.push({ family: block.series, reason: 'size' });
  }

  private *writeGathered(): Generator<undefined, void> {
    if (this.gathered !== undefined) this.samples += yield* this.gathered.write(this.out, this);
    this.gathered = undefined;
    this.paused = false;
  }

  /** Nothing more is to be written of the family that was gathered. */
  isOver(): boolean {
    if (this.out.total > this.lookAt && !this.over) this.look();
    return this.over;
  }

  /** So that a page whose largest families change places needs no more than some times its limit. */
  private *giveBack(): Generator<undefined, void> {
    this.closeRange();
    const kept = yield* partsOf(this.out, this.blocks.ranges());
    this.out = new ByteBuffer(new Uint8Array(kept.buffer), 'chunks');
    this.out.length = kept.length;
    this.lookAt -= this.wasted;
    this.wasted = 0;
    this.from = 0;
    for (const block of this.blocks.all) {
      if (block.leftOut) continue;
      block.ranges = [{ from: this.from, to: this.from + block.bytes }];
      this.from += block.bytes;
    }
  }
}

function otherMetadata(family: string, first: string, other: string): Omitted {
  return first === other ? { family, reason: 'metadata' } : { family, reason: 'metadata', scopes: [first, other] };
}
