/**
 * Which of a few known texts a text is: a slot from as few of its characters as tell them apart (as gperf does), and one comparison that
 * confirms it. All of it is inlined where it is used but for the comparison, while a map hashes, follows its chain and compares in calls.
 */

export interface TextSlots {
  /** A power of two of slots; `''` in those that are free. */
  readonly keys: string[];
  readonly mask: number;
  /** Which characters, counted from the end: what names have in common stands in front more often. */
  readonly first: number;
  readonly second: number;
  /** 0: the character is not needed, nor are those after it. */
  readonly secondFactor: number;
  readonly third: number;
  readonly thirdFactor: number;
}

/**
 * -1: none of the texts, or one that shares its slot with another. It says again what `hashOf` says, because each call of a function of a module
 * is preceded by a look whether it still is that function.
 */
export function slotOf(slots: TextSlots, text: unknown): number {
  if (typeof text !== 'string') return -1;
  const place = text.length - slots.first;
  let hash = text.charCodeAt(place > 0 ? place : 0);
  if (slots.secondFactor !== 0) hash += restOf(slots, text);
  const slot = hash & slots.mask;
  return slots.keys[slot] === text ? slot : -1;
}

/** For the empty text it is not a number, which makes slot 0. */
function hashOf(slots: TextSlots, text: string): number {
  const hash = codeAt(text, slots.first);
  return slots.secondFactor === 0 ? hash : hash + restOf(slots, text);
}

function restOf({ second, secondFactor, third, thirdFactor }: TextSlots, text: string): number {
  const hash = secondFactor * codeAt(text, second);
  return thirdFactor === 0 ? hash : hash + thirdFactor * codeAt(text, third);
}

/** Texts that are too short have their first character there. */
function codeAt(text: string, place: number): number {
  return text.charCodeAt(Math.max(0, text.length - place));
}

/** Characters that are tried, from the end. */
const reach = 8;
/** Odd, so that no bit of a character is lost; 11 and its square keep three digits apart. */
const secondFactors = [11, 3];
const thirdFactors = [121, 31];
/** So many slots are few for any number of texts. Beyond them there are at most twice as many as texts come to, rounded up to a power of two. */
const fewSlots = 64;

/** Finds nothing. */
export const noSlots: TextSlots = filled(create(1, 1), []);

/** Slots for these texts, or for as many of them as three characters tell apart. */
export function textSlots(texts: readonly string[]): TextSlots {
  let size = 1;
  while (size < texts.length) size *= 2;
  let best = noSlots;
  let most = -1;

  /** Returns whether all texts are told apart, so that no other can be better. */
  function tellsAll(slots: TextSlots): boolean {
    const told = countSlots(slots, texts, most);
    if (told > most) {
      most = told;
      best = slots;
    }
    return told === texts.length;
  }

  /** Each character is the best one beside those before it. */
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

/** The only place that makes them, so that they are of one shape and the code that reads them is compiled for that one. */
function create(size: number, first: number, second = 1, secondFactor = 0, third = 1, thirdFactor = 0): TextSlots {
  return { keys: [], mask: size - 1, first, second, secondFactor, third, thirdFactor };
}

/** How many of the texts have a slot of their own; stops where it cannot be more than `least`. */
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

/** Where two meet, the first one stays. */
function filled(slots: TextSlots, texts: readonly string[]): TextSlots {
  for (let slot = 0; slot <= slots.mask; slot++) slots.keys.push('');
  for (const text of texts) {
    const slot = hashOf(slots, text) & slots.mask;
    if (slots.keys[slot] === '') slots.keys[slot] = text;
  }
  return slots;
}
