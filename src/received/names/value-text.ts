/**
 * An attribute's value as a label has it: OpenTelemetry specification, "AnyValue representation for non-OTLP protocols". Keys of maps are sorted, so that equal
 * maps have equal texts, as in the Collector. The bytes were checked before: their nesting is limited.
 */
import { valueTags as known, lengthOf } from '../../otlp/wire/protobuf-tags.ts';
import type { WireReader } from '../../otlp/wire/wire-reader.ts';

const tags = { ...known, map: lengthOf(6), bytes: lengthOf(7) } as const;
const pairTags = { pair: lengthOf(1), key: lengthOf(1), value: lengthOf(2) } as const;

/** From here to the end of the message. A string stands as it is, nothing is the empty string, and numbers that JSON lacks stand without quotes. */
export function readValueText(reader: WireReader): string {
  let text = '';
  while (!reader.done) {
    const tag = reader.tag();
    if (tag === tags.string) text = reader.string();
    else if (tag === tags.double) text = doubleText(reader.double());
    else if (tag === tags.bytes) text = base64(reader.bytes());
    else text = readJsonMember(reader, tag) ?? text;
  }
  return text;
}

/** The same as an element of an array: always JSON. */
function readJson(reader: WireReader): string {
  let json = 'null';
  while (!reader.done) {
    const tag = reader.tag();
    if (tag === tags.string) json = jsonString(reader.string());
    else if (tag === tags.double) json = jsonDouble(reader.double());
    else if (tag === tags.bytes) json = `"${base64(reader.bytes())}"`;
    else json = readJsonMember(reader, tag) ?? json;
  }
  return json;
}

/** What is the same on its own and within an array. Undefined: a field that is not known, skipped. */
function readJsonMember(reader: WireReader, tag: number): string | undefined {
  if (tag === tags.bool) return reader.varint() === 0 ? 'false' : 'true';
  if (tag === tags.int) return reader.int64Text();
  if (tag === tags.array) return `[${readItems(reader, readJson).join(',')}]`;
  if (tag === tags.map) return mapText(readItems(reader, readPair));
  reader.skip(tag % 8);
  return undefined;
}

function readItems<T>(reader: WireReader, readItem: (reader: WireReader) => T): T[] {
  const items: T[] = [];
  const outer = reader.enter();
  while (!reader.done) {
    const tag = reader.tag();
    if (tag === pairTags.pair) items.push(readMessage(reader, readItem));
    else reader.skip(tag % 8);
  }
  reader.leave(outer);
  return items;
}

function readPair(reader: WireReader): readonly [key: string, json: string] {
  let key = '';
  let json = 'null';
  while (!reader.done) {
    const tag = reader.tag();
    if (tag === pairTags.key) key = reader.string();
    else if (tag === pairTags.value) json = readMessage(reader, readJson);
    else reader.skip(tag % 8);
  }
  return [key, json];
}

function readMessage<T>(reader: WireReader, read: (reader: WireReader) => T): T {
  const outer = reader.enter();
  const message = read(reader);
  reader.leave(outer);
  return message;
}

function mapText(pairs: readonly (readonly [string, string])[]): string {
  const sorted = pairs.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${sorted.map(([key, json]) => `${jsonString(key)}:${json}`).join(',')}}`;
}

/** Line separators are escaped, as in the Collector, so that a label is one line for whoever splits lines by Unicode. */
function jsonString(value: string): string {
  return JSON.stringify(value).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
}

function jsonDouble(value: number): string {
  return Number.isFinite(value) ? doubleText(value) : `"${value}"`;
}

/** JavaScript and Go write JSON numbers alike, but for a negative zero. */
function doubleText(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');
}
