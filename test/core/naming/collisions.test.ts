import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { collisions } from '../../../src/core/naming/collisions.ts';
import { type Kind, kinds } from '../../../src/core/naming/kind.ts';

type Given = readonly [series: string, kind: Kind];

const rows: readonly (readonly [first: Given, second: Given, sample: string | undefined])[] = [
  [['x', 'gauge'], ['x', 'gauge'], 'x'],
  [['x', 'gauge'], ['x_total', 'counter'], 'x'],
  [['x_total', 'gauge'], ['x_total', 'counter'], 'x_total'],
  [['x', 'histogram'], ['x_count', 'gauge'], 'x_count'],
  [['x_sum', 'gauge'], ['x', 'summary'], 'x_sum'],
  [['x', 'summary'], ['x', 'gauge'], 'x'],
  [['x', 'histogram'], ['x', 'gauge'], 'x'],
  [['x_total', 'counter'], ['x_created', 'gauge'], 'x_created'],
  [['x', 'histogram'], ['x', 'summary'], 'x'],
  [['x_total', 'histogram'], ['x_total', 'counter'], 'x_total'],
  [['x', 'gaugehistogram'], ['x_gcount', 'gauge'], 'x_gcount'],
  [['x', 'gauge'], ['y', 'gauge'], undefined],
  [['x_total', 'gauge'], ['x', 'gauge'], undefined],
  [['x_count', 'gauge'], ['x', 'gauge'], undefined],
  // restic-manager and the wasmrun agent: suffixes on another kind that nobody else generates
  [['rm_hosts_total', 'gauge'], ['rm_hosts_online', 'gauge'], undefined],
  [['wasmrun_agent_sessions_total', 'gauge'], ['wasmrun_agent_sessions_created_total', 'counter'], undefined],
];

for (const [[a, kindA], [b, kindB], sample] of rows) {
  test(`${kindA} ${a} beside ${kindB} ${b}: ${sample ?? 'no collision'}`, () => {
    const found = collisions([
      { name: 'first', series: a, kind: kindA },
      { name: 'second', series: b, kind: kindB },
    ]);
    assert.deepEqual(found, sample === undefined ? [] : [{ sample, between: ['first', 'second'] }]);
  });
}

test('each of three is reported once, with the first', () => {
  const found = collisions(['a', 'b', 'c'].map((name) => ({ name, series: 'x', kind: 'histogram' as const })));
  assert.deepEqual(
    found.map(({ between }) => between.join('')),
    ['ab', 'ac'],
  );
});

test('two families of one series always collide, whatever stands between them', () => {
  const series = fc.stringMatching(/^[a-c](_(total|sum|count))?$/);
  fc.assert(
    fc.property(series, fc.constantFrom(...kinds), fc.constantFrom(...kinds), fc.array(series), (name, kindA, kindB, others) => {
      const found = collisions([
        { name: 'first', series: name, kind: kindA },
        ...others.map((other, index) => ({ name: `other ${index}`, series: other, kind: 'gauge' as const })),
        { name: 'last', series: name, kind: kindB },
      ]);
      assert.ok(found.some(({ between }) => between.join() === 'first,last'));
    }),
  );
});
