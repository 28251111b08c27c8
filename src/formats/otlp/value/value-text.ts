/**
 * An attribute's value as text: OpenTelemetry specification, "AnyValue representation for non-OTLP protocols". In maps, as in the
 * Collector, keys ascend by their UTF-8, and of a key that occurs twice the last value counts, so that equal maps have equal
 * texts.
 */
import type { AnyValue, KeyValue } from '../batch/batch-tree.ts';
import { decodeAnyValue, stringValueIn } from './any-value-bytes.ts';

/**
 * A string is unchanged, an empty value is the empty string, and numbers that JSON lacks are without quotes.
 *
 * @param noBytes the text of empty bytes within a list or map
 */
function valueText(value: AnyValue = {}, noBytes = '""'): string {
  const { stringValue, doubleValue, bytesValue } = value;
  if (stringValue !== undefined) return stringValue;
  if (doubleValue !== undefined) return doubleText(doubleValue);
  if (bytesValue !== undefined) return base64(bytesValue);
  return Object.keys(value).length === 0 ? '' : json(value, noBytes);
}

/** The same of an `AnyValue` in bytes, which have been checked before. */
export function textIn(bytes: Uint8Array, from: number, to: number): string {
  return stringValueIn(bytes, from, to) ?? valueText(decodeAnyValue(bytes, from, to));
}

/**
 * As the Collector's `pcommon.Value.AsString`, which differs in two cases: empty bytes within are `null`, and a number within
 * that JSON lacks leaves nothing.
 */
export function collectorText(value: AnyValue = {}): string {
  return value.doubleValue === undefined && !isJson(value) ? '' : valueText(value, 'null');
}

function isJson({ doubleValue = 0, arrayValue, kvlistValue }: AnyValue): boolean {
  const within = [...(arrayValue?.values ?? []), ...(kvlistValue?.values ?? []).map(({ value = {} }) => value)];
  return Number.isFinite(doubleValue) && within.every(isJson);
}

function json(
  { stringValue, boolValue, intValue, doubleValue, arrayValue, kvlistValue, bytesValue }: AnyValue,
  noBytes: string,
): string {
  if (stringValue !== undefined) return jsonString(stringValue);
  if (doubleValue !== undefined) return Number.isFinite(doubleValue) ? doubleText(doubleValue) : `"${doubleValue}"`;
  if (bytesValue !== undefined) return bytesValue.length === 0 ? noBytes : `"${base64(bytesValue)}"`;
  if (arrayValue !== undefined) return `[${arrayValue.values.map((item) => json(item, noBytes)).join(',')}]`;
  return kvlistValue === undefined ? String(boolValue ?? intValue ?? null) : jsonMap(kvlistValue.values, noBytes);
}

function jsonMap(pairs: readonly KeyValue[], noBytes: string): string {
  const last = new Map(pairs.map(({ key = '', value = {} }) => [key, value]));
  const sorted = [...last].sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  return `{${sorted.map(([key, value]) => `${jsonString(key)}:${json(value, noBytes)}`).join(',')}}`;
}

/** Line separators are escaped, as in the Collector, so that a label is one line for a reader that splits lines by Unicode. */
function jsonString(value: string): string {
  return JSON.stringify(value).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
}

/** JavaScript and Go write JSON's numbers alike, but for a negative zero. */
function doubleText(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');
}
