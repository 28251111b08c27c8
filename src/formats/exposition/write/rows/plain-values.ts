/** Which rows' label values are written as they are: none is long, and none has a byte that has to be escaped. */
import { type FamilyView, lengthAt, type Row, valuesAt } from '../../../../core/store/index.ts';

/** Lengths below it take one byte. */
const long = 128;
const lineFeed = 0x0a;
const quote = 0x22;
const backslash = 0x5c;

/** In a word of four bytes, the same byte in each. */
const fourTimes = 0x01010101;
const highBits = 0x80808080;
const wordBytes = 4;
const aboveQuote = (quote + 1) * fourTimes;
const backslashes = backslash * fourTimes;

/** 32 rows a word; shifts count modulo 32 by themselves. */
const rowBits = 5;

/** The same bytes, one by one and by words. */
export interface LabelSource {
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

/**
 * Remembers a bit for each row that was looked at, for as long as the family takes no row. A class, because the hot loop calls
 * it.
 */
export class PlainValues {
  private taken = -1;
  private source: LabelSource = { bytes: new Uint8Array(), view: new DataView(new ArrayBuffer(0)) };
  private plain = new Int32Array(1);

  /**
   * The row was looked at, and its values are plain. Call this before looking at values: the result is valid until a row is
   * taken.
   */
  knows({ taken }: FamilyView, row: Row): boolean {
    if (taken !== this.taken) this.forget(taken);
    const word = row >>> rowBits;
    return word < this.plain.length && ((this.plain[word] as number) & (1 << row)) !== 0;
  }

  /**
   * What the labels of the family's rows lie in. Read where they are after calling it: in a view from another thread both are
   * replaced together.
   */
  sourceOf({ labelBytes: bytes }: FamilyView): LabelSource {
    if (bytes !== this.source.bytes) this.source = { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length) };
    return this.source;
  }

  /** Looks at a row that has `count` values. False when they are not plain, or the row has changed hands. */
  look(family: FamilyView, row: Row, generation: number, count: number): boolean {
    const { bytes, view } = this.sourceOf(family);
    if (!arePlain(bytes, view, valuesAt(family.labelsAt(row)), count) || !family.holds(row, generation)) return false;
    const word = row >>> rowBits;
    if (word >= this.plain.length) this.grow(word);
    this.plain[word] = (this.plain[word] as number) | (1 << row);
    return true;
  }

  private forget(taken: number): void {
    this.plain.fill(0);
    this.taken = taken;
  }

  private grow(word: number): void {
    const larger = new Int32Array(Math.max(this.plain.length * 2, word + 1));
    larger.set(this.plain);
    this.plain = larger;
  }
}

function arePlain(bytes: Uint8Array, view: DataView, at: number, labels: number): boolean {
  let end = at;
  for (let label = 0; label < labels; label++) {
    const length = lengthAt(bytes, end);
    const from = end + 1;
    end = from + length;
    // Bytes that another thread is writing may give any length.
    if (length >= long || end + wordBytes > bytes.length) return false;
    if (hasSuspect(view, from, end) && hasEscape(bytes, from, end)) return false;
  }
  return true;
}

/**
 * Whether there is a byte below the quote's successor, or a backslash. By words, because rows are looked at again when another
 * one was taken.
 */
function hasSuspect(view: DataView, from: number, end: number): boolean {
  let found = 0;
  let index = from;
  for (; index + wordBytes <= end; index += wordBytes) found |= suspects(view.getInt32(index, true));
  // What follows the value is not looked at.
  if (index < end) found |= suspects(view.getInt32(index, true) | (-1 << (8 * (end - index))));
  return (found & highBits) !== 0;
}

/** A high bit is set where a byte is, and maybe where none is above it. */
function suspects(word: number): number {
  const others = word ^ backslashes;
  return ((word - aboveQuote) & ~word) | ((others - fourTimes) & ~others);
}

function hasEscape(bytes: Uint8Array, from: number, end: number): boolean {
  for (let index = from; index < end; index++) {
    const byte = bytes[index];
    if (byte === lineFeed || byte === quote || byte === backslash) return true;
  }
  return false;
}
