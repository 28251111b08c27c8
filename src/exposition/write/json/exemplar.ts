/** Exemplars: the ids of their spans, their value, and their time in seconds since the epoch. */
import { readExemplar } from '../../../store/index.ts';
import type { ByteBuffer } from '../bytes/byte-buffer.ts';
import { mostNumber, piece, put, putNumber } from './pieces.ts';

const [traceDigits, spanDigits] = [32, 16];
const msASecond = 1_000;
const timestampKey = piece(',"timestamp":');
const end = piece('}');
const mostHead = `,"exemplar":{"labels":{"trace_id":"${'0'.repeat(traceDigits)}","span_id":"${'0'.repeat(spanDigits)}"},"value":`.length;
export const mostExemplar = mostHead + timestampKey.length + 2 * mostNumber + end.length;

/** Writes the exemplar at `at`, if there is one. There is room for it. */
export function putExemplar(out: ByteBuffer, cells: Float64Array, at: number): void {
  const exemplar = readExemplar(cells, at);
  if (exemplar === undefined) return;
  const { traceId, spanId, value, timeMs } = exemplar;
  const trace = traceId === undefined ? [] : [`"trace_id":"${traceId}"`];
  const labels = spanId === undefined ? trace : [...trace, `"span_id":"${spanId}"`];
  out.appendExactly(`,"exemplar":{"labels":{${labels.join()}},"value":`);
  putNumber(out, value);
  if (timeMs > 0) {
    put(out, timestampKey);
    putNumber(out, timeMs / msASecond);
  }
  put(out, end);
}
