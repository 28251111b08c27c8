/**
 * Numbers the strings of a label: a hash table over the length and up to three characters of a string, the ones that distinguish
 * the known strings best. One comparison confirms what it finds. A map reads a string that is new to it from its beginning to its
 * end to hash it.
 */

export interface TextSlots {
  /**
   * Pairs of a string and its number, from 1: open addressing with linear probing, `''` where there is none. Longer than a power
   * of two of pairs, so that a search needs no wrapping.
   */
  readonly pairs: (string | number)[];
  /** One more than the highest number. */
  readonly size: number;
  /** The numbers of other primitives that callers pass instead of the strings, e.g. `404`. */
  readonly others: ReadonlyMap<unknown, number>;
  /** How many bits of a hash are too many for the slots. */
  readonly shift: number;
  /** How many characters to read. */
  readonly characters: number;
  /** Their positions, counted from the end. */
  readonly first: number;
  readonly second: number;
  readonly third: number;
}

type Characters = Omit<TextSlots, 'pairs' | 'size' | 'others'>;

/** The golden ratio in 32 bits: it spreads small differences over the high bits. */
const spread = 0x9e3779b1;
/**
 * The strings of a label that share so many slots are found in the index, so that strings made to collide cost no more than that.
 */
const mostSteps = 16;
/** How many characters to try, from the end. Strings that differ ahead of them alone are found in the index. */
const reach = 64;
const mostCharacters = 3;
/** As many strings decide which characters to read: more would take longer than 1 ms. */
const sampled = 128;

/** 0: not known. */
export function numberOf(slots: TextSlots, text: unknown): number {
  if (typeof text !== 'string') return slots.others.get(text) ?? 0;
  const { pairs } = slots;
  let at = slotOf(slots, text) * 2;
  for (const end = at + mostSteps * 2; at < end; at += 2) {
    const key = pairs[at];
    if (key === text) return pairs[at + 1] as number;
    if (key === '') break;
  }
  return 0;
}

/** A character that the string is too short for is its first. The empty string has none, which counts as 0. */
function slotOf({ characters, first, second, third, shift }: Characters, text: string): number {
  const { length } = text;
  let hash = Math.imul(length, 31) ^ text.charCodeAt(length > first ? length - first : 0);
  if (characters > 1) {
    hash = Math.imul(hash, spread) ^ text.charCodeAt(length > second ? length - second : 0);
    if (characters > 2) hash = Math.imul(hash, spread) ^ text.charCodeAt(length > third ? length - third : 0);
  }
  return Math.imul(hash, spread) >>> shift;
}

/** @param others which of the strings represents each other primitive */
export function textSlots(texts: readonly string[], others: ReadonlyMap<unknown, string> = new Map()): TextSlots {
  let bits = 2;
  while (2 ** bits < 2 * texts.length) bits += 1;
  const pairs: (string | number)[] = [];
  for (let slot = 0; slot < 2 ** bits + mostSteps; slot++) pairs.push('', 0);
  const slots = { pairs, size: texts.length + 1, ...charactersOf(texts, 32 - bits) };
  const known = new Map<string, number>();
  for (const [at, text] of texts.entries()) {
    known.set(text, at + 1);
    // The empty string would look like a free slot.
    if (text !== '') enter(slots, text, at + 1);
  }
  const numbered = new Map<unknown, number>();
  for (const [other, text] of others) numbered.set(other, known.get(text) ?? 0);
  return Object.freeze({ ...slots, others: numbered });
}

function enter(slots: Omit<TextSlots, 'others'>, text: string, number: number): void {
  let at = slotOf(slots, text) * 2;
  for (const end = at + mostSteps * 2; at < end; at += 2) {
    if (slots.pairs[at] !== '') continue;
    slots.pairs[at] = text;
    slots.pairs[at + 1] = number;
    return;
  }
}

/** Picks each character as the best addition to those before it, as long as it distinguishes more strings. */
function charactersOf(texts: readonly string[], shift: number): Characters {
  const step = Math.ceil(texts.length / sampled);
  const sample = texts.filter((_, at) => at % step === 0);
  const longest = sample.reduce((most, { length }) => Math.max(most, length), 1);
  let best: Characters = { shift, characters: 1, first: 1, second: 1, third: 1 };
  let most = 0;
  for (let characters = 1; characters <= mostCharacters && most < sample.length; characters++) {
    const before = most;
    const { first, second } = best;
    for (let position = 1; position <= Math.min(longest, reach) && most < sample.length; position++) {
      const tried =
        characters === 1
          ? { shift, characters, first: position, second: 1, third: 1 }
          : { shift, characters, first, second: characters === 2 ? position : second, third: position };
      const distinct = countSlots(tried, sample);
      if (distinct > most) [most, best] = [distinct, tried];
    }
    // Each character costs as much as one string in 32 that takes a second step.
    if (most - before <= sample.length / 32) break;
  }
  return best;
}

/** How many slots the strings take. */
function countSlots(characters: Characters, texts: readonly string[]): number {
  const taken = new Uint8Array(2 ** (32 - characters.shift));
  let count = 0;
  for (const text of texts) {
    const slot = slotOf(characters, text);
    count += 1 - (taken[slot] as number);
    taken[slot] = 1;
  }
  return count;
}

/** Finds nothing. */
export const noSlots: TextSlots = textSlots([]);
