/** Reads fields of untrusted JSON without throwing: adds each problem to a list and treats the field as absent. */
import type { Problem } from '../errors/error.ts';
import { shown } from '../errors/shown.ts';
import type { LabelValue } from './metric.ts';

export interface Fields {
  /** The keys that are present. */
  readonly names: readonly string[];
  text(key: string): string | undefined;
  number(key: string): number | undefined;
  flag(key: string): boolean | undefined;
  oneOf<V extends string>(key: string, values: readonly V[]): V | undefined;
  texts(key: string): string[] | undefined;
  labelValues(key: string): LabelValue[] | undefined;
  numbers(key: string): number[] | undefined;
  /** A nested object; an empty one if absent. `allowed`: its keys; absent: any. */
  object(key: string, allowed?: readonly string[]): Fields;
  /** The unchecked `kind` of a nested object. */
  kindOf(key: string): unknown;
  isNull(key: string): boolean;
  /** Adds a problem if the key is missing. */
  require(key: string, fix: string): void;
}

export function fieldsOf(value: unknown, at: string, allowed: readonly string[] | undefined, problems: Problem[]): Fields {
  const record = isObject(value) ? value : {};
  if (!isObject(value)) problems.push({ at, got: shown(value), rule: 'the value is an object', fix: 'write { … }' });
  const names = Object.keys(record);
  const unknown = allowed === undefined ? [] : names.filter((name) => !allowed.includes(name));
  for (const name of unknown) {
    const fix = `use ${allowed?.filter((key) => key !== '$schema').join(', ')}`;
    problems.push({ at: `${at}.${name}`, got: 'an unknown key', rule: 'only known keys are read', fix });
  }

  function read<T>(key: string, is: (given: unknown) => given is T, what: string): T | undefined {
    if (!Object.hasOwn(record, key)) return undefined;
    const given = record[key];
    if (is(given)) return given;
    problems.push({ at: `${at}.${key}`, got: shown(given), rule: `the value is ${what}`, fix: `give ${what}` });
    return undefined;
  }

  const fields: Fields = {
    names,
    text: (key) => read(key, isText, 'a string'),
    number: (key) => read(key, isNumber, 'a number'),
    flag: (key) => read(key, isFlag, 'true or false'),
    oneOf: (key, values) =>
      read(key, (given): given is (typeof values)[number] => values.some((v) => v === given), `one of ${values.join(', ')}`),
    texts: (key) => read(key, isListOf(isText), 'a list of strings'),
    labelValues: (key) => read(key, isListOf(isLabelValue), 'a list of strings, numbers or booleans'),
    numbers: (key) => read(key, isListOf(isNumber), 'a list of numbers'),
    object: (key, inner) => fieldsOf(Object.hasOwn(record, key) ? record[key] : {}, `${at}.${key}`, inner, problems),
    kindOf(key) {
      const nested = Object.hasOwn(record, key) ? record[key] : undefined;
      return isObject(nested) ? nested.kind : undefined;
    },
    isNull: (key) => record[key] === null,
    require(key, fix) {
      if (Object.hasOwn(record, key)) return;
      problems.push({ at: `${at}.${key}`, got: 'nothing', rule: 'this key is required', fix });
    },
  };
  return Object.freeze(fields);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}

function isLabelValue(value: unknown): value is LabelValue {
  return isText(value) || isNumber(value) || isFlag(value);
}

function isFlag(value: unknown): value is boolean {
  return typeof value === 'boolean';
}

function isListOf<T>(is: (value: unknown) => value is T): (value: unknown) => value is T[] {
  return (value): value is T[] => Array.isArray(value) && value.every(is);
}
