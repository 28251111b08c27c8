/** Sorting in pieces, so that the caller can yield. */

import type { FamilyView } from '../../store/index.ts';

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
export function sortedIndexes(keys: readonly string[]): Generator<undefined, readonly number[]> {
  return mergeSort(
    keys,
    keys.map((_, index) => index),
  );
}

function* mergeSort(keys: readonly string[], indexes: readonly number[]): Generator<undefined, readonly number[]> {
  if (indexes.length <= runLength) {
    yield;
    return indexes.toSorted((a, b) => compare(keys, a, b));
  }
  const middle = indexes.length >>> 1;
  const left = yield* mergeSort(keys, indexes.slice(0, middle));
  const right = yield* mergeSort(keys, indexes.slice(middle));
  return yield* merge(keys, left, right);
}

function* merge(keys: readonly string[], left: readonly number[], right: readonly number[]): Generator<undefined, readonly number[]> {
  const merged: number[] = [];
  for (let at = 0, other = 0; merged.length < left.length + right.length; ) {
    const takesLeft = at < left.length && (other >= right.length || compare(keys, left[at] as number, right[other] as number) <= 0);
    merged.push((takesLeft ? left[at++] : right[other++]) as number);
    if (merged.length % comparisonsAPiece === 0) yield;
  }
  return merged;
}

function compare(keys: readonly string[], a: number, b: number): number {
  const [one, other] = [keys[a] as string, keys[b] as string];
  return one < other ? -1 : one > other ? 1 : 0;
}
