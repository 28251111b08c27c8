/** What exposition keeps of a family between renderings: its names, its metadata lines and its line cache, for each format. */
import { type SeriesNames, type Strategy, seriesNames } from '../../../../core/naming/index.ts';
import type { FamilyView, RowLayout } from '../../../../core/store/index.ts';
import { type ExpositionFormat, isText, type TextFormat } from '../../format.ts';
import type { KeptBytes } from '../bytes/kept-bytes.ts';
import { createExemplarLabels, type ExemplarLabels } from '../exemplar-labels.ts';
import { familyHead as jsonHead } from '../json/family-head.ts';
import { jsonForm, jsonSizes } from '../json/json-form.ts';
import type { NameRules } from '../name-rules.ts';
import { familyHead } from '../protobuf/metric-family.ts';
import { metricSizes } from '../protobuf/metric-sizes.ts';
import { protobufForm } from '../protobuf/protobuf-form.ts';
import type { Remarks } from '../remarks.ts';
import { RowSizes } from '../rows/row-sizes.ts';
import { createdWriter, mayHaveCreated } from '../rows/write-created.ts';
import { rowWriter, summaryInPartWriter } from '../rows/write-extended-row.ts';
import { powersRowWriter } from '../rows/write-powers.ts';
import type { RowWriter } from '../rows/write-row.ts';
import { strictWriter } from '../rows/write-strict.ts';
import { typedWriter } from '../rows/write-typed.ts';
import { LineCache } from './line-cache.ts';
import { type LineLengths, lineLengths } from './line-lengths.ts';
import { LineParts } from './line-parts.ts';
import { hasTotals, lineShapes, totalLines } from './line-shape.ts';
import { isTyped, metadataText, typeOf } from './metadata.ts';
import { nameOfScope, scopeLabels } from './scope-labels.ts';
import { textForm } from './text-form.ts';

export interface FamilyLines {
  /** The family's, as its metadata has it. */
  readonly help: string;
  readonly names: SeriesNames;
  /** In OpenMetrics. */
  readonly type: string;
  /** The scope's labels as text: families of one name and another scope are shown together, those of one scope are not. */
  readonly scope: string;
  /** A contract declares it. */
  readonly contracted: boolean;
  /** Its source's scope, for messages. */
  readonly from: string;
  /** Its name, as it is written or ahead of escaping, is among these. */
  isOneOf(series: ReadonlySet<string>): boolean;
  /** What comes before its rows. */
  metadata(format: ExpositionFormat): Uint8Array;
  /** Its lines. Made when needed, one object for both text formats where their lines are equal. */
  cache(format: ExpositionFormat): LineCache;
  /** How long its lines are. */
  sizes(format: ExpositionFormat): RowSizes;
  /** Its lines follow those of another family, under that one's name. */
  join(first: FamilyLines): void;
  /** The family has ended, though a rendering that is under way may still use what is here. */
  end(): void;
  readonly ended: boolean;
  /**
   * Its exponential buckets are shown by these powers of two from here on; a rendering that is under way goes on with the ones
   * that it had.
   */
  usePowers(exponents: readonly number[]): void;
  /** Cells of a row that a format shows, from its first on. */
  cells(format: ExpositionFormat): number;
  /** Whether it shows when its rows began. */
  hasStarts(format: ExpositionFormat): boolean;
  /** The order of the last sorted rendering. */
  sorted: SortedRows | undefined;
}

/** What all families of a renderer share. */
export interface ForAll {
  readonly strategy: Strategy;
  readonly namespace: string;
  readonly names: NameRules;
  readonly onConflict?: ((family: string) => void) | undefined;
  readonly room: KeptBytes;
  readonly remarks: Remarks;
  /** OpenMetrics has lines `_created`. */
  readonly created: boolean;
}

export interface SortedRows {
  /** Row and generation in turn, in walk order. */
  readonly members: Int32Array;
  /** Which of the members comes first, second, and so on. */
  readonly order: Int32Array;
}

type Made<T> = Record<ExpositionFormat, T | undefined>;

