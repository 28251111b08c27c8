/** The comparison itself finds what differs. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compare, familiesOf, seriesKey, seriesOf } from './series.ts';

for (const [given, key] of [
  [{ b: '1', a: '2' }, 'x{a="2",b="1"}'],
  [{ le: '1.0' }, 'x{le="1"}'],
  [{ le: '1' }, 'x{le="1"}'],
  [{ le: '+Inf' }, 'x{le="Infinity"}'],
  [{ a: '', job: 'j', instance: 'i', otel_scope_name: 's' }, 'x{}'],
] as const) {
  test(`one spelling: ${JSON.stringify(given)}`, () => assert.equal(seriesKey('x', Object.entries(given)), key));
}

test('a missing series, an additional one and another value are found', () => {
  const pulled = new Map(Object.entries({ same: 1, other: 2, missing: 3 }));
  const pushed = new Map(Object.entries({ same: 1, other: 2.5, additional: 4 }));
  assert.deepEqual(compare(pulled, pushed, Object.is), {
    compared: 2,
    differingSeries: ['missing only pulled', 'additional only pushed'],
    differingValues: ['other: pulled 2, pushed 2.5'],
  });
});

test('what a Collector adds is not among the series', () => {
  const text = '# TYPE a gauge\na{instance="i",job="j"} 1\n# TYPE target_info gauge\ntarget_info{instance="i",job="j"} 1\n';
  assert.deepEqual([...seriesOf(familiesOf(text, 'text'))], [['a{}', 1]]);
});
