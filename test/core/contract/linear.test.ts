/** Whatever a contract's JSON holds, reading it takes time in proportion to its size. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromJson } from '../../../src/core/contract/index.ts';
import { MeterbridgeError } from '../../../src/index.ts';
import { assertLinear } from '../../linear.ts';

const record = (size: number, value: (index: number) => unknown) =>
  Object.fromEntries(Array.from({ length: size }, (_, index) => [`k${index}`, value(index)]));
const metric = (fields: object) => ({ kind: 'counter', help: 'Helps.', ...fields });

const contracts: readonly (readonly [what: string, size: number, contract: (size: number) => object])[] = [
  ['metrics', 500, (size) => ({ metrics: record(size, () => metric({})) })],
  ['metrics that come out under one name', 500, (size) => ({ metrics: record(size, () => metric({ series: 'a_total' })) })],
  ['unknown keys', 2_000, (size) => ({ metrics: {}, ...record(size, () => 1) })],
  ['labels', 500, (size) => ({ metrics: { m: metric({ labels: record(size, () => ({ kind: 'identity' })) }) } })],
  [
    'a value of a label again and again',
    2_000,
    (size) => ({ metrics: { m: metric({ labels: { l: { kind: 'closed', values: Array(size).fill('v') } } }) } }),
  ],
  ['findings that nothing has', 2_000, (size) => ({ metrics: {}, accepts: record(size, () => ['x']) })],
  ['a long name', 20_000, (size) => ({ metrics: { m: metric({ instrument: 'aB.'.repeat(size) }) } })],
];

for (const [what, size, contract] of contracts) {
  test(`${what}`, () =>
    assertLinear((length) => {
      const value = { name: 'big', ...contract(length) };
      return () => {
        try {
          fromJson(value);
        } catch (error) {
          if (!(error instanceof MeterbridgeError)) throw error;
        }
      };
    }, size));
}

test('more problems than a call has arguments are all told', () => {
  const value = { name: 'big', metrics: record(150_000, () => metric({ kind: 'gauge', series: 'a' })) };
  assert.throws(
    () => fromJson(value),
    (error: MeterbridgeError) => error.problems.length === 149_999,
  );
});
