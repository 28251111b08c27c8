/** Exemplars: OpenMetrics only, behind a counter's `_total` and behind buckets (OpenMetrics 1.0, "Exemplars"). */

import { numberBytes, writeNumber } from '../../../numbers/write-number.ts';
import { readExemplar, type StoredExemplar } from '../../../store/index.ts';
import type { ByteBuffer } from '../bytes/byte-buffer.ts';

const space = 0x20;
const lineFeed = 0x0a;
const labelBytes = ` # {trace_id="${'0'.repeat(32)}",span_id="${'0'.repeat(16)}"} `.length;
export const exemplarBytes = labelBytes + 2 * (numberBytes + 1);

const encoder = new TextEncoder();

/** Continues the line that was written last. The capacity is reserved. */
export function appendExemplar(out: ByteBuffer, cells: Float64Array, at: number): void {
  const exemplar = readExemplar(cells, at);
  if (exemplar === undefined) return;
  const { bytes } = out;
  const end = out.length - 1;
  const labels = ` # {${exemplarLabels(exemplar)}} `;
  encoder.encodeInto(labels, bytes.subarray(end));
  let slot = writeNumber(bytes, end + labels.length, exemplar.value);
  if (exemplar.timeMs !== 0) {
    bytes[slot++] = space;
    slot = writeNumber(bytes, slot, exemplar.timeMs / 1_000);
  }
  bytes[slot] = lineFeed;
  out.length = slot + 1;
}

/** The ids of its span. Without any it is `{}`, which OpenMetrics' grammar allows and a Collector writes too. */
function exemplarLabels({ traceId, spanId }: StoredExemplar): string {
  const trace = traceId === undefined ? [] : [`trace_id="${traceId}"`];
  return (spanId === undefined ? trace : [...trace, `span_id="${spanId}"`]).join(',');
}
