import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plot } from '../../bench/plot.ts';

const row = { bench: 'series', unit: 'ns/line', spread: {}, ratios: {}, rounds: 1 };

test('every contender is a line with a mark a point and its name', () => {
  const svg = plot([
    { ...row, case: 'series-100', results: { meterbridge: 1_000, 'prom-client': 10_000 } },
    { ...row, case: 'series-10000', results: { meterbridge: 100, 'prom-client': 1_000 } },
  ]);
  assert.equal(svg.match(/class="line"/g)?.length, 2);
  assert.equal(svg.match(/<circle/g)?.length, 4);
  assert.match(svg, />meterbridge<\/text>/);
  assert.match(svg, />Lower is better/);
  assert.doesNotMatch(svg, /NaN|undefined|Infinity/);
});

test('nothing measured is an empty plot, not an error', () => {
  assert.doesNotMatch(plot([]), /NaN|undefined|Infinity/);
});
