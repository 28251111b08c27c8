/**
 * What our own search for a unit's words adds. The words themselves are held against the library of the Collector and Prometheus
 * in otlptranslator.test.ts.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unitAtEnd, unitWords } from '../../../src/core/naming/unit-word.ts';

test('the halves of a unit come apart', () => assert.deepEqual(unitWords('By/s'), { main: 'bytes', per: 'per_second' }));

const endings: readonly (readonly [name: string, unit: string, taken: number])[] = [
  ['x_seconds', 's', 1],
  ['x_bytes', 'By', 1],
  ['x_percent', '%', 1],
  ['x_bytes_per_second', 'By/s', 3],
  ['x_per_second', '/s', 2],
  ['x_runs', '', 0],
  ['x_second', '', 0],
  ['x_seconds_used', '', 0],
  // `m` after the slash would be the metre in UCUM, `KBy` is no UCUM
  ['x_per_minute', '', 0],
  ['x_kilobytes', '', 0],
];

for (const [name, unit, taken] of endings) {
  test(`${name} ends in unit ${JSON.stringify(unit)}`, () => assert.deepEqual(unitAtEnd(name.split('_')), { unit, taken }));
}
