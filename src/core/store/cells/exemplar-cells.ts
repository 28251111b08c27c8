/**
 * An exemplar in cells of its row, behind the value, so that it grows, goes and travels to other threads with it. Ids are 32 bits
 * a cell: a double holds them exactly, while raw bytes could be a NaN, of which a copy need not keep the bits. Its labels besides
 * are in cells behind those (`exemplar-text.ts`), of rows that have such.
 */
import type { Pair } from '../../naming/label-name.ts';
import { mixed, mixedText, mostTextBytes, noText, putText, readText, type TextBytes } from './exemplar-text.ts';

export interface StoredExemplar {
  readonly value: number;
  /** Milliseconds since the epoch; 0: unknown. */
  readonly timeMs: number;
  /** Hexadecimal, 32 digits. Absent: unknown. */
  readonly traceId?: string;
  /** Hexadecimal, 16 digits. Absent: unknown. */
  readonly spanId?: string;
  /** Besides the ids. Absent: none. */
  readonly labels?: readonly Pair[];
}

/**
 * Offsets in an exemplar's cells. The first has a checksum, and above its 32 bits how many bytes the text has. The last two are
 * its reservoir's: the walk since which it has counted, and how many were offered since.
 */
const slotCell = { check: 0, time: 1, value: 2, trace: 3, span: 7, walk: 9, offered: 10 } as const;
export const exemplarCells = 11;
const textCell = exemplarCells;
/** The checksum is below it, on both sides of 0. */
const checkRange = 2 ** 32;

const traceWords = 4;
const spanWords = 2;
const digitsAWord = 8;
const bytesAWord = 4;

const doubles = new Float64Array(2);
const halves = new Int32Array(doubles.buffer);
const words = new Float64Array(traceWords + spanWords);

/**
 * Counts a measurement that is offered to the cells at `at`, in the collection that the walk number `walk` stands for, and
 * returns whether it is to be kept: each of a collection's with the same chance. It returns no number, because V8 would allocate
 * a double for it.
 */
export function isSampled(cells: Float64Array, at: number, walk: number): boolean {
  if (cells[at + slotCell.walk] !== walk) {
    cells[at + slotCell.walk] = walk;
    cells[at + slotCell.offered] = 0;
  }
  const offered = (cells[at + slotCell.offered] as number) + 1;
  cells[at + slotCell.offered] = offered;
  return offered === 1 || Math.random() * offered < 1;
}

/**
 * Puts an exemplar in the cells at `at`. Ids that W3C Trace Context calls invalid change nothing. `text`: its labels, for which
 * the cells have room. Allocates nothing.
 */
export function writeExemplar(
  cells: Float64Array,
  at: number,
  value: number,
  timeMs: number,
  traceId: string,
  spanId: string,
  text: TextBytes = noText,
): void {
  if (!readHex(traceId, 0, traceWords) || !readHex(spanId, traceWords, spanWords)) return;
  cells[at + slotCell.time] = timeMs;
  cells[at + slotCell.value] = value;
  cells.set(words, at + slotCell.trace);
  putText(cells, at + textCell, text);
  cells[at + slotCell.check] = checkOf(cells, at, text.to - text.from);
}

/** One as OTLP has it: ids are 16 or 8 bytes from an offset on. An object, because numbers that are passed are allocated. */
export interface ReceivedExemplar {
  readonly value: number;
  /** Milliseconds since the epoch; 0: unknown. */
  readonly timeMs: number;
  readonly bytes: Uint8Array;
  /** Negative: there is none. */
  readonly traceAt: number;
  /** Negative: there is none. */
  readonly spanAt: number;
}

/**
 * The same of an exemplar that was received: either id may be absent. Ids of zeros are, too ("an all-zeroes value", OTLP's
 * metrics.proto). `text`: its labels, for which the cells have room. Allocates nothing.
 */
export function writeReceivedExemplar(
  cells: Float64Array,
  at: number,
  exemplar: ReceivedExemplar,
  text: TextBytes = noText,
): void {
  const { bytes, traceAt, spanAt } = exemplar;
  cells[at + slotCell.time] = exemplar.timeMs;
  cells[at + slotCell.value] = exemplar.value;
  putWords(cells, at + slotCell.trace, traceWords, bytes, traceAt);
  putWords(cells, at + slotCell.span, spanWords, bytes, spanAt);
  putText(cells, at + textCell, text);
  cells[at + slotCell.check] = checkOf(cells, at, text.to - text.from);
}

/**
 * Whether a received exemplar is the one in the cells already, or an older one. Both may have all in common but labels, then the
 * first stays. Allocates nothing.
 */
export function isKnown(cells: Float64Array, at: number, exemplar: ReceivedExemplar): boolean {
  if (cells[at + slotCell.check] === 0) return false;
  const { bytes, traceAt, spanAt } = exemplar;
  const present = cells[at + slotCell.time] as number;
  if (present !== exemplar.timeMs) return present > exemplar.timeMs;
  return (
    cells[at + slotCell.value] === exemplar.value &&
    hasWords(cells, at + slotCell.trace, traceWords, bytes, traceAt) &&
    hasWords(cells, at + slotCell.span, spanWords, bytes, spanAt)
  );
}

