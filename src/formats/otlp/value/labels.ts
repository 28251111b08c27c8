/**
 * A series' labels as the store keeps them, names and values separately, and as attributes. A string stays a string on both
 * sides; any other value stays the bytes of its `AnyValue`.
 */

import { ByteSink } from '../wire/byte-sink.ts';
import { attributeTags as tags, valueTags } from '../wire/protobuf-tags.ts';
import { content, notCanonical, wire } from '../wire/varint.ts';
import { decodeValue } from './any-value.ts';
import { stringValueIn } from './any-value-bytes.ts';
import { eachAttribute } from './attribute-list.ts';
import { type AttributePair, byCodeUnit } from './attributes.ts';
import { textIn } from './value-text.ts';

export interface Labels {
  /** Each once. */
  readonly names: readonly string[];
  /** A value for each name: a string, or the bytes of an `AnyValue` that holds none. */
  readonly values: readonly (string | Uint8Array)[];
}

const sink = new ByteSink();

/**
 * The labels of attribute bytes, in their order. Values that are no strings are views of the bytes. Throws a `RangeError` when
 * they are no protobuf.
 */
export function splitAttributes(bytes: Uint8Array): Labels {
  const names: string[] = [];
  const values: (string | Uint8Array)[] = [];
  eachAttribute(
    bytes,
    (name, from, to) => {
      names.push(name);
      values.push(stringValueIn(bytes, from, to) ?? bytes.subarray(from, to));
    },
    tags.attribute,
  );
  return { names, values };
}

/** Canonical attribute bytes: what `encodeAttributes` makes of the same attributes. */
export function attributeBytes({ names, values }: Labels): Uint8Array {
  sink.at = 0;
  for (const at of ascending(names)) {
    const value = values[at] as string | Uint8Array;
    const pair = sink.open(tags.attribute);
    sink.text(tags.key, names[at] as string);
    const opened = sink.open(tags.value);
    if (typeof value === 'string') sink.text(valueTags.string, value);
    else {
      sink.reserve(value.length);
      sink.copy(value, 0, value.length);
    }
    sink.close(opened);
    sink.close(pair);
  }
  return sink.bytes.slice(0, sink.at);
}

/** A value as a label has it. */
export function labelTextOf(value: string | Uint8Array): string {
  return typeof value === 'string' ? value : textIn(value, 0, value.length);
}

/**
 * What Prometheus can tell apart of canonical attribute bytes, as such bytes: each value is its text, and an empty one is left
 * out. Names stay as they are. Returns the same object if there is nothing to change.
 */
export function plainAttributes(bytes: Uint8Array): Uint8Array {
  if (arePlain(bytes)) return bytes;
  const { names, values } = splitAttributes(bytes);
  const texts = values.map(labelTextOf);
  const isThere = (_: unknown, at: number): boolean => texts[at] !== '';
  return attributeBytes({ names: names.filter(isThere), values: texts.filter(isThere) });
}

/**
 * Whether all values are strings and none is empty. Makes no object, because each new set of attributes is asked, and most are.
 */
function arePlain(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; ) {
    const pair = content(bytes, at + 1, bytes.length);
    if (pair === notCanonical) return false;
    at = wire.end;
    if (content(bytes, pair + 1, at) === notCanonical) return false;
    const value = content(bytes, wire.end + 1, at);
    if (value === notCanonical || bytes[value] !== valueTags.string) return false;
    const text = content(bytes, value + 1, at);
    if (text === notCanonical || text === at || wire.end !== at) return false;
  }
  return true;
}

/**
 * Names and values as OpenTelemetry's API has them, in the order of `attributeBytes`. Values that it has no type for are left
 * out.
 */
export function attributePairs({ names, values }: Labels): readonly AttributePair[] {
  return ascending(names).flatMap((at) => {
    const value = values[at] as string | Uint8Array;
    const decoded = typeof value === 'string' ? value : decodeValue(value);
    return decoded === undefined ? [] : [[names[at] as string, decoded]];
  });
}

/** Kept from call to call: most rows of a family share one list of names. */
const last: { names: readonly string[]; places: readonly number[] } = { names: [], places: [] };

/** Indexes of names in ascending order. */
function ascending(names: readonly string[]): readonly number[] {
  if (names !== last.names) {
    last.places = names.map((_, at) => at).sort((a, b) => byCodeUnit(names[a] as string, names[b] as string));
    last.names = names;
  }
  return last.places;
}
