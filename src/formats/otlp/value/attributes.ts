/**
 * Attributes as canonical bytes: the `repeated KeyValue attributes` of OTLP with keys in ascending order, so that equal sets have
 * equal bytes whatever their order, types survive, and an OTLP encoder can copy them as they are.
 *
 * Every pair carries field number 7, that of `NumberDataPoint` and `SummaryDataPoint`; a message that numbers its attributes
 * otherwise (`HistogramDataPoint` 9, `Resource` 1) writes another tag byte ahead of the same length and body.
 */
import type { Attributes, AttributeValue } from '@opentelemetry/api';
import { ByteSink } from '../wire/byte-sink.ts';
import { attributeTags as tags } from '../wire/protobuf-tags.ts';
import { isAttributeValue, writeValueField } from './any-value.ts';

export type AttributePair = readonly [name: string, value: AttributeValue];

/** Serves every set: writing is synchronous, and its bytes are copied out. */
const sink = new ByteSink();
const empty: Uint8Array = new Uint8Array(0);

/**
 * Writes an attribute set, keys ascending by UTF-16 code unit. A number that is a safe integer becomes an `int_value`, any other
 * a `double_value`; `null` and `undefined` inside an array an empty value. Whatever else the OpenTelemetry API does not know as
 * an attribute value (functions, objects, `undefined`) is skipped. Never throws.
 */
export function encodeAttributes(attributes: Attributes): Uint8Array {
  const names = Object.keys(attributes);
  if (names.length === 0) return empty;
  names.sort(byCodeUnit);
  sink.at = 0;
  for (const name of names) {
    const value = attributes[name];
    if (isAttributeValue(value)) writePair(name, value);
  }
  return sink.bytes.slice(0, sink.at);
}

export function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function writePair(name: string, value: AttributeValue): void {
  const opened = sink.open(tags.attribute);
  sink.text(tags.key, name);
  writeValueField(sink, tags.value, value);
  sink.close(opened);
}