const nothing = { openmetrics: undefined, text: undefined, protobuf: undefined, json: undefined };

/** Longer ones are made again each time: all that a family keeps is shorter than its part of an exposition. */
const mostMetadata = 1_024;

const unchanged = (name: string): string => name;

export function createFamilyLines(family: FamilyView, forAll: ForAll): FamilyLines {
  const { spec } = family;
  const { strategy, namespace } = forAll;
  const { merges } = forAll.names;
  const names = seriesNames(spec, strategy, namespace, forAll.names.family);
  // Where names merge, groups of one name are distinguished by their labels, as scopes are.
  const scope = merges ? String(family.group) : JSON.stringify(scopeLabels(family));
  const type = typeOf(spec, names, 'openmetrics');
  const hasCreated = (format: ExpositionFormat) => forAll.created && format === 'openmetrics' && mayHaveCreated(family, type);
  const exemplarLabels = createExemplarLabels(forAll.names);
  const encoder = new TextEncoder();
  const metadata: Made<Uint8Array> = { ...nothing };
  const caches: Made<LineCache> = { ...nothing };
  const lengths: Made<LineLengths> = { ...nothing };
  let powers: readonly number[] = [];
  let joined: FamilyLines | undefined;
  let ended = false;

  function headOf(format: ExpositionFormat): Uint8Array {
    if (format === 'protobuf') return familyHead(spec, names);
    return format === 'json' ? jsonHead(spec, names) : encoder.encode(metadataText(spec, names, format));
  }

  function metadataOf(format: ExpositionFormat): Uint8Array {
    const bytes = headOf(format);
    if (bytes.length <= mostMetadata) metadata[format] = bytes;
    return bytes;
  }

  function cacheOf(format: ExpositionFormat): LineCache {
    const isEqual = !hasCreated(format) && !isTyped(spec, names) && hasEqualLines(family.rowLayout);
    const written = format === 'openmetrics' && isEqual ? 'text' : format;
    const created = hasCreated(written);
    const cache = caches[written] ?? createCache(family, names, written, { created, powers }, forAll, exemplarLabels);
    caches[format] = cache;
    caches[written] = cache;
    if (joined !== undefined && !joined.ended) cache.join(joined.cache(format), joined.scope !== scope);
    return cache;
  }

  return {
    help: spec.help,
    names,
    type,
    scope,
    contracted: spec.uncontracted !== true,
    from: nameOfScope(family.source.scope),
    isOneOf: (series) =>
      series.has(names.series) || (merges && series.has(seriesNames(spec, strategy, namespace, unchanged).series)),
    metadata: (format) => metadata[format] ?? metadataOf(format),
    cache: (format) => caches[format] ?? cacheOf(format),
    sizes(format) {
      if (format === 'protobuf') return metricSizes(family, powers, forAll.names, exemplarLabels);
      if (format === 'json') return jsonSizes(family, forAll.names, exemplarLabels);
      const lines = { created: hasCreated(format), powers };
      lengths[format] ??= lineLengths(withPowers(spec, powers), names, format, lines.created);
      const writer = writerOf(family, names, format, lines, lengths[format].count, exemplarLabels);
      return new RowSizes(family, lengths[format], writer, forAll.names);
    },
    join(first) {
      if (!merges || joined === first) return;
      joined = first;
      for (const [format, cache] of Object.entries(caches))
        cache?.join(first.cache(format as ExpositionFormat), first.scope !== scope);
    },
    end() {
      ended = true;
      for (const cache of Object.values(caches)) cache?.end();
    },
    get ended() {
      return ended;
    },
    usePowers(exponents) {
      if (exponents.length === powers.length && exponents.every((exponent, at) => exponent === powers[at])) return;
      powers = exponents;
      for (const cache of Object.values(caches)) cache?.end();
      Object.assign(caches, nothing);
      Object.assign(lengths, nothing);
    },
    cells: (format) => (isText(format) ? textCells(family) : family.rowLayout.cells),
    hasStarts: (format) => !isText(format) || hasCreated(format),
    sorted: undefined,
  };
}

