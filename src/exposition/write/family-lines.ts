/** What exposition keeps of a family between renderings: its names, its metadata lines and its line cache, for each format. */
import { type SeriesNames, type Strategy, seriesNames } from '../../naming/index.ts';
import type { FamilyView, Row, RowLayout } from '../../store/index.ts';
import type { TextFormat } from '../format.ts';
import type { ByteBuffer } from './byte-buffer.ts';
import type { KeptBytes } from './kept-bytes.ts';
import { LineCache } from './line-cache.ts';
import { lineShapes } from './line-shape.ts';
import { metadataText, typeOf } from './metadata.ts';
import type { NameRules } from './name-rules.ts';
import { nameOfScope, scopeLabels } from './scope-labels.ts';
import { rowWriter } from './write-extended-row.ts';

export interface FamilyLines {
  readonly names: SeriesNames;
  /** In OpenMetrics. */
  readonly type: string;
  /** The scope's labels as text: families of one name and another scope are shown together, those of one scope are not. */
  readonly scope: string;
  /** Its source's scope, for messages. */
  readonly from: string;
  readonly metadata: Readonly<Record<TextFormat, Uint8Array>>;
  /** One object for both formats where their lines are equal. */
  readonly caches: Readonly<Record<TextFormat, LineCache>>;
  /** Its lines stand behind those of another family, under that one's name. */
  join(first: FamilyLines): void;
  /** Writes one row, its cells from `cellAt` on, and returns how many lines that made. */
  write(out: ByteBuffer, format: TextFormat, family: FamilyView, row: Row, generation: number, cells: Float64Array, cellAt: number): number;
  /** Cells of a row that lines are made of, from its first on. */
  readonly cells: number;
  /** The order of the last sorted rendering. */
  sorted: SortedRows | undefined;
}

/** What all families of a renderer share. */
export interface ForAll {
  readonly strategy: Strategy;
  readonly namespace: string;
  readonly names: NameRules;
  readonly onMet?: ((family: string) => void) | undefined;
  readonly room: KeptBytes;
}

export interface SortedRows {
  /** Row and generation in turn, in walk order. */
  readonly members: Int32Array;
  /** Which of the members comes first, second, and so on. */
  readonly order: Int32Array;
}

export function createFamilyLines(family: FamilyView, forAll: ForAll): FamilyLines {
  const { spec } = family;
  const { merges } = forAll.names;
  const names = seriesNames(spec, forAll.strategy, forAll.namespace, forAll.names.family);
  const caches = createCaches(family, names, forAll);
  // Where names merge, groups of one name are told apart by their labels, as scopes are.
  const scope = merges ? String(family.group) : JSON.stringify(scopeLabels(family));
  const encoder = new TextEncoder();

  return {
    names,
    type: typeOf(spec.kind, names, 'openmetrics'),
    scope,
    from: nameOfScope(family.source.scope),
    metadata: {
      openmetrics: encoder.encode(metadataText(spec, names, 'openmetrics')),
      text: encoder.encode(metadataText(spec, names, 'text')),
    },
    caches,
    join(first) {
      if (!merges) return;
      for (const format of ['text', 'openmetrics'] as const) caches[format].join(first.caches[format], first.scope !== scope);
    },
    write(out, format, of, row, generation, cells, cellAt): number {
      return caches[format].write(out, of, row, generation, cells, cellAt);
    },
    cells: cellsOf(family.rowLayout),
    sorted: undefined,
  };
}

/** Of exponential buckets count and sum; exemplars are behind all other cells. */
function cellsOf(layout: RowLayout): number {
  return layout.form === 'exponential' && layout.exemplars === 0 && layout.timestamp === undefined
    ? Math.max(layout.count, layout.sum) + 1
    : layout.cells;
}

function createCaches(family: FamilyView, names: SeriesNames, forAll: ForAll): Readonly<Record<TextFormat, LineCache>> {
  const text = createCache(family, names, 'text', forAll);
  return { text, openmetrics: hasEqualLines(family.rowLayout) ? text : createCache(family, names, 'openmetrics', forAll) };
}

function createCache(family: FamilyView, names: SeriesNames, format: TextFormat, forAll: ForAll): LineCache {
  const { form, exemplars, timestamp } = family.rowLayout;
  const lines = lineShapes(family.spec, names, format);
  const keepsBuckets = form === 'histogram' && timestamp === undefined && (exemplars === 0 || format === 'text');
  const writer = rowWriter(family, format, typeOf(family.spec.kind, names, format), lines.length);
  return new LineCache(family, lines, writer, keepsBuckets, { ...forAll, name: names.series });
}

/** The formats differ in bounds, quantiles, times and exemplars. */
function hasEqualLines(layout: RowLayout): boolean {
  const { form, exemplars, timestamp } = layout;
  return exemplars === 0 && timestamp === undefined && (form === 'number' || (form === 'summary' && layout.quantiles.length === 0));
}
