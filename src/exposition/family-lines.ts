/** What exposition keeps of a family between renderings: its names, its metadata lines and its line cache, for each format. */
import type { Strategy } from '../naming/index.ts';
import type { FamilyView, Row } from '../store/index.ts';
import type { ByteBuffer } from './byte-buffer.ts';
import type { TextFormat } from './format.ts';
import { LineCache } from './line-cache.ts';
import { lineShapes } from './line-shape.ts';
import { metadataText } from './metadata.ts';
import { type SeriesNames, seriesNames } from './series-name.ts';
import { type RowWriter, writeCounterRow, writeHistogramRow, writeSummaryRow, writeValueRow } from './write-row.ts';

export interface FamilyLines {
  readonly names: SeriesNames;
  readonly metadata: Readonly<Record<TextFormat, Uint8Array>>;
  /** One object for both formats where their lines are equal. */
  readonly caches: Readonly<Record<TextFormat, LineCache>>;
  /** Writes one row, its cells from `cellAt` on, and returns how many lines that made. */
  write(out: ByteBuffer, format: TextFormat, family: FamilyView, row: Row, generation: number, cells: Float64Array, cellAt: number): number;
  /** The order of the last sorted rendering. */
  sorted: SortedRows | undefined;
}

export interface SortedRows {
  /** Row and generation in turn, in walk order. */
  readonly members: readonly number[];
  /** Which of the members comes first, second, and so on. */
  readonly order: readonly number[];
}

export function createFamilyLines(family: FamilyView, strategy: Strategy): FamilyLines {
  const { spec } = family;
  const names = seriesNames(spec, strategy);
  const caches = createCaches(family, names);
  const writeRow = rowWriter(family);
  const encoder = new TextEncoder();

  return {
    names,
    metadata: {
      openmetrics: encoder.encode(metadataText(spec, names, 'openmetrics')),
      text: encoder.encode(metadataText(spec, names, 'text')),
    },
    caches,
    write(out, format, of, row, generation, cells, cellAt): number {
      const segment = caches[format].segmentOf(of, row, generation);
      return segment === undefined ? 0 : writeRow(out, segment, segment.place(row), cells, cellAt);
    },
    sorted: undefined,
  };
}

function createCaches(family: FamilyView, names: SeriesNames): Readonly<Record<TextFormat, LineCache>> {
  const text = new LineCache(family, lineShapes(family.spec, names, 'text'));
  const bucketed = family.spec.kind === 'histogram' || family.spec.kind === 'gaugehistogram';
  return { text, openmetrics: bucketed ? new LineCache(family, lineShapes(family.spec, names, 'openmetrics')) : text };
}

function rowWriter(family: FamilyView): RowWriter {
  switch (family.spec.kind) {
    case 'counter':
      return writeCounterRow;
    case 'summary':
      return writeSummaryRow;
    case 'histogram':
    case 'gaugehistogram': {
      const buckets = family.stride - 1;
      return (out, segment, place, cells, cellAt) => writeHistogramRow(out, segment, place, cells, cellAt, buckets);
    }
    default:
      return writeValueRow;
  }
}
