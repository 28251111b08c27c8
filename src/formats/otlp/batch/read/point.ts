/** A point of any type into the index: what the types have in common. A `PointKind` has what differs. */

import { fixedOf } from '../../wire/protobuf-tags.ts';
import { notCanonical, unknown, varint, wire } from '../../wire/varint.ts';
import { pointAt as place } from '../batch-index.ts';
import { attributes } from './attributes.ts';
import { exemplars } from './exemplars.ts';
import type { Reading } from './reading.ts';

export interface PointKind {
  /** Ints of a record. */
  readonly size: number;
  /** For each tag below 128: the column that takes the offset of a field of eight bytes; 0: none. */
  readonly fixed: Uint8Array;
  readonly attribute: number;
  /** -1: no exemplars. */
  readonly exemplar: number;
  readonly flags: number;
  /** All field numbers, for `unknown`. */
  readonly known: number;
  /**
   * Reads a field that is none of the above, the record being at `reading.length`. The offset after it, `notCanonical`, or
   * `other` for a field that it does not know.
   */
  readonly field: (reading: Reading, tag: number, at: number, to: number) => number;
  /** Rejects a record that is invalid. */
  readonly check: (reading: Reading) => void;
}

export const other = -2;
/** Bytes of a point whose fields are counted. */
const longPoint = 262_144;

/** Columns for `PointKind.fixed`, those of the times included. */
export function fixedFields(columns: Readonly<Record<number, number>>): Uint8Array {
  const table = new Uint8Array(128);
  table[fixedOf(2)] = place.start;
  table[fixedOf(3)] = place.time;
  for (const [field, column] of Object.entries(columns)) table[fixedOf(Number(field))] = column;
  return table;
}

/** False: not in regular form, or no protobuf. */
export function point(reading: Reading, kind: PointKind, from: number, to: number): boolean {
  reading.room(kind.size);
  reading.parts = 0;
  const { index, length } = reading;
  for (let column = 2; column < kind.size; column++) index[length + column] = 0;
  index[length + place.from] = from;
  index[length + place.to] = to;
  if (to - from > longPoint) countFields(reading, from, to);
  if (!walk(reading, kind, from, to)) return false;
  kind.check(reading);
  if (!reading.refused) reading.length = length + kind.size;
  return true;
}

/** So that no field that may occur once occurs a million times. */
function countFields(reading: Reading, from: number, to: number): void {
  for (let at = from; at < to && at !== notCanonical; at = unknown(reading.bytes, at, to, 0)) reading.part(at);
  reading.parts = 0;
}

function walk(reading: Reading, kind: PointKind, from: number, to: number): boolean {
  const { bytes, index, length } = reading;
  const { fixed, attribute, exemplar } = kind;
  let at = from;
  while (at < to) {
    const tag = bytes[at] as number;
    const column = tag < 128 ? (fixed[tag] as number) : 0;
    if (column !== 0) {
      index[length + column] = at + 1;
      at += 9;
      continue;
    }
    if (tag === attribute) {
      if (index[length + place.attributesTo] !== 0) return false;
      index[length + place.attributesFrom] = at;
      at = attributes(reading, at, to, tag);
      index[length + place.attributesTo] = at;
    } else at = tag === exemplar ? examples(reading, tag, at, to) : rest(reading, kind, tag, at, to);
    if (at === notCanonical) return false;
  }
  return at === to;
}

function examples(reading: Reading, tag: number, from: number, to: number): number {
  const { index, length } = reading;
  if (index[length + place.exemplarsTo] !== 0) return notCanonical;
  const at = exemplars(reading, from, to, tag);
  index[length + place.exemplarsFrom] = from;
  index[length + place.exemplarsTo] = at;
  return at;
}

function rest(reading: Reading, kind: PointKind, tag: number, from: number, to: number): number {
  if (tag === kind.flags) {
    reading.part(from);
    const at = varint(reading.bytes, from + 1, to);
    reading.index[reading.length + place.flags] = wire.low;
    return at;
  }
  const at = kind.field(reading, tag, from, to);
  return at === other ? reading.skip(from, to, kind.known) : at;
}
