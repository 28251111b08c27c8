/**
 * An attribute's value as text: "AnyValue representation for non-OTLP protocols" of the OpenTelemetry specification (common/README.md). Maps are written with their
 * keys in ascending order, so that equal maps are equal text; of a key that stands twice the last value counts.
 */
import { byCodeUnit } from './attributes.ts';
import type { AnyValue, KeyValue } from './batch-tree.ts';

/** A string as it is, other simple values as JSON has them, bytes in base64, lists and maps as JSON; nothing is `''`. */
export function valueText(value: AnyValue | undefined): string {
  if (value === undefined) return '';
  if (value.stringValue !== undefined) return value.stringValue;
  if (value.doubleValue !== undefined) return numberText(value.doubleValue);
  if (value.bytesValue !== undefined) return base64(value.bytesValue);
  const text = jsonText(value);
  return text === 'null' ? '' : text;
}

function jsonText(value: AnyValue | undefined): string {
  const { stringValue, boolValue, intValue, doubleValue, arrayValue, kvlistValue, bytesValue } = value ?? {};
  if (stringValue !== undefined) return JSON.stringify(stringValue);
  if (boolValue !== undefined) return String(boolValue);
  if (intValue !== undefined) return String(intValue);
  if (doubleValue !== undefined) return Number.isFinite(doubleValue) ? numberText(doubleValue) : `"${doubleValue}"`;
  if (bytesValue !== undefined) return `"${base64(bytesValue)}"`;
  if (arrayValue !== undefined) return `[${arrayValue.values.map(jsonText).join(',')}]`;
  return kvlistValue === undefined ? 'null' : mapText(kvlistValue.values);
}

function mapText(pairs: readonly KeyValue[]): string {
  const last = new Map(pairs.map(({ key = '', value }) => [key, value]));
  const sorted = [...last].sort(([a], [b]) => byCodeUnit(a, b));
  return `{${sorted.map(([key, value]) => `${JSON.stringify(key)}:${jsonText(value)}`).join(',')}}`;
}

/** The sign of a zero is kept, as JSON can. */
function numberText(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');
}
