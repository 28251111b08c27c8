/** Exemplars: OpenMetrics only, behind a counter's `_total` and behind buckets (OpenMetrics 1.0, "Exemplars"). */

import { numberBytes, writeNumber } from '../../../../core/numbers/write-number.ts';
import { type RowLayout, readExemplar } from '../../../../core/store/index.ts';
import type { ByteBuffer } from '../bytes/byte-buffer.ts';
import { escapeLabelValue, quotedLabel } from '../bytes/escape.ts';
import { type ExemplarLabels, mostLabelBytes } from '../exemplar-labels.ts';

const space = 0x20;
const lineFeed = 0x0a;
const idBytes = ` # {trace_id="${'0'.repeat(32)}",span_id="${'0'.repeat(16)}"} `.length;
/** `,`, `=` and four quotes. */
const aroundLabel = 6;
/** A name may be escaped as `_2e_`, a value as `\\`. */
const mostEscaped = 4;

/** Bytes of an exemplar of a row at most. */
export function exemplarBytes(layout: RowLayout): number {
  return idBytes + mostLabelBytes(layout, aroundLabel, mostEscaped) + 2 * (numberBytes + 1);
}

const encoder = new TextEncoder();

/**
 * Continues the line that was written last. The capacity is reserved. Without labels it is `{}`, which OpenMetrics' grammar
 * allows.
 */
export function appendExemplar(out: ByteBuffer, cells: Float64Array, at: number, labelsOf: ExemplarLabels): void {
  const exemplar = readExemplar(cells, at);
  if (exemplar === undefined) return;
  const { bytes } = out;
  const end = out.length - 1;
  const labels = labelsOf(exemplar).map(([name, value]) => `${quotedLabel(name)}="${escapeLabelValue(value)}"`);
  const { written } = encoder.encodeInto(` # {${labels.join(',')}} `, bytes.subarray(end));
  let slot = writeNumber(bytes, end + written, exemplar.value);
  if (exemplar.timeMs !== 0) {
    bytes[slot++] = space;
    slot = writeNumber(bytes, slot, exemplar.timeMs / 1_000);
  }
  bytes[slot] = lineFeed;
  out.length = slot + 1;
}
