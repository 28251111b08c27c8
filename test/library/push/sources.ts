/** Stores for the tests of push, filled by hand. */
import { createStore, type Family, type FamilySpec } from '../../../src/core/store/index.ts';
import { takeRow } from '../../core/store/labels.ts';

export const startMs = 1_700_000_000_123;

export function specOf(name: string, over: Partial<FamilySpec> = {}): FamilySpec {
  return { name, kind: 'gauge', unit: '', help: `${name} in words.`, labels: [], maxAgeMs: 60_000, ...over };
}

/** Gives a row its cells. */
export function put(family: Family, attributes: Record<string, string>, ...cells: number[]): number {
  const row = takeRow(family, attributes, startMs);
  family.cells.set(cells, row * family.stride);
  return row;
}

/** A store with one counter at 3, for tests that look at the way and not at what goes it. */
export function smallStore() {
  const store = createStore();
  const source = store.source({ scope: { name: 'demo' } });
  const runs = source.family(specOf('demo.runs', { kind: 'counter', unit: '{run}', labels: ['status'] }), true);
  const row = put(runs, { status: 'success' }, 3);
  return { store, source, runs, row };
}
