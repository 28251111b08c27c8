/** Label values from the store's bytes to a line's, escaped where they have to be. */

const lineFeed = 0x0a;
const quote = 0x22;
const backslash = 0x5c;
const n = 0x6e;

/** A word of four bytes: the same byte in each. */
const fourTimes = 0x01010101;
const highBits = 0x80808080;
const wordBytes = 4;
/** Line feed and quote are below it, and of what labels usually have a space alone. */
const aboveQuote = (quote + 1) * fourTimes;
const backslashes = backslash * fourTimes;

/** Bytes that a value of so many takes at most. */
export function mostEscaped(bytes: number): number {
  return 2 * bytes;
}

/**
 * Copies the value `from[at, end)` and returns where its copy ends. By words, up to three bytes further than it is long; a word in which something may have to
 * be escaped is looked for on the way. Few values have one: they are copied again byte by byte.
 */
export function copyValue(from: DataView, at: number, end: number, to: DataView, target: number): number {
  let found = 0;
  let index = at;
  let place = target;
  for (; index + wordBytes <= end; index += wordBytes, place += wordBytes) {
    const word = from.getInt32(index, true);
    to.setInt32(place, word, true);
    found |= suspects(word);
  }
  if (index < end) {
    const word = from.getInt32(index, true);
    to.setInt32(place, word, true);
    // What follows the value is not looked at.
    found |= suspects(word | (-1 << (8 * (end - index))));
  }
  return (found & highBits) === 0 ? target + (end - at) : copyEscaped(from, at, end, to, target);
}

/** A high bit is set when one of the word's bytes is below `aboveQuote`, or a backslash. */
function suspects(word: number): number {
  const others = word ^ backslashes;
  return ((word - aboveQuote) & ~word) | ((others - fourTimes) & ~others);
}

function copyEscaped(from: DataView, at: number, end: number, to: DataView, target: number): number {
  let place = target;
  for (let index = at; index < end; index++) {
    const byte = from.getUint8(index);
    if (byte === lineFeed || byte === quote || byte === backslash) to.setUint8(place++, backslash);
    to.setUint8(place++, byte === lineFeed ? n : byte);
  }
  return place;
}
