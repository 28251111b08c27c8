/** A walk over a store beside everything else that the process does: short slices, and pauses between them that are longer. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cursor, View, Visitor } from '../../core/store/index.ts';

/** Of a slice, in milliseconds; garbage collection, and the step in progress, may extend it. */
const sliceMs = 1;
/** Between two slices, in milliseconds. */
const pauseMs = 3;
/** Cells between two looks at the clock: some 0.2 ms where each label is hashed. */
const cellsAStep = 512;

export interface Bounds {
  /** Milliseconds. */
  readonly mostMs: number;
  /** Called behind each step: true ends the walk. */
  readonly enough?: () => boolean;
}

/** False: it ended at a bound. */
export async function walkInSlices(view: View, visitor: Visitor, { mostMs, enough = () => false }: Bounds): Promise<boolean> {
  const from = performance.now();
  let cursor: Cursor | undefined;
  for (;;) {
    const sliceFrom = performance.now();
    do {
      cursor = view.walk(visitor, cursor, cellsAStep);
      if (cursor === undefined) return true;
      if (enough()) return false;
    } while (performance.now() - sliceFrom < sliceMs);
    if (performance.now() - from > mostMs) return false;
    await sleep(pauseMs);
  }
}

/** Lets those who ask at a time share one answer, and keeps it for a while. */
export function kept<T>(ms: number, make: () => Promise<T>): () => Promise<T> {
  let last: { readonly at: number; readonly answer: Promise<T> } | undefined;
  return () => {
    if (last !== undefined && performance.now() - last.at < ms) return last.answer;
    const answer = make();
    const made = { at: Number.POSITIVE_INFINITY, answer };
    last = made;
    // Its age counts from its end: a long count is not begun again while it goes on.
    answer.then(
      () => {
        made.at = performance.now();
      },
      () => {
        if (last === made) last = undefined;
      },
    );
    return answer;
  };
}
