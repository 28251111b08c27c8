import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judge, worst } from '../../bench/aims.ts';

const row = { bench: 'record', case: 'counter-routes-100', spread: {}, rounds: 1 };

test('an aim is held against the best of its peers', () => {
  const ratios = { meterbridge: 1, 'prom-client': 9, '@prometheus-io/client': 4, 'otel-sdk': 25 };
  const verdicts = judge({ ...row, unit: 'CPU ns/op', results: {}, ratios });
  assert.deepEqual(
    verdicts.map(({ aim, figure, reached }) => [aim, figure, reached]),
    [
      ['≥ 5× the best JS client', 4, false],
      ['≥ 15× the OTel SDK', 25, true],
    ],
  );
});

test('allocation is a condition, and what the caller allocates is not counted', () => {
  const [none] = judge({ ...row, unit: 'B/op', results: { meterbridge: 40, empty: 40 }, ratios: {} });
  const [some] = judge({ ...row, unit: 'B/op', results: { meterbridge: 41, empty: 40 }, ratios: {} });
  assert.deepEqual([none?.condition, none?.reached, some?.reached], [true, true, false]);
});

test('a run without the peers judges nothing', () => {
  assert.deepEqual(judge({ ...row, unit: 'CPU ns/op', results: { meterbridge: 30 }, ratios: { meterbridge: 1 } }), []);
});

test('of the cases that share an aim, the worst is shown', () => {
  const of = (name: string, ratio: number, share: number) =>
    judge({
      ...row,
      case: `counter-${name}`,
      unit: 'CPU ns/op',
      results: {},
      ratios: { 'prom-client': ratio },
      beyond: { 'two-maps': share },
    });
  const shown = worst([...of('routes-100', 7, 0.9), ...of('tasks-100', 6, 0.8), ...of('uuids-1000', 8, 1.1)]);
  assert.deepEqual(
    shown.map(({ case: name, aim, figure, reached }) => [name, aim, figure, reached]),
    [
      ['counter-tasks-100', '≥ 5× the best JS client', 6, true],
      ['counter-uuids-1000', '≤ 1.05 of two maps, each less an empty call', 1.1, false],
    ],
  );
});
