import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contract, counter, histogram, oneOf } from '../../../../src/core/contract/index.ts';
import { parseAccepted } from '../../../../src/tools/check/accepted/read-accepted.ts';
import { allowedIn, decide } from '../../../../src/tools/check/diff/allowed.ts';
import { diffContracts } from '../../../../src/tools/check/diff/diff-contracts.ts';
import { readHints } from '../../../../src/tools/check/diff/read-hints.ts';
import { unitFactor } from '../../../../src/tools/check/diff/unit-factor.ts';

const help = 'Something.';
const old = contract('app', {
  runs: counter({ help, labels: { status: oneOf('ok', 'failed'), kind: oneOf('a') } }),
  wait: histogram({ help, unit: 'ms', bounds: [100, 1000] }),
});
const next = contract('app', {
  jobs: counter({ help, labels: { result: oneOf('ok', 'error', 'timeout') } }),
  wait: histogram({ help, unit: 's', bounds: [0.1, 1] }),
});
const hints = readHints(
  'hints.yaml',
  'metrics: {app_runs_total: app_jobs_total}\nlabels: {app_runs_total: {status: result}}\nvalues: {app_runs_total: {status: {failed: [error, timeout]}}}\n',
);

test('hints say what became of a series, a label and a value', () => {
  const { changes, mappings } = diffContracts(old, next, hints);
  const ids = changes.filter(({ impact }) => impact === 'breaking').map(({ id }) => id);
  assert.deepEqual(ids, [
    'app_runs_total/series-renamed',
    'app_runs_total/label-renamed/status',
    'app_runs_total/value-split/status=failed',
    'app_runs_total/label-removed/kind',
    'app_wait_milliseconds/series-renamed',
    'app_wait_milliseconds/unit-scaled',
    'app_wait_milliseconds/bounds-rescaled',
  ]);
  const runs = mappings.get('app_runs_total');
  assert.deepEqual(runs && [...runs.labels], [
    ['status', 'result'],
    ['kind', undefined],
  ]);
  assert.deepEqual(runs?.values.get('status')?.get('failed'), ['error', 'timeout']);
  assert.equal(mappings.get('app_wait_milliseconds')?.factor, 0.001);
});

test('a name that the contracts do not have is an error with the nearest one', () => {
  const wrong = readHints(
    'h.json',
    '{"metrics": {"app_run_total": "app_jobs_total"}, "values": {"app_runs_total": {"statos": {"ok": []}}}}',
  );
  assert.throws(() => diffContracts(old, next, wrong), /metrics\.app_run_total: got "app_run_total".*write app_runs_total/);
  assert.throws(() => readHints('h.yaml', 'metric: {}\n'), /h\.yaml:1:1 metric: got "metric".*write metrics/);
  assert.throws(() => readHints('h.yaml', 'metrics: {a: [b]}\n'), /h\.yaml:1:14 metrics\.a: got a list; it is a string/);
});

// The Unified Code for Units of Measure, tables of prefixes and units.
const factors: readonly (readonly [string, string, number | undefined])[] = [
  ['ms', 's', 0.001],
  ['s', 'ms', 1000],
  ['us', 'ns', 1000],
  ['min', 's', 60],
  ['h', 'min', 60],
  ['d', 'h', 24],
  ['KiBy', 'By', 1024],
  ['GiBy', 'MiBy', 1024],
  ['kBy', 'By', 1000],
  ['By', 'bit', 8],
  ['%', '1', 0.01],
  ['1', '%', 100],
  ['KiBy/s', 'By/s', 1024],
  ['By/min', 'By/s', 1 / 60],
  ['kW.h', 'J', 3_600_000],
  ['{run}', '{job}', 1],
  ['', '{run}', 1],
  ['', '1', 1],
  ['1/s', 'Hz', 1],
  ['', 's', undefined],
  ['{run}', '%', undefined],
  ['s', 'By', undefined],
  ['Cel', 'K', undefined],
  ['parsec', 'm', undefined],
];
for (const [from, to, factor] of factors) {
  test(`${from || 'no unit'} to ${to}: ${factor ?? 'no factor'}`, () => assert.equal(unitFactor(from, to), factor));
}

test('a change is allowed by its id until its day, and an entry that nothing has is noted', () => {
  const { changes } = diffContracts(old, next, hints);
  const entries = allowedIn(
    parseAccepted(
      'allow.yaml',
      `allow:
  - {id: app_wait_milliseconds/unit-scaled, reason: Seconds are the norm., until: 2030-01-31}
  - {id: app_runs_total/label-removed/kind, reason: Nobody reads it., until: '2030-01-30'}
  - {id: app_runs_total/label-removed/kid, reason: Left over., until: '2031-01-31'}
  - {id: app_gone_total/series-removed, reason: Long done., until: 2029-12-31}
`,
      'allow',
    ),
  );
  const { broken, allowed, expired, notes } = decide(changes, entries, '2030-01-31');
  assert.deepEqual([...allowed.keys()], ['app_wait_milliseconds/unit-scaled']);
  assert.ok(broken.some(({ id }) => id === 'app_runs_total/label-removed/kind'));
  assert.equal(broken.length, 6);
  assert.match(notes.join('\n'), /allowed until this day.*2030-01-31[\s\S]*kid".*write app_runs_total\/label-removed\/kind/);
  assert.deepEqual(
    expired.map(({ id, at }) => [id, at]),
    [
      ['app_runs_total/label-removed/kind', 'allow.yaml:3:5'],
      ['app_gone_total/series-removed', 'allow.yaml:5:5'],
    ],
  );
  assert.match(notes.at(-1) ?? '', /^allow\.yaml:5:5 .*app_gone_total.*remove it, since no breaking change has its id\.$/);
});
