/**
 * The labels of a series, made plain once: legal names, each once, sorted; values are strings. An attribute that is empty is no
 * label: "A label with an empty label value is considered equivalent to a label that does not exist" (Prometheus, "Data model").
 * Those of scopes stay, as the Collector writes them.
 */
import { joinedValue, type OnJoined, type Pair } from '../../../core/naming/index.ts';
import { LabelReader, LabelWriter } from '../../../core/store/labels/label-bytes.ts';
import type { EncodedLabels } from '../../../core/store/store.ts';
import { hashBytes } from '../../../core/tables/keyed-hash.ts';
import { viewOf } from '../../../formats/otlp/wire/same-bytes.ts';
import { attributeTexts } from './attribute-texts.ts';
import { LabelTemplate, none } from './label-template.ts';

/** Valid until the next ones are made. Names ascend, and are the same array as before if the series before had the same names. */
export interface PlainLabels extends EncodedLabels {
  readonly names: readonly string[];
  /** Of names and values. */
  readonly hash: number;
}

/** From the bytes of attributes, or a range of them. */
export type MakeLabels = (attributes: Uint8Array, from?: number, to?: number) => PlainLabels;

export interface LabelParts {
  /** What an attribute's label is called; `''`: it has none. */
  readonly labelOf: (attribute: string) => string;
  /**
   * `job`, `instance`, constant labels: nothing is added to them. An attribute that would get such a name becomes `exported_…`.
   */
  readonly own: ReadonlyMap<string, string>;
  /** A label that the samples have besides: `le`, `quantile`. */
  readonly special: string | undefined;
  /** Attributes of the resource that are labels of all its series. They replace attributes of the same name. */
  readonly resource: readonly Pair[];
  /** Labels for the scope, as attributes. */
  readonly scope: readonly Pair[];
  /** Called when values were joined. Default: nothing is said. */
  readonly onJoined?: OnJoined | undefined;
}

interface Entry {
  readonly label: string;
  /** The attribute's name. */
  readonly key: string;
  readonly value: string;
}

/** Those that were made last: one for all, because there may be a million. */
class Made implements PlainLabels {
  names: readonly string[] = [];
  hash = 0;
  readonly writer = new LabelWriter();
  private view = viewOf(this.writer.bytes);

  get bytes(): Uint8Array {
    return this.writer.bytes;
  }

  get length(): number {
    return this.writer.length;
  }

  /** What was written is of these names. */
  end(names: readonly string[], namesHash: number): this {
    const { bytes, length } = this.writer;
    if (this.view.buffer !== bytes.buffer) this.view = viewOf(bytes);
    this.names = names;
    this.hash = (hashBytes(this.view, 0, length) + namesHash) | 0;
    return this;
  }
}

const madeLast = new Made();

/**
 * The labels of exemplars, from the attributes that their series do not have. They are made while those of a series are still in
 * use.
 */
export function createExemplarLabels(labelOf: LabelParts['labelOf']): MakeLabels {
  return createSeriesLabels({ labelOf, own: new Map(), special: undefined, resource: [], scope: [] }, new Made());
}

/** The labels of series that share a resource, a scope and a type, by the bytes of their attributes. */
export function createSeriesLabels(
  { labelOf, own, special, resource, scope, onJoined }: LabelParts,
  made = madeLast,
): MakeLabels {
  const replaced = new Set(resource.map(([key]) => key));
  const shared = [
    ...[...own].map(([name, value]): Entry => ({ label: name === special ? `exported_${name}` : name, key: name, value })),
    ...[...resource.filter(([, value]) => value !== ''), ...scope].flatMap((pair) => entryOf(pair)),
  ];
  let last: Names | undefined;
  /**
   * Of the series before: most often, the next one has the same attributes in the same order. Undefined: values were joined, or
   * some were empty.
   */
  let template: LabelTemplate | undefined;

  function entryOf([key, value]: Pair): readonly Entry[] {
    const label = labelOf(key);
    return label === '' ? [] : [{ label: unreserved(label), key, value }];
  }

  function unreserved(label: string): string {
    return own.has(label) || label === special ? unreserved(`exported_${label}`) : label;
  }

  /** Writes the labels, and keeps how they were made. */
  function arrange(pairs: readonly Pair[]): void {
    const given = pairs.map((pair) => (replaced.has(pair[0]) || pair[1] === '' ? undefined : entryOf(pair)[0]));
    const entries = [...shared, ...given.filter((entry) => entry !== undefined)].sort(byLabel);
    const { names, values } = joined(entries, onJoined);
    const places = given.map((entry) => (entry === undefined ? none : names.indexOf(entry.label)));
    if (last === undefined || !isSame(names, last.names)) last = { names: Object.freeze(names), hash: hashOfNames(names) };
    const isPlain = names.length === entries.length && !pairs.some(([, value]) => value === '');
    template = isPlain ? new LabelTemplate({ keys: pairs.map(([key]) => key), values, places }) : undefined;
    for (const value of values) made.writer.string(value);
  }

  return function labels(attributes, from = 0, to = attributes.length) {
    made.writer.length = 0;
    if (template?.write(attributes, from, to, made.writer) !== true) arrange(attributeTexts(attributes.subarray(from, to)));
    return made.end((last as Names).names, (last as Names).hash);
  };
}

interface Names {
  readonly names: readonly string[];
  readonly hash: number;
}

function hashOfNames(names: readonly string[]): number {
  const bytes = Buffer.from(names.join('\0'));
  return hashBytes(viewOf(bytes), 0, bytes.length);
}

function joined(
  entries: readonly Entry[],
  onJoined: OnJoined | undefined,
): { readonly names: string[]; readonly values: string[] } {
  const names: string[] = [];
  const values: string[] = [];
  for (let from = 0, to = 0; from < entries.length; from = to) {
    const { label, value } = entries[from] as Entry;
    while (entries[to]?.label === label) to++;
    names.push(label);
    values.push(to === from + 1 ? value : joinedValue(label, entries.slice(from, to).map(asPair), onJoined));
  }
  return { names, values };
}

function asPair({ key, value }: Entry): Pair {
  return [key, value];
}

function byLabel(a: Entry, b: Entry): number {
  return a.label < b.label ? -1 : a.label > b.label ? 1 : 0;
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name, at) => name === b[at]);
}

/** As strings, which last. */
export function labelTexts({ names, bytes }: PlainLabels): {
  readonly names: readonly string[];
  readonly values: readonly string[];
} {
  const reader = new LabelReader(bytes, 0);
  return { names, values: names.map(() => reader.string()) };
}
