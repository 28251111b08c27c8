/** Writes one row as an object: its labels, and what its kind has. The hot loop of a rendering. */
import { exemplarAt, type FamilyView, type RowLayout, startOf } from '../../../../core/store/index.ts';
import type { ByteBuffer } from '../bytes/byte-buffer.ts';
import type { ExemplarLabels } from '../exemplar-labels.ts';
import type { RowWriter } from '../rows/write-row.ts';
import { mostExemplar, putExemplar } from './exemplar.ts';
import { mostNumber, type Piece, piece, put, putNumber } from './pieces.ts';

/** What a row has behind its labels. */
interface Values {
  /** Bytes at most. */
  readonly most: number;
  /** Samples that a row shows. */
  readonly samples: number;
  /** There is room for it. False: the row is not shown. */
  write(out: ByteBuffer, cells: Float64Array, cellAt: number): boolean;
}

export interface JsonRow {
  readonly writer: RowWriter;
  /** Bytes of a row at most, besides its labels. */
  readonly most: number;
}

const valueKey = piece(',"value":');
const sumKey = piece(',"sum":');
const countKey = piece(',"count":');
const listEnd = piece(']');
const createdKey = piece(',"created":');
const timestampKey = piece(',"timestamp":');
const end = piece('}');
const msASecond = 1_000;
const none = -1;
const mostTotals = sumKey.length + countKey.length + 2 * mostNumber;

export function jsonRow(family: FamilyView, exemplarLabels: ExemplarLabels): JsonRow {
  const values = valuesOf(family, exemplarLabels);
  const { timestamp } = family.rowLayout;
  const most = values.most + createdKey.length + timestampKey.length + 2 * mostNumber + end.length;

  const writer: RowWriter = (out, labels, cells, cellAt, family, row) => {
    labels.reserve(out, most);
    const from = out.length;
    labels.append(out, 0);
    if (!values.write(out, cells, cellAt)) {
      out.length = from;
      return 0;
    }
    // Cells that are not the family's were gathered for sorting, and the row's start is behind them (`row-order.ts`).
    putTime(out, createdKey, cells === family.cells ? startOf(family, row) : (cells[cellAt + family.stride] as number));
    if (timestamp !== undefined) putTime(out, timestampKey, cells[cellAt + timestamp] as number);
    put(out, end);
    return values.samples;
  };
  return { writer, most };
}

/** Seconds since the epoch; 0 is unknown, and nothing is written. */
function putTime(out: ByteBuffer, key: Piece, timeMs: number): void {
  if (!(timeMs > 0)) return;
  put(out, key);
  putNumber(out, timeMs / msASecond);
}

function valuesOf(family: FamilyView, exemplarLabels: ExemplarLabels): Values {
  const { rowLayout, spec } = family;
  switch (rowLayout.form) {
    case 'number':
      return numberValues(rowLayout, spec.kind === 'counter', exemplarLabels);
    case 'summary':
      return summaryValues(rowLayout);
    case 'histogram':
      return histogramValues(rowLayout, exemplarLabels);
    case 'exponential':
      return exponentialValues(rowLayout);
  }
}

/** A counter that is NaN or negative is not shown, as in text. */
function numberValues(layout: Extract<RowLayout, { form: 'number' }>, counts: boolean, exemplarLabels: ExemplarLabels): Values {
  const exemplar = counts && layout.exemplars > 0 ? exemplarAt(layout, 0) : none;
  return {
    most: valueKey.length + mostNumber + mostExemplar(layout),
    samples: 1,
    write(out, cells, cellAt) {
      const value = cells[cellAt] as number;
      if (counts && !(value >= 0)) return false;
      put(out, valueKey);
      putNumber(out, value);
      if (exemplar !== none) putExemplar(out, cells, cellAt + exemplar, exemplarLabels);
      return true;
    },
  };
}

function putTotals(out: ByteBuffer, sum: number, count: number): void {
  put(out, sumKey);
  putNumber(out, sum);
  putCount(out, count);
}

function putCount(out: ByteBuffer, count: number): void {
  put(out, countKey);
  putNumber(out, count);
}

/** An entry of a list up to its number. */
function entry(at: number, list: string, key: string, bound: number, value: string): Piece {
  const text = Number.isFinite(bound) ? String(bound) : '"+Inf"';
  return piece(`${at === 0 ? `,"${list}":[` : ','}{"${key}":${text},"${value}":`);
}

const lengthOf = (pieces: readonly Piece[]): number => pieces.reduce((sum, { length }) => sum + length, 0);

function summaryValues({ count, sum, quantiles, firstQuantile }: Extract<RowLayout, { form: 'summary' }>): Values {
  const entries = quantiles.map((quantile, at) => entry(at, 'quantiles', 'quantile', quantile, 'value'));
  return {
    most: lengthOf(entries) + entries.length * (mostNumber + end.length) + listEnd.length + mostTotals,
    samples: quantiles.length + 2,
    write(out, cells, cellAt) {
      for (let index = 0; index < entries.length; index++) {
        put(out, entries[index] as Piece);
        putNumber(out, cells[cellAt + firstQuantile + index] as number);
        put(out, end);
      }
      if (entries.length > 0) put(out, listEnd);
      putTotals(out, cells[cellAt + sum] as number, cells[cellAt + count] as number);
      return true;
    },
  };
}

function histogramValues(layout: Extract<RowLayout, { form: 'histogram' }>, exemplarLabels: ExemplarLabels): Values {
  const { bounds, buckets, sum, hasSum } = layout;
  const entries = Array.from({ length: buckets }, (_, at) =>
    entry(at, 'buckets', 'le', bounds[at] ?? Number.POSITIVE_INFINITY, 'count'),
  );
  const hasExemplars = layout.exemplars > 0;
  const perBucket = mostNumber + end.length + (hasExemplars ? mostExemplar(layout) : 0);
  return {
    most: lengthOf(entries) + buckets * perBucket + listEnd.length + mostTotals,
    samples: buckets + (hasSum ? 2 : 1),
    write(out, cells, cellAt) {
      let count = 0;
      for (let index = 0; index < buckets; index++) {
        count += cells[cellAt + index] as number;
        put(out, entries[index] as Piece);
        putNumber(out, count);
        if (hasExemplars) putExemplar(out, cells, cellAt + exemplarAt(layout, index), exemplarLabels);
        put(out, end);
      }
      put(out, listEnd);
      if (hasSum) putTotals(out, cells[cellAt + sum] as number, count);
      else putCount(out, count);
      return true;
    },
  };
}

/** Buckets that no text format has either: one for all. */
function exponentialValues({ count, sum }: Extract<RowLayout, { form: 'exponential' }>): Values {
  const all = entry(0, 'buckets', 'le', Number.POSITIVE_INFINITY, 'count');
  return {
    most: all.length + mostNumber + end.length + listEnd.length + mostTotals,
    samples: 3,
    write(out, cells, cellAt) {
      const total = cells[cellAt + count] as number;
      put(out, all);
      putNumber(out, total);
      put(out, end);
      put(out, listEnd);
      putTotals(out, cells[cellAt + sum] as number, total);
      return true;
    },
  };
}