/** Whether the exemplar in the cells has an id or another label. */
export function isLabelled(cells: Float64Array, at: number): boolean {
  for (let word = slotCell.trace; word < slotCell.walk; word++) if (cells[at + word] !== 0) return true;
  return textBytesOf(cells[at + slotCell.check] as number) > 0;
}

function putWords(cells: Float64Array, at: number, count: number, bytes: Uint8Array, from: number): void {
  for (let word = 0; word < count; word++) cells[at + word] = from < 0 ? 0 : wordAt(bytes, from + word * bytesAWord);
}

function hasWords(cells: Float64Array, at: number, count: number, bytes: Uint8Array, from: number): boolean {
  for (let word = 0; word < count; word++)
    if (cells[at + word] !== (from < 0 ? 0 : wordAt(bytes, from + word * bytesAWord))) return false;
  return true;
}

/** The first byte is the highest. */
function wordAt(bytes: Uint8Array, at: number): number {
  let word = 0;
  for (let index = at; index < at + bytesAWord; index++) word = (word << 8) | (bytes[index] ?? 0);
  return word >>> 0;
}

/** Whether there is one at `at`, and at `other` none that is as new. */
export function isNewer(cells: Float64Array, at: number, other: number): boolean {
  return (
    (cells[at + slotCell.check] as number) !== 0 &&
    (cells[at + slotCell.time] as number) > (cells[other + slotCell.time] as number)
  );
}

/** Copies the one at `fromAt`, if there is one that is newer than the one at `at`. */
export function takeNewerExemplar(cells: Float64Array, at: number, from: Float64Array, fromAt: number): void {
  const isThere = (from[fromAt + slotCell.check] as number) !== 0;
  if (!isThere || !((from[fromAt + slotCell.time] as number) > (cells[at + slotCell.time] as number))) return;
  for (let cell = 0; cell < exemplarCells; cell++) cells[at + cell] = from[fromAt + cell] as number;
}

/** Undefined when there is none, or when another thread wrote it while its cells were copied. */
export function readExemplar(cells: Float64Array, at: number): StoredExemplar | undefined {
  const check = cells[at + slotCell.check] as number;
  const textBytes = textBytesOf(check);
  if (textBytes > mostTextBytes || check !== checkOf(cells, at, textBytes)) return undefined;
  const traceId = hex(cells, at + slotCell.trace, traceWords);
  const spanId = hex(cells, at + slotCell.span, spanWords);
  return {
    value: cells[at + slotCell.value] as number,
    timeMs: cells[at + slotCell.time] as number,
    ...(traceId !== undefined && { traceId }),
    ...(spanId !== undefined && { spanId }),
    ...(textBytes > 0 && { labels: readText(cells, at + textCell, textBytes) }),
  };
}

/**
 * A checksum instead of a lock: readers copy cells one by one, and a lock would cost the writer more. It is never that of cells
 * that are 0, so that a fresh row has no exemplar.
 */
function checkOf(cells: Float64Array, at: number, textBytes: number): number {
  doubles[0] = cells[at + slotCell.time] as number;
  doubles[1] = cells[at + slotCell.value] as number;
  let sum = 0x811c9dc5;
  for (let half = 0; half < halves.length; half++) sum = mixed(sum, halves[half] as number);
  for (let word = slotCell.trace; word < slotCell.walk; word++) sum = mixed(sum, cells[at + word] as number);
  if (textBytes > 0) sum = mixedText(sum, cells, at + textCell, textBytes);
  return sum + textBytes * checkRange;
}

function textBytesOf(check: number): number {
  return Math.floor((check + checkRange / 2) / checkRange);
}

/** False when it has another length, has other characters than hexadecimal digits, or is all zeros. */
function readHex(text: string, from: number, count: number): boolean {
  if (typeof text !== 'string' || text.length !== count * digitsAWord) return false;
  let any = 0;
  for (let word = 0; word < count; word++) {
    let bits = 0;
    for (let at = word * digitsAWord; at < (word + 1) * digitsAWord; at++) {
      const digit = digitOf(text.charCodeAt(at));
      if (digit < 0) return false;
      bits = (bits << 4) | digit;
    }
    any |= bits;
    words[from + word] = bits >>> 0;
  }
  return any !== 0;
}

function digitOf(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  if (code >= 0x61 && code <= 0x66) return code - 0x57;
  return code >= 0x41 && code <= 0x46 ? code - 0x37 : -1;
}

/** Undefined: all zeros. */
function hex(cells: Float64Array, at: number, count: number): string | undefined {
  let text = '';
  let any = false;
  for (let word = 0; word < count; word++) {
    any ||= cells[at + word] !== 0;
    text += (cells[at + word] as number).toString(16).padStart(digitsAWord, '0');
  }
  return any ? text : undefined;
}
