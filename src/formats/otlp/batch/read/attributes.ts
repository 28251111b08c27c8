/** `KeyValue` and `AnyValue` of common.proto, read to be checked. False: not in regular form, or no protobuf. */

import { isAscii } from '../../wire/ascii.ts';
import { fixedOf, lengthOf, valueTags as tags } from '../../wire/protobuf-tags.ts';
import { content, fields, notCanonical, varint, wire } from '../../wire/varint.ts';
import type { Reading } from './reading.ts';

/** Values within values, the outermost counted: what lies deeper is not read. */
export const deepest = 64;

const KEY = lengthOf(1);
const VALUE = lengthOf(2);
const ITEM = lengthOf(1);
const STRING = tags.string;
const BOOL = tags.bool;
const INT = tags.int;
const DOUBLE = fixedOf(4);
const ARRAY = lengthOf(5);
const MAP = lengthOf(6);
const BYTES = lengthOf(7);
const pairFields = fields(1, 2);
const valueFields = fields(1, 2, 3, 4, 5, 6, 7);
const listFields = fields(1);

/** All attributes that stand one after the other, from the first one's tag. Returns the offset after them, or `notCanonical`. */
export function attributes(reading: Reading, from: number, to: number, tag: number): number {
  const plain = plainAttributes(reading, from, to, tag);
  return plain === notCanonical ? anyAttributes(reading, from, to, tag) : plain;
}

/**
 * Short keys and short strings, all ASCII: what almost all attributes are. Tags and lengths are ASCII then, too, so that one look
 * at all bytes is enough.
 */
function plainAttributes(reading: Reading, from: number, to: number, tag: number): number {
  const { bytes, short } = reading;
  let at = from;
  let count = 0;
  while (at < to && bytes[at] === tag && count <= reading.attributes) {
    const size = bytes[at + 1] as number;
    const end = at + 2 + size;
    if (size < 6 || size > short || end > to || bytes[at + 2] !== KEY) return notCanonical;
    const value = at + 4 + (bytes[at + 3] as number);
    if (value + 4 > end || bytes[value] !== VALUE || bytes[value + 2] !== STRING) return notCanonical;
    if (bytes[value + 1] !== end - value - 2 || bytes[value + 3] !== end - value - 4) return notCanonical;
    at = end;
    count++;
  }
  return count <= reading.attributes && isAscii(bytes, reading.view, from, at) ? at : notCanonical;
}

function anyAttributes(reading: Reading, from: number, to: number, tag: number): number {
  const { bytes } = reading;
  let at = from;
  let count = 0;
  while (at < to && bytes[at] === tag) {
    const pairFrom = content(bytes, at + 1, to);
    if (pairFrom === notCanonical) return notCanonical;
    reading.part(at);
    at = wire.end;
    if (!pair(reading, pairFrom, at, 0)) return notCanonical;
    count++;
  }
  if (count > reading.attributes) reading.refuse(`got ${count} attributes; at most ${reading.attributes} (--max-attributes)`);
  return at;
}

function pair(reading: Reading, from: number, to: number, depth: number): boolean {
  const { bytes } = reading;
  let hasKey = false;
  let hasValue = false;
  for (let at = from; at < to; ) {
    const tag = bytes[at] as number;
    if (tag !== KEY && tag !== VALUE) {
      at = reading.skip(at, to, pairFields);
      if (at === notCanonical) return false;
      continue;
    }
    const start = content(bytes, at + 1, to);
    if (start === notCanonical || (tag === KEY ? hasKey : hasValue)) return false;
    at = wire.end;
    if (tag === KEY) {
      hasKey = true;
      reading.text(start, at, "an attribute's name");
    } else {
      hasValue = true;
      if (!value(reading, start, at, depth + 1)) return false;
    }
  }
  return true;
}

/** An `AnyValue`. */
function value(reading: Reading, from: number, to: number, depth: number): boolean {
  if (depth > deepest) return false;
  const { bytes } = reading;
  let seen = false;
  for (let at = from; at < to; ) {
    const tag = bytes[at] as number;
    const next = member(reading, tag, at, to, depth);
    if (next === undefined) at = reading.skip(at, to, valueFields);
    else if (seen) return false;
    else {
      seen = true;
      at = next;
    }
    if (at === notCanonical) return false;
  }
  return true;
}

/** The offset after a member of the `oneof`; undefined for any other field. */
function member(reading: Reading, tag: number, at: number, to: number, depth: number): number | undefined {
  const { bytes } = reading;
  if (tag === BOOL || tag === INT) return varint(bytes, at + 1, to);
  if (tag === DOUBLE) return at + 9 > to ? notCanonical : at + 9;
  if (tag !== STRING && tag !== ARRAY && tag !== MAP && tag !== BYTES) return undefined;
  const start = content(bytes, at + 1, to);
  if (start === notCanonical) return notCanonical;
  const { end } = wire;
  if (tag === STRING) reading.text(start, end, "an attribute's value");
  else if (depth === 1 && end - start > reading.valueBytes) reading.text(start, end, "an attribute's value");
  return (tag === ARRAY || tag === MAP) && !items(reading, start, end, depth, tag === MAP) ? notCanonical : end;
}

function items(reading: Reading, from: number, to: number, depth: number, isMap: boolean): boolean {
  const { bytes } = reading;
  for (let at = from; at < to; ) {
    if (bytes[at] !== ITEM) {
      at = reading.skip(at, to, listFields);
      if (at === notCanonical) return false;
      continue;
    }
    const start = content(bytes, at + 1, to);
    if (start === notCanonical) return false;
    reading.element(at);
    reading.part(at);
    at = wire.end;
    if (!(isMap ? pair(reading, start, at, depth) : value(reading, start, at, depth + 1))) return false;
  }
  return true;
}
