/** One rendering under way: visits families and rows and writes them. */
import { type FamilyView, freshnessOf, type Row, type Visitor } from '../../store/index.ts';
import type { TextFormat } from '../format.ts';
import { type Block, createBlocks } from './blocks.ts';
import { ByteBuffer, partsOf, pieceOf, wholeOf } from './byte-buffer.ts';
import type { FamilyLines } from './family-lines.ts';
import type { Omitted, Rendering } from './rendering.ts';
import { createGathered, type Gathered } from './row-order.ts';
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

/** Methods, since V8 makes a new hidden class for each object whose literal has a getter. */
export interface Page {
  readonly visitor: Visitor;
  /** It is too large, and nothing is to be left out. Checked after each row, so at most one row too many was written. */
  isFull(): boolean;
  /** Bytes written so far. */
  total(): number;
  /** Whether the slice has left something behind, which `settle` writes. Rare: asking saves a generator a slice. */
  isUnsettled(): boolean;
  /** Writes what the walk has left behind. To be called after each slice that did. Pauses now and then, so that the caller can yield. */
  settle(): Generator<undefined, void>;
  /** Ends the exposition. Pauses like `settle`. */
  finish(): Generator<undefined, Written>;
}

const endings: Readonly<Record<TextFormat, Uint8Array>> = {
  openmetrics: new TextEncoder().encode('# EOF\n'),
  text: new Uint8Array(),
};
/** What was written in vain is given back beyond the page's limit, and beyond so much. */
const leastWaste = 1_048_576;

export function createPage({ format, maxBytes, onTooLarge, now, bytes, linesOf }: PageOptions): Page {
  let out = new ByteBuffer(bytes, 'chunks');
  const blocks = createBlocks();
  const stale: string[] = [];
  const unknown: string[] = [];
  const omitted: Omitted[] = [];
  const most = maxBytes - endings[format].length;
  const leastWasted = Math.max(most, leastWaste);
  /** Bytes of blocks that were left out. */
  let wasted = 0;
  /** How much was written when it is time to look what is too much. */
  let lookAt = most;
  let gathered: Gathered | undefined;
  let paused = false;
  let full = false;
  /** Nothing more is written of the open block. */
  let over = false;
  /** Sample lines in the open block's present range. */
  let samples = 0;
  let current: FamilyLines | undefined;
  let open: Block | undefined;
  /** Where the open block's present range begins. */
  let from = 0;
  let isInOrder = true;
  /** The group whose name was refused last. */
  let refused = 0;

  function openFamily(family: FamilyView): boolean | undefined {
    // A sorted family is complete now: it is written before the walk goes on.
    paused = gathered !== undefined;
    if (paused) return undefined;
    closeBlock();
    current = linesOf(family);
    open = blockFor(family, current);
    over = open?.leftOut ?? true;
    if (over || open === undefined) return false;
    if (open.lines === current) out.append(current.metadata[format]);
    if (family.goodAt !== Number.POSITIVE_INFINITY) open.oldestMs = Math.max(open.oldestMs, now - family.goodAt);
    if (isSorted(family)) gathered = createGathered(family, current, format);
    else current.sorted = undefined;
    return true;
  }

  function blockFor(family: FamilyView, lines: FamilyLines): Block | undefined {
    const { series } = lines.names;
    const freshness = freshnessOf(family, now);
    if (freshness === 'unknown') unknown.push(series);
    else if (freshness === 'stale') stale.push(series);
    else if (family.size > 0 || family.spec.omitEmpty !== true) {
      const block = blocks.blockOf(lines, family.group);
      if (block === undefined) refuse(family, series);
      else if (block.lines !== lines) {
        if (block !== blocks.all.at(-1)) isInOrder = false;
        if (family.spec.help !== '' && Buffer.compare(block.lines.metadata.openmetrics, lines.metadata.openmetrics) !== 0)
          omitted.push({ family: series, reason: 'metadata' });
      }
      return block;
    }
    return undefined;
  }

  /** Said once a group. */
  function refuse({ group, spec }: FamilyView, series: string): void {
    if (group === refused) return;
    refused = group;
    omitted.push({ family: series === '' ? spec.name : series, reason: 'name' });
  }

  function visitRow(family: FamilyView, row: Row, generation: number, cellAt: number): void {
    if (gathered !== undefined) gathered.add(row, generation, cellAt);
    else if (!over) {
      samples += (current as FamilyLines).write(out, format, family, row, generation, family.cells, cellAt);
      if (out.total > lookAt) look();
    }
  }

  function closeRange(): void {
    if (open !== undefined && out.total > from) {
      open.ranges.push({ from, to: out.total });
      open.bytes += out.total - from;
    }
    if (open !== undefined) open.samples += samples;
    from = out.total;
    samples = 0;
  }

  /** There is too much while a block is open: it has to go once it is the largest itself. How large the others are is known. */
  function look(): void {
    full = onTooLarge === 'fail';
    over = full;
    if (full) return;
    closeRange();
    const block = open as Block;
    const largest = blocks.largest();
    if (largest === undefined || largest.bytes <= block.bytes) leaveOut(block);
    else lookAt = out.total + largest.bytes - block.bytes;
  }

  /**
   * Leaves the largest blocks out. Which ones does not depend on the order in which they come: after each, what stays is too much for a larger
   * one. Only of a family that others join later the size is not known in time.
   */
  function closeBlock(): void {
    closeRange();
    full ||= onTooLarge === 'fail' && out.total > most;
    while (!full && out.total - wasted > most) {
      const block = blocks.largest();
      if (block === undefined) break;
      leaveOut(block);
    }
    lookAt = most + wasted;
  }

  function leaveOut(block: Block): void {
    block.leftOut = true;
    over = block === open;
    wasted += block.bytes;
    omitted.push({ family: block.series, reason: 'size' });
  }

  function* writeGathered(): Generator<undefined, void> {
    if (gathered !== undefined) samples += yield* gathered.write(out, isOverNow);
    gathered = undefined;
    paused = false;
  }

  function isOverNow(): boolean {
    if (out.total > lookAt && !over) look();
    return over;
  }

  /** So that a page whose largest families change places needs no more than some times its limit. */
  function* giveBack(): Generator<undefined, void> {
    closeRange();
    const kept = yield* partsOf(out, blocks.ranges());
    out = new ByteBuffer(new Uint8Array(kept.buffer), 'chunks');
    out.length = kept.length;
    lookAt -= wasted;
    wasted = 0;
    from = 0;
    for (const block of blocks.all) {
      if (block.leftOut) continue;
      block.ranges = [{ from, to: from + block.bytes }];
      from += block.bytes;
    }
  }

  return {
    visitor: { family: openFamily, row: visitRow },
    isFull: () => full,
    total: () => out.total,
    isUnsettled: () => paused || wasted > leastWasted,
    *settle() {
      if (paused) yield* writeGathered();
      if (wasted > leastWasted) yield* giveBack();
    },
    *finish() {
      if (gathered !== undefined) yield* writeGathered();
      closeBlock();
      out.append(endings[format]);
      const end = { from, to: out.total };
      const body = isInOrder && wasted === 0 ? (pieceOf(out) ?? (yield* wholeOf(out))) : yield* partsOf(out, [...blocks.ranges(), end]);
      let series = 0;
      let oldestMs = 0;
      for (const block of blocks.all) {
        if (block.leftOut) continue;
        series += block.samples;
        oldestMs = Math.max(oldestMs, block.oldestMs);
      }
      return { body, series, stale, unknown, omitted, oldestMs };
    },
  };
}
