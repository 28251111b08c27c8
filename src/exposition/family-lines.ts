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
  /** Writes one row and returns how many lines that made. */
  write(out: ByteBuffer, format: TextFormat, family: FamilyView, row: Row, generation: number): number;
  /** The rows of the last sorted rendering, in order, with the members they were sorted for. */
  sorted: SortedRows | undefined;
}

interface SortedRows {
  /** Row and generation in turn, in walk order. */
  readonly members: readonly number[];
  readonly order: readonly Row[];
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
    write(out: ByteBuffer, format: TextFormat, of: FamilyView, row: Row, generation: number): number {
      const cache = caches[format];
      const place = cache.rowAt(of, row, generation);
      return place < 0 ? 0 : writeRow(out, cache, place, of.cells, row * of.stride);
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
      return (out, cache, place, cells, cellAt) => writeHistogramRow(out, cache, place, cells, cellAt, buckets);
    }
    default:
      return writeValueRow;
  }
}
