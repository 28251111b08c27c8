/**
 * Series as numbers of 64 bits, so that an exposition of any length can be checked for a series that occurs twice: a set of
 * strings would be as large as the exposition. Two series of an exposition have the same number by chance once in 10^7
 * expositions of a million series. The hash has a secret of its own in each process.
 */
import { randomBytes } from 'node:crypto';

const secret = randomBytes(8);
const firstSecret = secret.readInt32LE(0);
const secondSecret = secret.readInt32LE(4);

/**
 * Of the last call of `hashSeries`, the order of labels apart: with all labels, and without the one that a point's samples do not
 * share.
 */
export const hashed = { all1: 0, all2: 0, shared1: 0, shared2: 0 };

let first = 0;
let second = 0;

function mix(text: string): void {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    first = Math.imul(first ^ unit, 0x85eb_ca6b);
    first ^= first >>> 13;
    second = Math.imul(second + unit, 0xc2b2_ae35);
    second ^= second >>> 15;
  }
  // An end, so that `ab`, `c` is not `a`, `bc`.
  first = Math.imul(first ^ 0x1_0000, 0xcc9e_2d51);
  second = Math.imul(second + 0x1_0000, 0x1b87_3593);
}

/**
 * Without empty labels, which are none for Prometheus.
 * @param own name of the label that is no part of `shared`
 */
export function hashSeries(labels: readonly (readonly [string, string])[], own: string | undefined): void {
  let all1 = 0;
  let all2 = 0;
  let own1 = 0;
  let own2 = 0;
  for (const label of labels) {
    if (label[1] === '') continue;
    first = firstSecret;
    second = secondSecret;
    mix(label[0]);
    mix(label[1]);
    first ^= first >>> 16;
    second ^= second >>> 16;
    all1 = (all1 + first) | 0;
    all2 = (all2 + second) | 0;
    if (label[0] === own) {
      own1 = first;
      own2 = second;
    }
  }
  hashed.all1 = all1;
  hashed.all2 = all2;
  hashed.shared1 = (all1 - own1) | 0;
  hashed.shared2 = (all2 - own2) | 0;
}

const timeBits = new Float64Array(1);
const timeWords = new Int32Array(timeBits.buffer);

/** Adds a sample's name and time to `hashed.all…`. */
export function hashSample(name: string, timestamp: number | undefined): void {
  first = hashed.all1 ^ firstSecret;
  second = hashed.all2 ^ secondSecret;
  mix(name);
  if (timestamp !== undefined) {
    timeBits[0] = timestamp;
    first = Math.imul(first ^ (timeWords[0] as number), 0x85eb_ca6b) ^ Math.imul((timeWords[1] as number) + 1, 0xcc9e_2d51);
    second = Math.imul(second + (timeWords[1] as number) + 1, 0xc2b2_ae35) ^ Math.imul(timeWords[0] as number, 0x1b87_3593);
  }
  hashed.all1 = first ^ (first >>> 16);
  hashed.all2 = second ^ (second >>> 16);
}

const smallest = 1 << 10;
/** Steps to a free place; more come only where the table is full, or somebody knew the secret. */
const mostSteps = 128;

export interface FingerprintSet {
  /** Whether it is new; undefined where there is no room. `mark`: any number but 0, kept beside it where the set has marks. */
  add(first: number, second: number, mark?: number): boolean | undefined;
  /** What it was added with; 0: nothing. */
  markOf(first: number, second: number): number;
  has(first: number, second: number): boolean;
  clear(): void;
}

/** Eight bytes an entry, twelve with marks, at most twice to four times over. */
export function createFingerprintSet(most: number, { hasMarks = false } = {}): FingerprintSet {
  let size = smallest;
  let table = new Int32Array(size * 2);
  let marks = new Int32Array(hasMarks ? size : 0);
  let used = 0;

  function place(first: number, second: number): number {
    let at = first & (size - 1);
    for (let step = 0; step < mostSteps; step++) {
      const a = table[at * 2] as number;
      const b = table[at * 2 + 1] as number;
      if ((a === first && b === second) || (a === 0 && b === 0)) return at * 2;
      at = (at + 1) & (size - 1);
    }
    return -1;
  }

  function grow(): void {
    const [old, oldMarks] = [table, marks];
    size *= 2;
    table = new Int32Array(size * 2);
    if (hasMarks) marks = new Int32Array(size);
    for (let at = 0; at < old.length; at += 2) {
      const first = old[at] as number;
      const second = old[at + 1] as number;
      if (first === 0 && second === 0) continue;
      const free = place(first, second);
      if (free < 0) continue;
      table[free] = first;
      table[free + 1] = second;
      if (hasMarks) marks[free >>> 1] = oldMarks[at >>> 1] as number;
    }
  }

  return {
    add(first, second, mark = 0) {
      const kept = first === 0 && second === 0 ? 1 : second;
      if (used * 2 >= size && used < most) grow();
      const at = place(first, kept);
      if (at < 0) return undefined;
      if (table[at] !== 0 || table[at + 1] !== 0) return false;
      if (used >= most) return undefined;
      table[at] = first;
      table[at + 1] = kept;
      if (hasMarks) marks[at >>> 1] = mark;
      used++;
      return true;
    },
    markOf(first, second) {
      const at = place(first, first === 0 && second === 0 ? 1 : second);
      return at < 0 ? 0 : (marks[at >>> 1] ?? 0);
    },
    has(first, second) {
      const at = used === 0 ? -1 : place(first, first === 0 && second === 0 ? 1 : second);
      return at >= 0 && (table[at] !== 0 || table[at + 1] !== 0);
    },
    clear() {
      if (used === 0) return;
      used = 0;
      // Many small families after a large one must not pay for it.
      if (size === smallest) {
        table.fill(0);
        marks.fill(0);
      } else {
        size = smallest;
        table = new Int32Array(size * 2);
        if (hasMarks) marks = new Int32Array(size);
      }
    },
  };
}
