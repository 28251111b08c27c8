/**
 * Of what is many or takes long, `npm test` takes a sample: a file that asks here for less runs again, in full, with `npm run
 * test:long`, which finds it by this import.
 */
import { test } from 'node:test';

export const full = process.env.METERBRIDGE_FULL === 'true';
/** What repeats is repeated less: `npm run test:long -- --ci`. */
export const brief = process.env.METERBRIDGE_BRIEF === 'true';

/** How many of the same kind, repeated: in `npm test`, in `npm run test:long -- --ci`, in full. */
export function repeated(few: number, some: number, many: number): number {
  if (!full) return few;
  return brief ? some : many;
}

/** The first `few` of all; in full, all. */
export function sampleOf<T>(all: readonly T[], few = 1): readonly T[] {
  return full ? all : all.slice(0, few);
}

/** A test that `npm test` leaves out. */
export const testInFull = full ? test : ((() => Promise.resolve()) as unknown as typeof test);
