import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judge } from '../../bench/aims.ts';

const row = { bench: 'record', case: 'counter-2-labels', spread: {}, rounds: 1 };

test('an aim is held against the best of its peers', () => {
  const ratios = { meterbridge: 1, 'prom-client': 9, '@prometheus-io/client': 4, 'otel-sdk': 25 };
  const verdicts = judge({ ...row, unit: 'ns/op', results: {}, ratios });
  assert.deepEqual(
    verdicts.map(({ aim, figure, reached }) => [aim, figure, reached]),
    [
      ['≥ 5× the best JS client', 4, false],
      ['≥ 20× the OTel SDK', 25, true],
    ],
  );
});

test('allocation is a condition, and what the caller allocates is not counted', () => {
  const [none] = judge({ ...row, unit: 'B/op', results: { meterbridge: 40, empty: 40 }, ratios: {} });
  const [some] = judge({ ...row, unit: 'B/op', results: { meterbridge: 41, empty: 40 }, ratios: {} });
  assert.deepEqual([none?.condition, none?.reached, some?.reached], [true, true, false]);
});

test('a run without the peers judges nothing', () => {
  assert.deepEqual(judge({ ...row, unit: 'ns/op', results: { meterbridge: 30 }, ratios: { meterbridge: 1 } }), []);
});
