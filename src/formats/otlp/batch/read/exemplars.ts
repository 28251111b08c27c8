/** `Exemplar` of metrics.proto, read to be checked. */
import { fixedOf, lengthOf } from '../../wire/protobuf-tags.ts';
import { content, fields, notCanonical, wire } from '../../wire/varint.ts';
import { attributes } from './attributes.ts';
import type { Reading } from './reading.ts';

const TIME = fixedOf(2);
const DOUBLE = fixedOf(3);
const SPAN = lengthOf(4);
const TRACE = lengthOf(5);
const INT = fixedOf(6);
const ATTRIBUTE = lengthOf(7);
const known = fields(2, 3, 4, 5, 6, 7);
/** Bytes of an id. None is an id that is not set. */
export const idBytes = { span: 8, trace: 16 } as const;

/** All exemplars that stand one after the other, from the first one's tag. Returns the offset after them, or `notCanonical`. */
export function exemplars(reading: Reading, from: number, to: number, tag: number): number {
  const { bytes } = reading;
  let at = from;
  while (at < to && bytes[at] === tag) {
    const start = content(bytes, at + 1, to);
    if (start === notCanonical) return notCanonical;
    reading.part(at);
    at = wire.end;
    if (!exemplar(reading, start, at)) return notCanonical;
  }
  return at;
}

function exemplar(reading: Reading, from: number, to: number): boolean {
  const { bytes } = reading;
  let hasAttributes = false;
  let at = from;
  while (at < to) {
    const tag = bytes[at] as number;
    if (tag === TIME || tag === DOUBLE || tag === INT) at += 9;
    else if (tag === SPAN || tag === TRACE) {
      const start = content(bytes, at + 1, to);
      if (start === notCanonical) return false;
      reading.part(at);
      at = wire.end;
      if (at !== start && at - start !== (tag === SPAN ? idBytes.span : idBytes.trace)) return false;
    } else if (tag === ATTRIBUTE) {
      if (hasAttributes) return false;
      hasAttributes = true;
      at = attributes(reading, at, to, ATTRIBUTE);
    } else at = reading.skip(at, to, known);
    if (at === notCanonical) return false;
  }
  return at === to;
}
