import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unitAtEnd, unitWord, unitWords } from '../../src/naming/unit-word.ts';

// Conformance: the units' table of the Collector and Prometheus.
const words: readonly (readonly [unit: string, word: string])[] = [
  ['d', 'days'],
  ['h', 'hours'],
  ['min', 'minutes'],
  ['s', 'seconds'],
  ['ms', 'milliseconds'],
  ['us', 'microseconds'],
  ['ns', 'nanoseconds'],
  ['By', 'bytes'],
  ['KiBy', 'kibibytes'],
  ['MiBy', 'mebibytes'],
  ['GiBy', 'gibibytes'],
  ['TiBy', 'tibibytes'],
  ['KBy', 'kilobytes'],
  ['MBy', 'megabytes'],
  ['GBy', 'gigabytes'],
  ['TBy', 'terabytes'],
  ['m', 'meters'],
  ['V', 'volts'],
  ['A', 'amperes'],
  ['J', 'joules'],
  ['W', 'watts'],
  ['g', 'grams'],
  ['Cel', 'celsius'],
  ['Hz', 'hertz'],
  ['%', 'percent'],
  ['1', ''],
  ['', ''],
  // after the slash
  ['By/s', 'bytes_per_second'],
  ['By/m', 'bytes_per_minute'],
  ['By/h', 'bytes_per_hour'],
  ['By/d', 'bytes_per_day'],
  ['By/w', 'bytes_per_week'],
  ['By/mo', 'bytes_per_month'],
  ['By/y', 'bytes_per_year'],
  ['/min', 'per_min'],
  ['/s', 'per_second'],
  ['1/s', 'per_second'],
  [' By / s ', 'bytes_per_second'],
  ['m/s/s', 'meters_per_s_s'],
  // a half with a bracket is dropped whole
  ['{run}', ''],
  ['By{x}', ''],
  ['{request}/s', 'per_second'],
  ['By/{run}', 'bytes'],
  ['{a}/{b}', ''],
  // unknown units stand for themselves
  ['USD', 'USD'],
  ['kBy', 'kBy'],
  ['m2', 'm2'],
  ['[degF]', 'degF'],
  ['°', ''],
];

for (const [unit, word] of words) {
  test(`unit ${JSON.stringify(unit)} is ${JSON.stringify(word)} in words`, () => assert.equal(unitWord(unit), word));
}

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
