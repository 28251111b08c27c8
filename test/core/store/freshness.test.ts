/** Ages and what may be shown: one rule for pull, push, the SDK's producer and `meterbridge/testing`. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type FamilySpec, freshnessOf, isShown } from '../../../src/core/store/index.ts';

const spec: FamilySpec = { name: 'a', kind: 'gauge', unit: '', help: '', labels: [], maxAgeMs: 60_000 };

const cases = [
  { what: 'recorded families never age', goodAt: Infinity, maxAgeMs: 60_000, now: 1e15, is: 'good' },
  { what: 'an observed family that never was good', goodAt: -Infinity, maxAgeMs: Infinity, now: 0, is: 'unknown' },
  { what: 'as old as its age allows', goodAt: 1_000, maxAgeMs: 60_000, now: 61_000, is: 'good' },
  { what: 'one millisecond older', goodAt: 1_000, maxAgeMs: 60_000, now: 61_001, is: 'stale' },
  { what: 'an age without end', goodAt: 1_000, maxAgeMs: Infinity, now: 1e15, is: 'good' },
] as const;

for (const { what, goodAt, maxAgeMs, now, is } of cases) {
  test(`${what}: ${is}`, () => {
    const family = { goodAt, spec: { ...spec, maxAgeMs } };
    assert.equal(freshnessOf(family, now), is);
    assert.equal(isShown(family, now), is === 'good');
  });
}
