import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Family } from '../../../../src/core/store/index.ts';
import { deltaRig } from '../delta-rig.ts';

type Step =
  | { readonly do: 'add'; readonly series: number; readonly value: number }
  | { readonly do: 'begin' }
  | { readonly do: 'remove'; readonly series: number }
  | { readonly do: 'push'; readonly requests: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('add' as const), series: fc.nat(50), value: fc.nat(2 ** 32) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('begin' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('remove' as const), series: fc.nat(50) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('push' as const), requests: fc.oneof(fc.nat(5), fc.constant(100)) }) },
);

test('whatever comes, goes and fails: the deltas that arrived add up to the total, and their times are one unbroken line', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 80 }), async (steps) => {
      const { family, row, push, now } = deltaRig('delta', 3);
      const families = [family('runs'), family('level', { kind: 'gauge' }), family('time', { kind: 'histogram', bounds: [1] })];
      const [runs, level, time] = families as [Family, Family, Family];
      const live: { name: string; began: number; total: number; rows: [number, number, number] }[] = [];
      const arrived = new Map<string, { sum: number; until: string }>();
      let born = 0;

      async function pushAndCheck(requests?: number): Promise<void> {
        for (const { metric, attributes, asDouble, bucketCounts, startTimeUnixNano, timeUnixNano, flags } of await push(
          requests,
        )) {
          if (metric === 'level') continue;
          const key = `${metric} ${attributes[0]?.value.stringValue}`;
          const value = asDouble ?? bucketCounts?.[1] ?? Number.NaN;
          const before = arrived.get(key);
          assert.ok(value >= 0 && flags !== 1);
          if (before !== undefined) assert.equal(startTimeUnixNano, before.until);
          arrived.set(key, { sum: (before?.sum ?? 0) + value, until: timeUnixNano });
        }
      }

      for (const one of steps) {
        if (one.do === 'push') await pushAndCheck(one.requests);
        else if (one.do === 'begin') {
          const name = String(born++);
          live.push({ name, began: now(), total: 0, rows: [row(runs, name), row(level, name), row(time, name)] });
        } else {
          const chosen = live[one.series % Math.max(1, live.length)];
          if (chosen === undefined) continue;
          if (one.do === 'remove') {
            for (const [at, each] of families.entries()) each.drop(chosen.rows[at] as number);
            live.splice(live.indexOf(chosen), 1);
          } else {
            chosen.total += one.value;
            runs.cells[chosen.rows[0]] = chosen.total;
            time.cells[chosen.rows[2] * time.stride + 1] = chosen.total;
          }
        }
      }
      await pushAndCheck();
      for (const { name, total } of live) {
        assert.equal(arrived.get(`runs ${name}`)?.sum, total);
        assert.equal(arrived.get(`time ${name}`)?.sum, total);
      }
    }),
    { numRuns: 300 },
  );
});
