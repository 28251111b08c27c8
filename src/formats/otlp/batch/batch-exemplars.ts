/** The exemplars of a point, one after the other, into an object that serves all. */

import { fixedOf, lengthOf } from '../wire/protobuf-tags.ts';
import { content, unknown, wire } from '../wire/varint.ts';
import type { Batch } from './batch.ts';
import { doubleAt, intAt } from './batch-values.ts';

/** Offsets as in `batch-index.ts`: 0 is a field that is absent. An id that is empty is absent. */
export interface ExemplarOffsets {
  value: number;
  /** Those of the value; the last one of the two counts. */
  double: number;
  int: number;
  /** Eight bytes, nanoseconds. */
  time: number;
  /** 16 bytes. */
  traceId: number;
  /** Eight bytes. */
  spanId: number;
  attributesFrom: number;
  attributesTo: number;
}

export function exemplarOffsets(): ExemplarOffsets {
  return { value: 0, double: 0, int: 0, time: 0, traceId: 0, spanId: 0, attributesFrom: 0, attributesTo: 0 };
}

/**
 * Reads the exemplar at `at`, which is a point's `exemplarsFrom` or what the last call returned, until it is `exemplarsTo`. A
 * value that is not set is NaN. Returns the offset after it.
 */
export function readExemplar(batch: Batch, at: number, into: ExemplarOffsets): number {
  const { bytes } = batch;
  let inner = content(bytes, at + 1, bytes.length);
  const { end } = wire;
  into.value = Number.NaN;
  into.double = into.int = into.time = into.traceId = into.spanId = into.attributesFrom = into.attributesTo = 0;
  while (inner < end) inner = readField(batch, inner, end, into);
  if (into.double > into.int) into.value = doubleAt(batch, into.double, 0);
  else if (into.int !== 0) into.value = intAt(batch, into.int);
  return end;
}

function readField({ bytes }: Batch, at: number, to: number, into: ExemplarOffsets): number {
  const tag = bytes[at] as number;
  if (tag === fixedOf(2)) into.time = at + 1;
  else if (tag === fixedOf(3)) into.double = at + 1;
  else if (tag === fixedOf(6)) into.int = at + 1;
  else if (tag !== lengthOf(4) && tag !== lengthOf(5) && tag !== lengthOf(7)) return unknown(bytes, at, to, 0);
  else {
    const from = content(bytes, at + 1, to);
    if (tag === lengthOf(7)) {
      if (into.attributesFrom === 0) into.attributesFrom = at;
      into.attributesTo = wire.end;
    } else if (tag === lengthOf(4)) into.spanId = wire.end === from ? 0 : from;
    else into.traceId = wire.end === from ? 0 : from;
    return wire.end;
  }
  return at + 9;
}
