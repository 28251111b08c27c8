/** Attributes' values as the Collector's debug exporter shows them. */
import type { AnyValue } from '../../../../formats/otlp/batch/batch-tree.ts';
import { collectorText } from '../../../../formats/otlp/value/value-text.ts';

/** `Str(a)`, `Int(1)`, `Map({"a":1})`; nothing is `Empty()`. */
export function typedText(value: AnyValue = {}): string {
  return `${typeOf(value)}(${collectorText(value)})`;
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
