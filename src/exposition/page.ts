/** One rendering under way: visits families and rows and writes them. */
import type { FamilyView, Row, Visitor } from '../store/index.ts';
import { ByteBuffer, wholeOf } from './byte-buffer.ts';
import type { FamilyLines } from './family-lines.ts';
import type { TextFormat } from './format.ts';
import { createGathered, type Gathered } from './gathered.ts';
import type { Rendering } from './rendering.ts';
import { isSorted } from './sort-rows.ts';

interface PageOptions {
  readonly format: TextFormat;
  readonly maxBytes: number;
  /** By the store's clock, in ms: ages are counted to here. */
  readonly now: number;
  /** Memory for the body. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly linesOf: (family: FamilyView) => FamilyLines;
}

/** A rendering, but for what becomes of its memory. */
export type Written = Omit<Rendering, 'release'> & { readonly body: Uint8Array<ArrayBuffer> };

export interface Page {
  readonly visitor: Visitor;
  /** More than `maxBytes` were written. Checked before each row, so at most one row too many. */
  readonly full: boolean;
  /** Bytes written so far. */
  readonly total: number;
  /** Writes what the walk has left behind. To be called after each slice. Pauses now and then, so that the caller can yield. */
  settle(): Generator<undefined, void>;
  /** Ends the exposition. Pauses like `settle`. */
  finish(): Generator<undefined, Written>;
}

const endOfOpenMetrics = new TextEncoder().encode('# EOF\n');

export function createPage({ format, maxBytes, now, bytes, linesOf }: PageOptions): Page {
  const out = new ByteBuffer(bytes, 'chunks');
  const claimed = new Set<string>();
  const stale: string[] = [];
  const unknown: string[] = [];
  const omitted: string[] = [];
  let series = 0;
  let oldestMs = 0;
  let gathered: Gathered | undefined;
  let paused = false;
  let current: FamilyLines | undefined;

  const isFull = (): boolean => out.total > maxBytes;

  function openFamily(family: FamilyView): boolean | undefined {
    // A sorted family is complete now: it is written before the walk goes on.
    paused = gathered !== undefined;
    if (paused) return undefined;
    const lines = linesOf(family);
    current = lines;
    if (!isShown(family, lines)) return false;
    out.append(lines.metadata[format]);
    if (family.goodAt !== Number.POSITIVE_INFINITY) oldestMs = Math.max(oldestMs, now - family.goodAt);
    if (isSorted(family)) gathered = createGathered(family, lines, format);
    else lines.caches[format].forgetOrder();
    return true;
  }

  function isShown(family: FamilyView, { names }: FamilyLines): boolean {
    if (family.goodAt === Number.NEGATIVE_INFINITY) unknown.push(names.series);
    else if (now - family.goodAt > family.spec.maxAgeMs) stale.push(names.series);
    else if (names.series === '' || names.claims.some((name) => claimed.has(name)))
      omitted.push(names.series === '' ? family.spec.name : names.series);
    else if (family.size > 0 || family.spec.omitEmpty !== true) {
      for (const name of names.claims) claimed.add(name);
      return true;
    }
    return false;
  }

  function visitRow(family: FamilyView, row: Row, generation: number, cellAt: number): void {
    if (gathered !== undefined) gathered.add(row, generation, cellAt);
    else if (out.total <= maxBytes) {
      series += (current as FamilyLines).write(out, format, family, row, generation, family.cells, cellAt);
    }
  }

  function* writeGathered(): Generator<undefined, void> {
    if (gathered !== undefined) series += yield* gathered.write(out, isFull);
    gathered = undefined;
    paused = false;
  }

  return {
    visitor: { family: openFamily, row: visitRow },
    get full(): boolean {
      return isFull();
    },
    get total(): number {
      return out.total;
    },
    *settle() {
      if (paused) yield* writeGathered();
    },
    *finish() {
      yield* writeGathered();
      if (format === 'openmetrics') out.append(endOfOpenMetrics);
      return { body: yield* wholeOf(out), series, stale, unknown, omitted, oldestMs };
    },
  };
}
