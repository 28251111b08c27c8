/** Exemplars: their labels, the ids of their spans first, their value, and their time in seconds since the epoch. */
import { type RowLayout, readExemplar } from '../../../../core/store/index.ts';
import type { ByteBuffer } from '../bytes/byte-buffer.ts';
import { type ExemplarLabels, mostLabelBytes } from '../exemplar-labels.ts';
import { mostNumber, piece, put, putNumber } from './pieces.ts';

const [traceDigits, spanDigits] = [32, 16];
const msASecond = 1_000;
const timestampKey = piece(',"timestamp":');
const end = piece('}');
const mostHead = `,"exemplar":{"labels":{"trace_id":"${'0'.repeat(traceDigits)}","span_id":"${'0'.repeat(spanDigits)}"},"value":`
  .length;
/** `"":"",`. */
const aroundLabel = 6;
/** A control character is `\\u0001`. */
const mostEscaped = 6;

/** Bytes of one of a row at most. */
export function mostExemplar(layout: RowLayout): number {
  return mostHead + mostLabelBytes(layout, aroundLabel, mostEscaped) + timestampKey.length + 2 * mostNumber + end.length;
}

/** Writes the exemplar at `at`, if there is one. There is room for it. */
export function putExemplar(out: ByteBuffer, cells: Float64Array, at: number, labelsOf: ExemplarLabels): void {
  const exemplar = readExemplar(cells, at);
  if (exemplar === undefined) return;
  const { value, timeMs } = exemplar;
  const labels = labelsOf(exemplar).map(([name, text]) => `${JSON.stringify(name)}:${JSON.stringify(text)}`);
  out.appendExactly(`,"exemplar":{"labels":{${labels.join()}},"value":`);
  putNumber(out, value);
  if (timeMs > 0) {
    put(out, timestampKey);
    putNumber(out, timeMs / msASecond);
  }
  put(out, end);
}
