/** Sorting in pieces, so that the caller can yield. */

import type { FamilyView } from '../../../../core/store/index.ts';

/** Families with more rows than this come in order of creation, because sorting holds them in memory. */
const mostSortedRows = 10_000;

export function isSorted({ spec, size }: FamilyView): boolean {
  return spec.sorted === true && size <= mostSortedRows;
}

/** Comparisons between two pauses: some 0.1 ms. */
const comparisonsAPiece = 1_024;
/** Runs of so few are sorted at once. */
const runLength = 64;

/** The indexes of `keys` in the order of their keys, by UTF-16 code unit; equal ones stay in order. Pauses now and then. */
export function* sortedIndexes(keys: readonly string[]): Generator<undefined, Int32Array> {
  let from = Int32Array.from(keys.keys());
  let to = new Int32Array(keys.length);
  for (let at = 0; at < keys.length; at += runLength) {
    from.subarray(at, at + runLength).sort((a, b) => compare(keys[a] as string, keys[b] as string));
    yield;
  }
  for (let length = runLength; length < keys.length; length *= 2) {
    for (let at = 0; at < keys.length; at += 2 * length) yield* merge(keys, from, to, at, length);
    [from, to] = [to, from];
  }
  return from;
}

/** Two neighbouring runs, the first of `length`. */
function* merge(
  keys: readonly string[],
  from: Int32Array,
  to: Int32Array,
  at: number,
  length: number,
): Generator<undefined, void> {
  const middle = Math.min(at + length, keys.length);
  const end = Math.min(middle + length, keys.length);
  for (let left = at, right = middle, slot = at; slot < end; slot++) {
    const takesLeft = right >= end || (left < middle && !(keyAt(keys, from, right) < keyAt(keys, from, left)));
    to[slot] = from[takesLeft ? left++ : right++] as number;
    if (slot % comparisonsAPiece === 0) yield;
  }
}

function keyAt(keys: readonly string[], indexes: Int32Array, at: number): string {
  return keys[indexes[at] as number] as string;
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

/** An index, and the key that says where it belongs. */
export interface Keyed {
  readonly index: number;
  readonly key: string;
}

/**
 * `known`, indexes in the order of their keys, with `fresh` ones, which are in that order too, merged in; of equal keys the lower
 * index comes first. `keyOf` a known one is asked for few of them. Undefined: it has none any more, and its position does not
 * matter. Pauses after each fresh one.
 */
export function* withFresh(
  known: Int32Array,
  fresh: Iterable<Keyed>,
  keyOf: (index: number) => string | undefined,
): Generator<undefined, Int32Array> {
  const order: number[] = [];
  let taken = 0;
  for (const { index, key } of fresh) {
    const slot = placeOf(known, taken, { index, key }, keyOf);
    while (taken < slot) order.push(known[taken++] as number);
    order.push(index);
    yield;
  }
  while (taken < known.length) order.push(known[taken++] as number);
  return Int32Array.from(order);
}

/** Looks at `from`, and then twice as far each time: where many are fresh this merges, where few are it searches. */
function placeOf(known: Int32Array, from: number, { index, key }: Keyed, keyOf: (index: number) => string | undefined): number {
  let low = from;
  let high = known.length;
  for (let step = 1, isNear = false; low < high; step *= 2) {
    const probe = isNear ? (low + high) >>> 1 : Math.min(low + step, high) - 1;
    let at = probe;
    let other: string | undefined;
    while (at >= low) {
      other = keyOf(known[at] as number);
      if (other !== undefined) break;
      at -= 1;
    }
    if (other === undefined || other < key || (other === key && (known[at] as number) < index)) low = probe + 1;
    else {
      high = at;
      isNear = true;
    }
  }
  return low;
}
