/**
 * A point's attributes as a set, in bytes: `KeyValue` fields of protobuf one behind the other, each a tag of one byte, a length
 * and its content. Senders may order them as they like ("Attributes ... MUST NOT be interpreted as ordered", OpenTelemetry
 * specification, Common), so what is worked out here is the same for every order. The bytes were validated when the batch was
 * read.
 */

import { hashBytes } from '../../../core/tables/keyed-hash.ts';
import { sameBytes } from '../../../formats/otlp/wire/same-bytes.ts';

/** The offsets of the content and of the next field, for the field that was skipped last: two numbers without an object. */
const step = { content: 0, end: 0 };

function stepOver(view: DataView, at: number): void {
  let length = 0;
  let from = at + 1;
  for (let shift = 0; ; shift += 7) {
    const byte = view.getUint8(from++);
    length |= (byte & 127) << shift;
    if (byte < 128) break;
  }
  step.content = from;
  step.end = from + length;
}

/** The same for each order of the same attributes: what each one hashes to adds up. */
export function hashAttributes(view: DataView, at: number, end: number): number {
  let sum = 0;
  for (let from = at; from < end; from = step.end) {
    stepOver(view, from);
    sum = (sum + hashBytes(view, step.content, step.end)) | 0;
  }
  return sum;
}

/**
 * Whether `length` bytes here and there are the same attributes, in whatever order. Linear but for a sort of at most as many as a
 * point may have.
 */
export function sameAttributes(one: DataView, oneAt: number, other: DataView, otherAt: number, length: number): boolean {
  const ones = sortedFields(one, oneAt, oneAt + length);
  const others = sortedFields(other, otherAt, otherAt + length);
  if (ones.length !== others.length) return false;
  return ones.every(({ at, end, hash }, index) => {
    const match = others[index] as Field;
    return hash === match.hash && end - at === match.end - match.at && sameBytes(one, at, other, match.at, end - at);
  });
}

interface Field {
  readonly at: number;
  readonly end: number;
  readonly hash: number;
}

/** By their hashes: at worst a pair with equal hashes counts as two series, never two series as one. */
function sortedFields(view: DataView, at: number, end: number): readonly Field[] {
  const fields: Field[] = [];
  for (let from = at; from < end; from = step.end) {
    stepOver(view, from);
    fields.push({ at: step.content, end: step.end, hash: hashBytes(view, step.content, step.end) });
  }
  return fields.sort((a, b) => a.hash - b.hash || a.end - a.at - (b.end - b.at));
}
