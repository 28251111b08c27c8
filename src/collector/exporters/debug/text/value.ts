/** Attributes' values as the Collector's `pcommon.Value.AsString` writes them: lists and maps are the JSON of Go's `encoding/json`. */
import type { AnyValue, KeyValue } from '../../../../otlp/batch/batch-tree.ts';

/** `Str(a)`, `Int(1)`, `Map({"a":1})`; nothing is `Empty()`. */
export function typedText(value: AnyValue | undefined): string {
  return `${typeOf(value ?? {})}(${valueText(value)})`;
}

export function valueText(value: AnyValue = {}): string {
  const { stringValue, doubleValue, bytesValue } = value;
  if (stringValue !== undefined) return stringValue;
  if (bytesValue !== undefined) return base64(bytesValue);
  if (doubleValue !== undefined && !Number.isFinite(doubleValue)) return String(doubleValue);
  return typeOf(value) === 'Empty' ? '' : (json(value) ?? '');
}

function typeOf({ stringValue, boolValue, intValue, doubleValue, arrayValue, kvlistValue, bytesValue }: AnyValue): string {
  if (stringValue !== undefined) return 'Str';
  if (boolValue !== undefined) return 'Bool';
  if (intValue !== undefined) return 'Int';
  if (doubleValue !== undefined) return 'Double';
  if (arrayValue !== undefined) return 'Slice';
  if (kvlistValue !== undefined) return 'Map';
  return bytesValue === undefined ? 'Empty' : 'Bytes';
}

/** Undefined: there is a number within that JSON has not, and the Collector writes nothing at all. */
function json({ stringValue, boolValue, intValue, doubleValue, arrayValue, kvlistValue, bytesValue }: AnyValue): string | undefined {
  if (stringValue !== undefined) return jsonString(stringValue);
  if (boolValue !== undefined) return String(boolValue);
  if (intValue !== undefined) return String(intValue);
  if (doubleValue !== undefined) return jsonNumber(doubleValue);
  if (bytesValue !== undefined) return bytesValue.length === 0 ? 'null' : `"${base64(bytesValue)}"`;
  if (arrayValue !== undefined) return enclosed('[', arrayValue.values.map(json), ']');
  return kvlistValue === undefined ? 'null' : jsonMap(kvlistValue.values);
}

/** In the order of the keys' UTF-8; of a key that stands twice the last value counts. */
function jsonMap(pairs: readonly KeyValue[]): string | undefined {
  const last = new Map(pairs.map(({ key = '', value }) => [key, value]));
  const sorted = [...last].sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  const members = sorted.map(([key, value]) => {
    const text = json(value ?? {});
    return text === undefined ? undefined : `${jsonString(key)}:${text}`;
  });
  return enclosed('{', members, '}');
}

function enclosed(open: string, members: readonly (string | undefined)[], close: string): string | undefined {
  return members.includes(undefined) ? undefined : `${open}${members.join(',')}${close}`;
}

/** Go also escapes the line ends of JavaScript. */
function jsonString(text: string): string {
  return JSON.stringify(text).replace(/[\u2028\u2029]/g, (mark) => `\\u${mark.charCodeAt(0).toString(16)}`);
}

/** JavaScript and Go write JSON's numbers alike, but for a negative zero. */
function jsonNumber(value: number): string | undefined {
  if (!Number.isFinite(value)) return undefined;
  return Object.is(value, -0) ? '-0' : String(value);
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');
}
