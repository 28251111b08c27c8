/**
 * The labels of an exemplar besides its ids, as bytes in its cells: names and values in turn, each behind its length
 * (`label-bytes.ts`), six bytes a cell, which a double holds exactly. So they come, go and travel with the row, and rows without
 * any have no cells for them.
 */
import type { Pair } from '../../naming/label-name.ts';
import { LabelReader } from '../labels/label-bytes.ts';

/** A range of bytes. */
export interface TextBytes {
  readonly bytes: Uint8Array;
  readonly from: number;
  readonly to: number;
}

export const noText: TextBytes = Object.freeze({ bytes: new Uint8Array(0), from: 0, to: 0 });

const bytesACell = 6;
const bitsAByte = 8;
/** Of the cell's value, the two high bytes are above it. */
const lowRange = 2 ** 32;
/**
 * The 128 code points that OpenMetrics allows take four bytes each, 64 names and 64 values a length each, and four of these a
 * second byte.
 */
export const mostTextBytes = 648;
/** Rows have room for texts of so many bytes: few ASCII ones beside ids, all ASCII ones, and any. */
const roomsInBytes: readonly number[] = [48, 144, mostTextBytes];

/** The room, in bytes, of rows that take a text of so many. 0: none. */
export function textRoom(bytes: number): number {
  return bytes === 0 ? 0 : (roomsInBytes.find((room) => room >= bytes) ?? mostTextBytes);
}

/** Cells of a room. */
export function textCells(roomBytes: number): number {
  return Math.ceil(roomBytes / bytesACell);
}

/** Writes no cell where there is no text. Allocates nothing. */
export function putText(cells: Float64Array, at: number, { bytes, from, to }: TextBytes): void {
  let cell = at;
  for (let first = from; first < to; first += bytesACell) {
    let number = 0;
    for (let index = first; index < first + bytesACell; index++)
      number = number * 2 ** bitsAByte + (index < to ? (bytes[index] as number) : 0);
    cells[cell++] = number;
  }
}

const scratch = new Uint8Array(textCells(mostTextBytes) * bytesACell);

/** The bytes are whole: their checksum is right. */
export function readText(cells: Float64Array, at: number, length: number): readonly Pair[] {
  for (let cell = 0; cell < textCells(length); cell++) {
    let rest = cells[at + cell] as number;
    for (let index = bytesACell - 1; index >= 0; index--) {
      scratch[cell * bytesACell + index] = rest % 2 ** bitsAByte;
      rest = Math.floor(rest / 2 ** bitsAByte);
    }
  }
  const reader = new LabelReader(scratch, 0);
  const pairs: Pair[] = [];
  while (reader.at < length) pairs.push([reader.string(), reader.string()]);
  return pairs;
}

/** Continues a checksum. */
export function mixedText(sum: number, cells: Float64Array, at: number, length: number): number {
  let mixing = sum;
  for (let cell = at; cell < at + textCells(length); cell++) {
    const number = cells[cell] as number;
    mixing = mixed(mixed(mixing, number), number / lowRange);
  }
  return mixing;
}

/** FNV-1a, a word at a time and turned, so that high bits reach the low ones. */
export function mixed(sum: number, word: number): number {
  const product = Math.imul(sum ^ word, 0x01000193);
  return product ^ (product >>> 15);
}
