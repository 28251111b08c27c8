/**
 * Names of a family. Expected: sample names of text 0.0.4 and of OpenMetrics 1.0 ("Metric types": the suffixes of each), typed
 * from the two documents.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Kind, seriesNames } from '../../../src/core/naming/index.ts';

/** What is written in text, and what OpenMetrics has or reserves beyond. */
const rows: readonly (readonly [series: string, kind: Kind, claims: string, reserved: string])[] = [
  ['x', 'gauge', 'x', ''],
  ['x_created', 'gauge', 'x_created', ''],
  ['x_info', 'info', 'x_info', ''],
  ['x', 'unknown', 'x', ''],
  ['x_total', 'counter', 'x_total', 'x x_created'],
  ['x', 'counter', 'x', ''],
  ['x', 'histogram', 'x x_bucket x_sum x_count', 'x_created'],
  ['x', 'summary', 'x x_sum x_count', 'x_created'],
  ['x', 'gaugehistogram', 'x x_bucket x_sum x_count', 'x_gsum x_gcount'],
];

for (const [series, kind, claims, reserved] of rows) {
  test(`${kind} ${series} has ${claims}, and in OpenMetrics ${reserved === '' ? 'no other name' : reserved}`, () => {
    const names = seriesNames({ name: series, unit: '', kind }, 'NoTranslation', '');
    assert.deepEqual([names.claims.join(' '), names.reserved.join(' ')], [claims, reserved]);
  });
}

test('a counter that is unknown in OpenMetrics reserves nothing', () => {
  const exposed = { series: 'x_total', openMetrics: 'x_total' };
  const { claims, reserved } = seriesNames({ name: 'x', unit: '', kind: 'counter', exposed }, 'NoTranslation', '');
  assert.deepEqual([claims, reserved], [['x_total'], []]);
});
