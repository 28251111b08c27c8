/**
 * Which series a set of attributes belongs to. Prometheus knows neither the type of a value nor an empty label, so sets that
 * differ in nothing else are spellings of one series: the first one gives its attributes, the others are *aliases*. A known
 * spelling costs one look-up, and only a new one is compared without its types.
 */
import type { Attributes } from '@opentelemetry/api';
import { latin1 } from '../../../core/node/latin1.ts';
import { attributePairs, plainAttributes, splitAttributes } from '../../../formats/otlp/index.ts';

/**
 * What distinguishes two spellings, as recorded: `{ k: 1 }` and `{ k: '1' }`; an attribute that one lacks is in the other alone.
 */
export type TwoSpellings = readonly [first: Attributes, alias: Attributes];

/** Keys are canonical attribute bytes, as strings (`latin1`). */
export interface Spellings<T> {
  /** First ones and aliases. */
  readonly size: number;
  has(key: string): boolean;
  /** By the first spelling. */
  first(key: string): T | undefined;
  aliased(key: string): T | undefined;
  /** Enters a spelling that is not known yet. */
  enter(key: string, identity: Uint8Array, create: () => T): T;
  /** By any spelling, entered or not. */
  find(identity: Uint8Array): T | undefined;
  /** Removes the series of this first spelling, and all its aliases. */
  remove(key: string): void;
  all(): Iterable<T>;
}

/** @param onAlias called for each alias that enters */
export function createSpellings<T>(onAlias: (spellings: TwoSpellings) => void): Spellings<T> {
  const firsts = new Map<string, T>();
  /** By the key of an alias, that of its first spelling. */
  const aliases = new Map<string, string>();
  const aliasesOf = new Map<string, string[]>();
  /** First spellings that are not plain themselves, by their plain keys. */
  const byPlain = new Map<string, string>();

  function firstOf(plain: string): string | undefined {
    return firsts.has(plain) ? plain : byPlain.get(plain);
  }

  function plainKey(key: string, identity: Uint8Array): string {
    const plain = plainAttributes(identity);
    return plain === identity ? key : latin1(plain);
  }

  function aliased(key: string): T | undefined {
    const first = aliases.get(key);
    return first === undefined ? undefined : firsts.get(first);
  }

  return Object.freeze<Spellings<T>>({
    get size() {
      return firsts.size + aliases.size;
    },
    has: (key) => firsts.has(key) || aliases.has(key),
    first: (key) => firsts.get(key),
    aliased,
    enter(key, identity, create) {
      const plain = plainKey(key, identity);
      const first = firstOf(plain);
      if (first !== undefined) {
        aliases.set(key, first);
        aliasesOf.set(first, [...(aliasesOf.get(first) ?? []), key]);
        onAlias(differing(Buffer.from(first, 'latin1'), identity));
        return firsts.get(first) as T;
      }
      const made = create();
      firsts.set(key, made);
      if (plain !== key) byPlain.set(plain, key);
      return made;
    },
    find(identity) {
      const key = latin1(identity);
      const known = firsts.get(key) ?? aliased(key);
      if (known !== undefined) return known;
      const first = firstOf(plainKey(key, identity));
      return first === undefined ? undefined : firsts.get(first);
    },
    remove(key) {
      if (!firsts.delete(key)) return;
      if (byPlain.size > 0) byPlain.delete(plainKey(key, Buffer.from(key, 'latin1')));
      for (const alias of aliasesOf.get(key) ?? []) aliases.delete(alias);
      aliasesOf.delete(key);
    },
    all: () => firsts.values(),
  });
}

/** The first attribute that differs is enough: it shows where to look. */
function differing(first: Uint8Array, alias: Uint8Array): TwoSpellings {
  const [one, other] = [first, alias].map((identity) => new Map(attributePairs(splitAttributes(identity))));
  const names = [...(one?.keys() ?? []), ...(other?.keys() ?? [])];
  const name = names.find((each) => JSON.stringify(one?.get(each)) !== JSON.stringify(other?.get(each)));
  const only = (attributes: typeof one): Attributes =>
    name !== undefined && attributes?.has(name) ? { [name]: attributes.get(name) } : {};
  return [only(one), only(other)];
}
