/**
 * Parts of series that expired: no points, and the entries of `silent-totals.ts` in a field that OTLP does not have, which other
 * versions pass over.
 */
import { ByteSink } from '../../../formats/otlp/wire/byte-sink.ts';
import { lengthOf } from '../../../formats/otlp/wire/protobuf-tags.ts';
import { content, wire } from '../../../formats/otlp/wire/varint.ts';
import type { StatePart } from './state-part.ts';

const field = lengthOf(15);
const none = Object.freeze({ points: 0, times: new Float64Array(0), words: new Int32Array(0), names: [] });

export function silentPart(entries: Uint8Array): StatePart {
  const sink = new ByteSink();
  const opened = sink.open(field);
  sink.reserve(entries.length);
  sink.copy(entries, 0, entries.length);
  sink.close(opened);
  return { ...none, request: sink.take() };
}

export function isSilent({ points, request }: StatePart): boolean {
  return points === 0 && request[0] === field;
}

export function silentIn({ request }: StatePart): Uint8Array {
  const from = content(request, 1, request.length);
  return request.subarray(from, wire.end);
}
