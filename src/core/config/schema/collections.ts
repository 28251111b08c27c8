/** Lists, maps, optional values, and values that another schema reads. */
import { kindOf, type Tree } from '../tree.ts';
import { below, refuse } from './refuse.ts';
import { type Findings, type Plain, type ReadValue, type Schema, type Wrong, wrong } from './schema.ts';
import { valueSchema } from './value.ts';

export interface ListOptions<T> {
  readonly default?: readonly T[];
}

const listExample = 'write [ONE, TWO], or one "- VALUE" a line';

/** A list; it splits a string at its commas, as in the Collector. It reports wrong items and leaves them out. */
export function list<T>(item: Schema<T>, options: ListOptions<T> = {}): Schema<readonly T[]> {
  const schema = valueSchema<readonly T[]>(
    {
      type: `list of ${item.type}`,
      rule: 'it is a list',
      example: listExample,
      read(given, findings) {
        const items = itemsOf(given);
        if (items === undefined) return refuse(given, findings, kindOf(given.tree), 'it is a list', listExample);
        const read = items.map((tree, index) => item.read({ tree, keys: `${given.keys}[${index}]` }, findings));
        return read.filter((value): value is Exclude<typeof value, Wrong> => value !== wrong) as T[];
      },
      print: (value, unredacted) => value.map((one) => item.print(one, unredacted) ?? null),
    },
    options.default,
  );
  return Object.freeze({ ...schema, each: item });
}

function itemsOf({ tree }: ReadValue): readonly Tree[] | undefined {
  if (tree.kind === 'list') return tree.items;
  if (tree.kind !== 'scalar' || typeof tree.value !== 'string' || tree.alsoText) return undefined;
  return tree.value === '' ? [] : tree.value.split(',').map((value) => ({ ...tree, value, text: value }));
}

/** Keys that the user chooses. The default is an empty map. */
export function map<T>(item: Schema<T>): Schema<ReadonlyMap<string, T>> {
  function read(given: ReadValue, findings: Findings): ReadonlyMap<string, T> | Wrong {
    const found = new Map<string, T>();
    if (given.tree.kind === 'nothing') return found;
    if (given.tree.kind !== 'section')
      return refuse(given, findings, kindOf(given.tree), 'it has keys below it', 'write KEY: VALUE');
    for (const [key, { value: tree }] of given.tree.entries) {
      const value = item.read({ tree, keys: below(given, key) }, findings);
      if (value !== wrong) found.set(key, value as T);
    }
    return found;
  }
  function print(value: ReadonlyMap<string, T>, unredacted: boolean): Plain {
    return Object.fromEntries([...value].map(([key, one]) => [key, item.print(one, unredacted) ?? null]));
  }
  return Object.freeze({
    type: `map of ${item.type}`,
    required: false,
    byDefault: {},
    each: item,
    absent: () => new Map<string, T>(),
    read,
    print,
  });
}

/** Absent: undefined. Present and empty: the defaults of a section, and undefined for everything else. */
export function optional<T>(inner: Schema<T>): Schema<T | undefined> {
  return Object.freeze({
    type: inner.type,
    required: false,
    byDefault: undefined,
    isOptional: true,
    ...(inner.keys === undefined ? {} : { keys: inner.keys }),
    ...(inner.each === undefined ? {} : { each: inner.each }),
    absent: () => undefined,
    read(given: ReadValue, findings: Findings) {
      const { tree } = given;
      const isEmpty = inner.keys === undefined && tree.kind === 'nothing' && !tree.broken;
      return isEmpty ? undefined : inner.read(given, findings);
    },
    print: (value: T | undefined, unredacted: boolean) => (value === undefined ? undefined : inner.print(value, unredacted)),
  });
}

/** Any value, as it was written, for another schema to read later. `nothing` where the key is absent. */
export function raw(): Schema<Tree> {
  return Object.freeze({
    type: 'anything',
    required: false,
    byDefault: undefined,
    read: ({ tree }: ReadValue) => tree,
    absent: ({ tree }: ReadValue) => ({ kind: 'nothing', at: tree.at }) as const,
    print: () => undefined,
  });
}
