/** The labels of a series, made plain once: legal names, each once, sorted; values are strings. */
import type { Pair } from '../../naming/index.ts';
import { attributeTexts } from './attribute-texts.ts';

export interface PlainLabels {
  /** Ascending. The same array as before if the series before had the same names. */
  readonly names: readonly string[];
  readonly values: readonly string[];
}

export interface LabelParts {
  /** What an attribute's label is called; `''`: it has none. */
  readonly labelOf: (attribute: string) => string;
  /** `job`, `instance`, constant labels: nothing is added to them. An attribute that would get such a name becomes `exported_…`. */
  readonly own: ReadonlyMap<string, string>;
  /** A label that the samples have besides: `le`, `quantile`. */
  readonly special: string | undefined;
  /** Attributes of the resource that are labels of all its series. They replace attributes of the same name. */
  readonly resource: readonly Pair[];
  /** Labels for the scope, as attributes. */
  readonly scope: readonly Pair[];
}

interface Entry {
  readonly label: string;
  /** The attribute's name. */
  readonly key: string;
  readonly value: string;
}

/** The labels of series that share a resource, a scope and a type, by the bytes of their attributes. */
export function createSeriesLabels({ labelOf, own, special, resource, scope }: LabelParts): (attributes: Uint8Array) => PlainLabels {
  const replaced = new Set(resource.map(([key]) => key));
  const shared = [
    ...[...own].map(([name, value]): Entry => ({ label: name === special ? `exported_${name}` : name, key: name, value })),
    ...[...resource, ...scope].flatMap((pair) => entryOf(pair)),
  ];
  let last: Arranged | undefined;

  function entryOf([key, value]: Pair): readonly Entry[] {
    const label = labelOf(key);
    return label === '' ? [] : [{ label: unreserved(label), key, value }];
  }

  function unreserved(label: string): string {
    return own.has(label) || label === special ? unreserved(`exported_${label}`) : label;
  }

  function arrange(pairs: readonly Pair[]): Arranged {
    const given = pairs.map((pair) => (replaced.has(pair[0]) ? undefined : entryOf(pair)[0]));
    const entries = [...shared, ...given.filter((entry) => entry !== undefined)].sort(byLabelAndKey);
    const { names, values } = joined(entries);
    const places = given.map((entry) => (entry === undefined ? none : names.indexOf(entry.label)));
    const same = last !== undefined && isSame(names, last.names) ? last.names : Object.freeze(names);
    return { keys: pairs.map(([key]) => key), isPlain: names.length === entries.length, names: same, values, places };
  }

  return function labels(attributes) {
    const pairs = attributeTexts(attributes);
    if (last?.isPlain !== true || !hasKeys(pairs, last.keys)) last = arrange(pairs);
    const values = [...last.values];
    if (last.isPlain) for (let at = 0; at < pairs.length; at++) put(values, last.places[at] as number, (pairs[at] as Pair)[1]);
    return { names: last.names, values };
  };
}

/** How the labels of a series were made: most often, the next one has the same attributes in the same order. */
interface Arranged {
  readonly keys: readonly string[];
  /** No values were joined. */
  readonly isPlain: boolean;
  readonly names: readonly string[];
  readonly values: readonly string[];
  /** The index of each attribute's value among the values, or `none`. */
  readonly places: readonly number[];
}

const none = -1;

function put(values: string[], offset: number, value: string): void {
  if (offset !== none) values[offset] = value;
}

function hasKeys(pairs: readonly Pair[], keys: readonly string[]): boolean {
  return pairs.length === keys.length && pairs.every(([key], at) => key === keys[at]);
}

/** Values under one name are joined with `;`, "ordered by the lexicographical order of the original keys" (specification, "Metric Attributes"). */
function joined(entries: readonly Entry[]): { readonly names: string[]; readonly values: string[] } {
  const names: string[] = [];
  const values: string[] = [];
  for (const { label, value } of entries) {
    if (label === names.at(-1)) values.push(`${values.pop()};${value}`);
    else {
      names.push(label);
      values.push(value);
    }
  }
  return { names, values };
}

function byLabelAndKey(a: Entry, b: Entry): number {
  if (a.label !== b.label) return a.label < b.label ? -1 : 1;
  return a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name, at) => name === b[at]);
}
