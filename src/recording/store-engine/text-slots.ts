/**
 * Finds a string among a few known ones: computes a slot from the fewest characters that distinguish them (as gperf does), and confirms it with
 * one comparison. The compiler inlines all but the comparison; a map would hash, follow its chain and compare in calls.
 */

export interface TextSlots {
  /** A power of two of slots; `''` in free ones. */
  readonly keys: string[];
  readonly mask: number;
  /** The positions of the characters, counted from the end: names more often share a prefix. */
  readonly first: number;
  readonly second: number;
  /** 0: neither this character nor the next is needed. */
  readonly secondFactor: number;
  readonly third: number;
  readonly thirdFactor: number;
}

/**
 * -1: none of the strings, or one that shares its slot with another. Repeats `hashOf`, because V8 checks before each call that a module's
 * function is still the same.
 */
export function slotOf(slots: TextSlots, text: unknown): number {
  if (typeof text !== 'string') return -1;
  const place = text.length - slots.first;
  let hash = text.charCodeAt(place > 0 ? place : 0);
  if (slots.secondFactor !== 0) hash += restOf(slots, text);
  const slot = hash & slots.mask;
  return slots.keys[slot] === text ? slot : -1;
}

/** NaN for the empty string, which gives slot 0. */
function hashOf(slots: TextSlots, text: string): number {
  const hash = codeAt(text, slots.first);
  return slots.secondFactor === 0 ? hash : hash + restOf(slots, text);
}

function restOf({ second, secondFactor, third, thirdFactor }: TextSlots, text: string): number {
  const hash = secondFactor * codeAt(text, second);
  return thirdFactor === 0 ? hash : hash + thirdFactor * codeAt(text, third);
}

/** Of a string that is too short, the first character. */
function codeAt(text: string, place: number): number {
  return text.charCodeAt(Math.max(0, text.length - place));
}

/** How many characters to try, from the end. */
const reach = 8;
/** Odd, so that no bit of a character is lost; 11 and its square distinguish three digits. */
const secondFactors = [11, 3];
const thirdFactors = [121, 31];
/** Up to this size the number of slots does not matter. Above it, at most twice the number of strings, rounded up to a power of two. */
const fewSlots = 64;

/** Finds nothing. */
export const noSlots: TextSlots = filled(create(1, 1), []);

/** Slots for these strings, or for as many of them as three characters distinguish. */
export function textSlots(texts: readonly string[]): TextSlots {
  let size = 1;
  while (size < texts.length) size *= 2;
  let best = noSlots;
  let most = -1;

  /** Returns whether all strings have different slots, so that no other choice can be better. */
  function tellsAll(slots: TextSlots): boolean {
    const distinct = countSlots(slots, texts, most);
    if (distinct > most) {
      most = distinct;
      best = slots;
    }
    return distinct === texts.length;
  }

  /** Picks each character as the best addition to those before it. */
  function search(among: number): boolean {
    for (let first = 1; first <= reach; first++) if (tellsAll(create(among, first))) return true;
    const { first } = best;
    for (const factor of secondFactors) {
      for (let second = 1; second <= reach; second++) if (tellsAll(create(among, first, second, factor))) return true;
    }
    const { second, secondFactor } = best;
    for (const factor of thirdFactors) {
      for (let third = 1; third <= reach; third++) {
        if (tellsAll(create(among, first, second, secondFactor, third, factor))) return true;
      }
    }
    return false;
  }

  for (let among = size; among <= Math.max(size * 2, fewSlots); among *= 2) if (search(among)) break;
  return filled(best, texts);
}

/** The only constructor, so that all have one shape and the compiler optimizes for it. */
function create(size: number, first: number, second = 1, secondFactor = 0, third = 1, thirdFactor = 0): TextSlots {
  return { keys: [], mask: size - 1, first, second, secondFactor, third, thirdFactor };
}

/** How many of the strings have their slot to themselves. Stops when the result cannot exceed `least`. */
function countSlots(slots: TextSlots, texts: readonly string[], least: number): number {
  const taken = new Uint8Array(slots.mask + 1);
  let count = texts.length;
  for (const text of texts) {
    const slot = hashOf(slots, text) & slots.mask;
    count -= taken[slot] as number;
    if (count <= least) break;
    taken[slot] = 1;
  }
  return count;
}

/** On a collision, the first string stays. */
function filled(slots: TextSlots, texts: readonly string[]): TextSlots {
  for (let slot = 0; slot <= slots.mask; slot++) slots.keys.push('');
  for (const text of texts) {
    const slot = hashOf(slots, text) & slots.mask;
    if (slots.keys[slot] === '') slots.keys[slot] = text;
  }
  return slots;
}
