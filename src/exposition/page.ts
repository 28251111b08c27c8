/** One rendering under way: visits families and rows and writes them. */
import type { FamilyView, Row, Visitor } from '../store/index.ts';
import { ByteBuffer } from './byte-buffer.ts';
import type { FamilyLines } from './family-lines.ts';
import type { TextFormat } from './format.ts';
import type { Rendering } from './rendering.ts';
import { mostSortedRows, sortedRows } from './sort-rows.ts';

interface PageOptions {
  readonly format: TextFormat;
  readonly maxBytes: number;
  /** Milliseconds since the epoch: ages are counted to here. */
  readonly now: number;
  readonly initialBytes: number;
  readonly linesOf: (family: FamilyView) => FamilyLines;
}

export interface Page {
  readonly visitor: Visitor;
  /** More than `maxBytes` were written. Checked before each row, so at most one row too many. */
  readonly full: boolean;
  /** Ends the exposition. */
  finish(): Rendering;
}

const endOfOpenMetrics = new TextEncoder().encode('# EOF\n');

/** A sorted family: its rows (row and generation in turn) are gathered first. */
interface Gathered {
  readonly family: FamilyView;
  readonly members: number[];
}

export function createPage({ format, maxBytes, now, initialBytes, linesOf }: PageOptions): Page {
  const out = new ByteBuffer(initialBytes);
  const claimed = new Set<string>();
  const stale: string[] = [];
  const unknown: string[] = [];
  const omitted: string[] = [];
  let series = 0;
  let oldestMs = 0;
  let gathered: Gathered | undefined;
  let current: FamilyLines | undefined;

  function openFamily(family: FamilyView): boolean {
    flush();
    const lines = linesOf(family);
    current = lines;
    if (!isShown(family, lines)) return false;
    out.append(lines.metadata[format]);
    if (family.goodAt !== Number.POSITIVE_INFINITY) oldestMs = Math.max(oldestMs, now - family.goodAt);
    if (family.spec.sorted === true && family.size <= mostSortedRows) gathered = { family, members: [] };
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

  function visitRow(family: FamilyView, row: Row, generation: number): void {
    if (gathered !== undefined) gathered.members.push(row, generation);
    else if (out.length <= maxBytes) series += (current as FamilyLines).write(out, format, family, row, generation);
  }

  /** Rows that went away while a slice yielded are left out: their generation has changed. */
  function flush(): void {
    if (gathered === undefined) return;
    const { family, members } = gathered;
    gathered = undefined;
    const lines = current as FamilyLines;
    const still = stillInUse(family, members);
    for (const row of sortedRows(lines, family, still, format)) {
      if (out.length <= maxBytes) series += lines.write(out, format, family, row, family.generation(row));
    }
  }

  return {
    visitor: { family: openFamily, row: visitRow },
    get full(): boolean {
      return out.length > maxBytes;
    },
    finish(): Rendering {
      flush();
      if (format === 'openmetrics') out.append(endOfOpenMetrics);
      return Object.freeze({ body: out.bytes.subarray(0, out.length), series, stale, unknown, omitted, oldestMs });
    },
  };
}

function stillInUse(family: FamilyView, members: readonly number[]): readonly number[] {
  const changed = members.some((value, index) => index % 2 === 1 && family.generation(members[index - 1] as Row) !== value);
  if (!changed) return members;
  return members.filter((_, index) => family.generation(members[index & ~1] as Row) === members[index | 1]);
}
