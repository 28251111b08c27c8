/**
 * Actions as a pure function of attribute bytes. They run in their order, each on what the one before has left, as in the
 * Collector.
 */
import { decodeAnyValue, encodeAnyValue } from '../../../formats/otlp/value/any-value-bytes.ts';
import { type Attribute, readAttributes, writeAttributes } from '../../../formats/otlp/value/attribute-list.ts';
import type { ActionSettings } from './config.ts';
import { converted, hashed } from './convert.ts';

/** Changes the list. */
type Run = (list: Attribute[]) => void;

/** @returns new bytes, each field with this tag */
export type ChangeAttributes = (bytes: Uint8Array, tag: number) => Uint8Array;

export function compileActions(actions: readonly ActionSettings[]): ChangeAttributes {
  const runs = actions.map(compile);
  return (bytes, tag) => {
    const list = readAttributes(bytes);
    for (const run of runs) run(list);
    return writeAttributes(list, tag);
  };
}

function compile(settings: ActionSettings): Run {
  const { action, key } = settings;
  if (action === 'insert' || action === 'update' || action === 'upsert') return put(settings, action);
  if (action === 'delete') return remove(settings);
  if (action === 'hash') return hash(settings);
  if (action === 'extract') return extract(settings);
  const { converted_type: type = 'string' } = settings;
  return (list) => change(list, key, (value) => converted(value, type));
}

function put(
  { key, value, from_attribute, default_value: byDefault }: ActionSettings,
  action: 'insert' | 'update' | 'upsert',
): Run {
  const fixed = value === undefined ? undefined : encodeAnyValue(value);
  const from = from_attribute === '' ? undefined : from_attribute;
  const otherwise = byDefault === undefined ? undefined : encodeAnyValue(byDefault);
  return (list) => {
    const source = fixed ?? (from === undefined ? undefined : find(list, from)?.value) ?? otherwise;
    if (source === undefined) return;
    const found = find(list, key);
    if (found === undefined) {
      if (action !== 'update') list.push({ key, value: source });
    } else if (action !== 'insert') found.value = source;
  };
}

/** The first one with the key, and all whose names the pattern is found in. */
function remove({ key, pattern }: ActionSettings): Run {
  return (list) => {
    const at = list.findIndex((attribute) => attribute.key === key);
    const last = at === -1 ? undefined : list.pop();
    // The last one replaces it, as in the Collector.
    if (last !== undefined && at < list.length) list[at] = last;
    if (pattern === undefined) return;
    const kept = list.filter((attribute) => !pattern.test(attribute.key));
    list.splice(0, list.length, ...kept);
  };
}

/** One that has the key, and whose name the pattern is found in, is hashed twice, as in the Collector. */
function hash({ key, pattern }: ActionSettings): Run {
  return (list) => {
    change(list, key, hashed);
    if (pattern === undefined) return;
    for (const attribute of list) if (pattern.test(attribute.key)) attribute.value = hashed(attribute.value);
  };
}

/** Of strings alone. */
function extract({ key, pattern }: ActionSettings): Run {
  const names = pattern?.groups ?? [];
  return (list) => {
    const found = find(list, key);
    const text = found === undefined ? undefined : decodeAnyValue(found.value).stringValue;
    const groups = text === undefined ? undefined : pattern?.extract(text);
    for (const [index, stringValue] of (groups ?? []).entries()) set(list, names[index] ?? '', encodeAnyValue({ stringValue }));
  };
}

function find(list: readonly Attribute[], key: string): Attribute | undefined {
  return list.find((attribute) => attribute.key === key);
}

function set(list: Attribute[], key: string, value: Uint8Array): void {
  const found = find(list, key);
  if (found === undefined) list.push({ key, value });
  else found.value = value;
}

function change(list: readonly Attribute[], key: string, to: (value: Uint8Array) => Uint8Array): void {
  const found = find(list, key);
  if (found !== undefined) found.value = to(found.value);
}
