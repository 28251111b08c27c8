/** Rows whose lines carry exemplars: OpenMetrics only, behind a counter's `_total` and behind buckets (OpenMetrics 1.0, "Exemplars"). */
import { exemplarAt, type FamilyView, readExemplar, type StoredExemplar } from '../../store/index.ts';
import type { ByteBuffer } from './byte-buffer.ts';
import { numberBytes, writeNumber } from './number.ts';
import { plainRowWriter, type RowWriter, reserveLines, writeLine, writeTotals } from './write-row.ts';

const space = 0x20;
const lineFeed = 0x0a;
const labelBytes = ` # {trace_id="${'0'.repeat(32)}",span_id="${'0'.repeat(16)}"} `.length;
const exemplarBytes = labelBytes + 2 * (numberBytes + 1);

const encoder = new TextEncoder();

export function exemplarRowWriter(family: FamilyView): RowWriter {
  const { rowLayout } = family;
  const first = exemplarAt(rowLayout, 0);
  if (rowLayout.form === 'exponential') {
    const { count, sum } = rowLayout;
    return (out, segment, place, cells, cellAt) => {
      reserveLines(out, segment, place, exemplarBytes);
      writeLine(out, segment, place, cells[cellAt + count] as number);
      writeExemplar(out, cells, cellAt + first);
      return writeTotals(out, segment, place + 1, 1, cells[cellAt + sum] as number, cells[cellAt + count] as number);
    };
  }
  if (rowLayout.form !== 'histogram') {
    const write = plainRowWriter(family);
    return (out, segment, place, cells, cellAt) => {
      reserveLines(out, segment, place, exemplarBytes);
      const lines = write(out, segment, place, cells, cellAt);
      if (lines > 0) writeExemplar(out, cells, cellAt + first);
      return lines;
    };
  }
  const { buckets, sum } = rowLayout;
  return (out, segment, place, cells, cellAt) => {
    reserveLines(out, segment, place, buckets * exemplarBytes);
    let count = 0;
    for (let bucket = 0; bucket < buckets; bucket++) {
      count += cells[cellAt + bucket] as number;
      writeLine(out, segment, place + bucket, count);
      writeExemplar(out, cells, cellAt + exemplarAt(rowLayout, bucket));
    }
    return writeTotals(out, segment, place + buckets, buckets, cells[cellAt + sum] as number, count);
  };
}

/** Goes on with the line that was written last. There is room for it. */
function writeExemplar(out: ByteBuffer, cells: Float64Array, at: number): void {
  const exemplar = readExemplar(cells, at);
  if (exemplar === undefined) return;
  const { bytes } = out;
  const end = out.length - 1;
  const labels = ` # {${exemplarLabels(exemplar)}} `;
  encoder.encodeInto(labels, bytes.subarray(end));
  let place = writeNumber(bytes, end + labels.length, exemplar.value);
  if (exemplar.timeMs !== 0) {
    bytes[place++] = space;
    place = writeNumber(bytes, place, exemplar.timeMs / 1_000);
  }
  bytes[place] = lineFeed;
  out.length = place + 1;
}

/** What is known of its span: "The LabelSet MAY be empty" is how OpenMetrics' grammar reads, and a Collector writes `{}` too. */
function exemplarLabels({ traceId, spanId }: StoredExemplar): string {
  const trace = traceId === undefined ? '' : `trace_id="${traceId}"`;
  if (spanId === undefined) return trace;
  return `${trace === '' ? '' : `${trace},`}span_id="${spanId}"`;
}
