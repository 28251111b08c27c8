/**
 * Prints of values: 30 bits of a hash, by which a delta that is sent again is known without keeping its value. They have no key,
 * because `--keep` hands them to the next process; whoever makes two points with one print loses only a point of its own.
 */
const start = 0x2545f491;
const factor = 0x9e3779b1;

export function newPrint(): number {
  return start;
}

export function mixed(print: number, word: number): number {
  const product = Math.imul(print ^ word, factor);
  return product ^ (product >>> 15);
}

/** Words of 32 bits from `at` to `end`; where a field is absent, `at` is 0 and so is its value. */
export function mixedWords(print: number, view: DataView, at: number, end: number): number {
  let all = print;
  for (let word = at; word < end; word += 4) all = mixed(all, view.getInt32(word, true));
  return all;
}

/** Eight bytes. */
export function mixedField(print: number, view: DataView, at: number): number {
  return at === 0 ? mixed(print, 0) : mixedWords(print, view, at, at + 8);
}

/** 1 to 2^30 - 1: 0 is that of a value that is unknown. */
export function endPrint(print: number): number {
  const bits = print >>> 2;
  return bits === 0 ? 1 : bits;
}
