/**
 * The attributes of uncontracted instruments as recorded: names and strings are well-formed and within the default length of a
 * contract's label. OpenTelemetry's "Attribute limits" exempt metrics, but an exposition above the scrape's size limit could cost
 * the application all metrics.
 */
import type { Attributes, AttributeValue } from '@opentelemetry/api';
import { DEFAULT_MAX_BYTES } from '../../../core/contract/labels.ts';
import { isLong, labelText, mostHashed } from '../label-rules/label-text.ts';

/** Called for an attribute whose name or value was shortened. */
export type OnShortened = (name: string) => void;

/** Returns the same object if there is nothing to change. Throws what a caller's getter throws. */
export function recordable(given: Attributes, onShortened: OnShortened): Attributes {
  // The SDK passes on whatever it got.
  if (typeof given !== 'object') return given;
  let changed: Attributes | undefined;
  for (const name in given) {
    if (!Object.hasOwn(given, name)) continue;
    const value = given[name];
    const label = labelText(name, DEFAULT_MAX_BYTES);
    const text = recordableValue(value);
    if (label === name && text === value) continue;
    changed ??= { ...given };
    delete changed[name];
    changed[label] = text;
    if (!isShort(name) || isShortened(value, text)) onShortened(label);
  }
  return changed ?? given;
}

/** Whether an attribute is recorded unchanged, except for surrogates. */
export function isShort(value: unknown): boolean {
  return typeof value !== 'string' || !isLong(value, DEFAULT_MAX_BYTES);
}

function isShortened(value: unknown, text: unknown): boolean {
  return Array.isArray(value) ? typeof text === 'string' : !isShort(value);
}

function recordableValue(value: AttributeValue | undefined): AttributeValue | undefined {
  if (typeof value === 'string') return labelText(value, DEFAULT_MAX_BYTES);
  return Array.isArray(value) ? recordableList(value) : value;
}

/**
 * A list is exposed as JSON. If that is too long, it becomes its beginning and a hash; of a very long one's end, the hash covers
 * only the length.
 */
function recordableList(list: readonly unknown[]): AttributeValue {
  let json = '';
  let formed = true;
  for (const item of list) {
    if (!isScalar(item)) return list as AttributeValue;
    if (typeof item === 'string') formed &&= item.isWellFormed();
    json += `${json === '' ? '[' : ','}${JSON.stringify(typeof item === 'string' ? item.slice(0, mostHashed) : item)}`;
    if (json.length > mostHashed) break;
  }
  if (isLong(json, DEFAULT_MAX_BYTES))
    return labelText(json.length > mostHashed ? `${json}${list.length}` : `${json}]`, DEFAULT_MAX_BYTES);
  return (formed ? list : list.map((item) => (typeof item === 'string' ? item.toWellFormed() : item))) as AttributeValue;
}

function isScalar(item: unknown): boolean {
  return item === null || item === undefined || typeof item === 'string' || typeof item === 'number' || typeof item === 'boolean';
}