/** Of exponential buckets count and sum, beside those of bounds nothing; exemplars are behind all other cells. */
function textCells({ rowLayout: layout, spec }: FamilyView): number {
  if (layout.exponential === undefined || layout.exemplars > 0 || layout.timestamp !== undefined) return layout.cells;
  if (spec.exponential?.textBuckets !== undefined) return layout.summedCells;
  return layout.form === 'exponential' ? Math.max(layout.count, layout.sum) + 1 : layout.exponential.at;
}

/** Which lines rows have. */
interface Lines {
  /** One of when they began. */
  readonly created: boolean;
  /** Exponents of the powers of two by which exponential buckets are shown; empty: they are not. */
  readonly powers: readonly number[];
}

function withPowers(spec: FamilyView['spec'], powers: readonly number[]): FamilyView['spec'] {
  return powers.length === 0 ? spec : { ...spec, bounds: powers.map((exponent) => 2 ** exponent) };
}

function createCache(
  family: FamilyView,
  names: SeriesNames,
  format: ExpositionFormat,
  lines: Lines,
  forAll: ForAll,
  exemplarLabels: ExemplarLabels,
): LineCache {
  const options = { ...forAll, name: names.series };
  if (format === 'protobuf' || format === 'json') {
    const form = format === 'json' ? jsonForm(family, exemplarLabels) : protobufForm(family, lines.powers, exemplarLabels);
    return new LineCache(family, form, { ...options, names: forAll.names.unquoted ?? forAll.names });
  }
  const { form, exemplars, timestamp } = family.rowLayout;
  const parts = new LineParts(lineShapes(withPowers(family.spec, lines.powers), names, format, lines.created));
  const hasBuckets = form === 'histogram' || lines.powers.length > 0;
  const keepsBuckets = hasBuckets && timestamp === undefined && (exemplars === 0 || format === 'text');
  let isInPart = false;
  const writer = writerOf(family, names, format, lines, parts.count, exemplarLabels, () => {
    isInPart = true;
  });
  const finish = () => {
    const wasInPart = isInPart || (format === 'openmetrics' && family.spec.noSum === true);
    isInPart = false;
    if (!wasInPart) return undefined;
    return isTyped(family.spec, names) ? 'values' : 'totals';
  };
  return new LineCache(family, textForm(family, parts, writer, keepsBuckets, finish), options);
}

/** `onLeftOut` is called for each row of which OpenMetrics does not show everything. */
function writerOf(
  family: FamilyView,
  names: SeriesNames,
  format: TextFormat,
  { created, powers }: Lines,
  count: number,
  exemplarLabels: ExemplarLabels,
  onLeftOut = () => {},
): RowWriter {
  const { rowLayout } = family;
  const values = created ? count - 1 : count;
  const hasPowers = powers.length > 0 && rowLayout.form === 'exponential';
  const type = typeOf(family.spec, names, format);
  const writerOfLines = (lines: number) =>
    hasPowers
      ? powersRowWriter(
          rowLayout,
          powers,
          format === 'openmetrics' && rowLayout.exemplars > 0 ? exemplarLabels : undefined,
          lines,
        )
      : rowWriter(family, format, type, lines, exemplarLabels);
  let writer = writerOfLines(values);
  if (format === 'openmetrics' && isTyped(family.spec, names)) writer = typedWriter(family, writer, onLeftOut);
  else if (format === 'openmetrics' && type === 'summary')
    writer = strictWriter(family, writer, summaryInPartWriter(family), onLeftOut);
  else if (format === 'openmetrics' && type === 'histogram' && hasTotals(family.spec, format))
    writer = strictWriter(family, writer, writerOfLines(values - totalLines), onLeftOut);
  return created ? createdWriter(writer, values, textCells(family)) : writer;
}

/** The formats differ in bounds, quantiles, sums, times and exemplars. */
function hasEqualLines(layout: RowLayout): boolean {
  const { form, exemplars, timestamp } = layout;
  return exemplars === 0 && timestamp === undefined && form === 'number';
}
