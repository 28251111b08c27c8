import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type ContractOptions,
  capped,
  contract,
  counter,
  type Declarations,
  gauge,
  histogram,
  identity,
  info,
  type Label,
  oneOf,
  parameter,
  summary,
} from '../../../src/core/contract/index.ts';
import { MeterbridgeError } from '../../../src/core/errors/error.ts';
import type { Kind } from '../../../src/core/naming/kind.ts';

const help = 'Something.';

function problems(metrics: Declarations, options?: ContractOptions, name = 'x') {
  try {
    contract(name, metrics, options);
    return [];
  } catch (error) {
    assert.ok(error instanceof MeterbridgeError);
    assert.equal(error.code, 'CONTRACT_INVALID');
    return error.problems;
  }
}

function labelled(name: string, label: Label): Declarations {
  return { a: counter({ help, labels: { [name]: label } }) };
}

function observedWith(kind: Kind, more: object): Declarations {
  return { a: { kind, declaration: { help, observed: true, ...more } } };
}

const refused: readonly (readonly [string, Declarations, string])[] = [
  ['empty help', { a: counter({ help: '' }) }, 'x.metrics.a.help'],
  ['blank help', { a: counter({ help: ' \n' }) }, 'x.metrics.a.help'],
  ['a key with a hyphen', { 'a-b': counter({ help }) }, 'x.metrics.a-b'],
  ['an instrument that begins with a digit', { a: gauge({ help, instrument: '1up' }) }, 'x.metrics.a.instrument'],
  ['an instrument of 256 characters', { a: gauge({ help, instrument: 'a'.repeat(256) }) }, 'x.metrics.a.instrument'],
  ['a series with a hyphen', { a: gauge({ help, series: 'a-b' }) }, 'x.metrics.a.series'],
  ['a series with a colon', { a: gauge({ help, series: 'a:b' }) }, 'x.metrics.a.series'],
  ['a counter named outright without _total', { a: counter({ help, series: 'a_b' }) }, 'x.metrics.a.unit'],
  ['a unit that brings out another name', { a: gauge({ help, series: 'x_a_seconds', unit: 'ms' }) }, 'x.metrics.a.unit'],
  ['unit 1 where no ratio is meant', { a: gauge({ help, series: 'rm_build_info', unit: '1' }) }, 'x.metrics.a.unit'],
  [
    'unit USD of a counter in usd',
    { a: counter({ help, series: 'crewshipd_llm_cost_usd_total', unit: 'USD' }) },
    'x.metrics.a.unit',
  ],
  ['a histogram without bounds', { a: histogram({ help, series: 'x_a_bytes' }) }, 'x.metrics.a.bounds'],
  ['a histogram with no bounds', { a: histogram({ help, unit: 's', bounds: [] }) }, 'x.metrics.a.bounds'],
  ['equal bounds', { a: histogram({ help, bounds: [1, 1] }) }, 'x.metrics.a.bounds[1]'],
  ['descending bounds', { a: histogram({ help, bounds: [2, 1] }) }, 'x.metrics.a.bounds[1]'],
  ['a bound +Inf', { a: histogram({ help, bounds: [1, Number.POSITIVE_INFINITY] }) }, 'x.metrics.a.bounds[1]'],
  ['a bound NaN', { a: histogram({ help, bounds: [Number.NaN] }) }, 'x.metrics.a.bounds[0]'],
  ['bounds of a gauge', { a: { kind: 'gauge', declaration: { help, bounds: [1] } } }, 'x.metrics.a.bounds'],
  ['exemplars of a gauge', { a: { kind: 'gauge', declaration: { help, exemplars: true } } }, 'x.metrics.a.exemplars'],
  [
    'exemplars of an up-down counter',
    { a: { kind: 'updowncounter', declaration: { help, exemplars: true } } },
    'x.metrics.a.exemplars',
  ],
  ['exemplars of a summary', { a: { kind: 'summary', declaration: { help, exemplars: true } } }, 'x.metrics.a.exemplars'],
  [
    'exemplars of an info',
    { a: { kind: 'info', declaration: { help, labels: { v: oneOf('1') }, exemplars: true } } },
    'x.metrics.a.exemplars',
  ],
  ['exemplars of what is observed', { a: counter({ help, observed: true, exemplars: true }) }, 'x.metrics.a.exemplars'],
  ['the unknown start of what is recorded', { a: counter({ help, unknownStart: true }) }, 'x.metrics.a.unknownStart'],
  ['the unknown start of a gauge', observedWith('gauge', { unknownStart: true }), 'x.metrics.a.unknownStart'],
  ['the unknown start of a summary', observedWith('summary', { unknownStart: true }), 'x.metrics.a.unknownStart'],
  ['a start that is text', observedWith('counter', { unknownStart: 'unknown' }), 'x.metrics.a.unknownStart'],
  [
    'a way across processes that does not exist',
    { a: { kind: 'gauge', declaration: { help, across: 'mean' } } },
    'x.metrics.a.across',
  ],
  ['a way across processes of a counter', { a: { kind: 'counter', declaration: { help, across: 'sum' } } }, 'x.metrics.a.across'],
  ['a way across processes of an info', observedWith('info', { across: 'max', labels: { v: oneOf('1') } }), 'x.metrics.a.across'],
  [
    'a label worker beside that of the process',
    { a: gauge({ help, across: 'worker', labels: { worker: oneOf('1') } }) },
    'x.metrics.a.across',
  ],
  [
    'a constant label worker beside that of the process',
    { a: gauge({ help, across: 'worker', constantLabels: { worker: '1' } }) },
    'x.metrics.a.across',
  ],
  [
    'descending bounds beside exponential buckets',
    { a: histogram({ help, bounds: [2, 1], exponential: {} }) },
    'x.metrics.a.bounds[1]',
  ],
  [
    'buckets of bounds and of powers of two',
    { a: histogram({ help, bounds: [1], exponential: { textBuckets: 8 } }) },
    'x.metrics.a.exponential.textBuckets',
  ],
  ['one bucket in text', { a: histogram({ help, exponential: { textBuckets: 1 } }) }, 'x.metrics.a.exponential.textBuckets'],
  ['room for one bucket', { a: histogram({ help, exponential: { maxSize: 1 } }) }, 'x.metrics.a.exponential.maxSize'],
  ['room for 1,025 buckets', { a: histogram({ help, exponential: { maxSize: 1_025 } }) }, 'x.metrics.a.exponential.maxSize'],
  ['half a bucket', { a: histogram({ help, exponential: { maxSize: 2.5 } }) }, 'x.metrics.a.exponential.maxSize'],
  ['a scale of 21', { a: histogram({ help, exponential: { maxScale: 21 } }) }, 'x.metrics.a.exponential.maxScale'],
  ['a scale of -11', { a: histogram({ help, exponential: { maxScale: -11 } }) }, 'x.metrics.a.exponential.maxScale'],
  ['an observed exponential histogram', { a: histogram({ help, observed: true, exponential: {} }) }, 'x.metrics.a.exponential'],
  ['exponential buckets of a gauge', { a: { kind: 'gauge', declaration: { help, exponential: {} } } }, 'x.metrics.a.exponential'],
  [
    'the minimum of an observed histogram',
    { a: histogram({ help, observed: true, bounds: [1], minMax: true }) },
    'x.metrics.a.minMax',
  ],
  ['the minimum of a summary', { a: { kind: 'summary', declaration: { help, minMax: true } } }, 'x.metrics.a.minMax'],
  [
    'a minMax that is text',
    { a: { kind: 'histogram', declaration: { help, bounds: [1], minMax: 'yes' } } },
    'x.metrics.a.minMax',
  ],
  [
    'an info that is zero-filled',
    { a: { kind: 'info', declaration: { help, labels: { v: oneOf('1') }, zeroFilled: true } } },
    'x.metrics.a.zeroFilled',
  ],
  ['info without labels', { a: info({ help }) }, 'x.metrics.a.labels'],
  ['label le', labelled('le', oneOf('a')), 'x.metrics.a.labels.le'],
  ['label quantile', labelled('quantile', oneOf('a')), 'x.metrics.a.labels.quantile'],
  ['label __x', labelled('__x', oneOf('a')), 'x.metrics.a.labels.__x'],
  ['a label with a hyphen', labelled('a-b', oneOf('a')), 'x.metrics.a.labels.a-b'],
  ['a label that begins with a digit', labelled('1a', oneOf('a')), 'x.metrics.a.labels.1a'],
  ['a label with two underscores in a row', labelled('a__b', oneOf('a')), 'x.metrics.a.labels.a__b'],
  ['an empty closed set', labelled('status', oneOf()), 'x.metrics.a.labels.status'],
  ['doubles in a closed set', labelled('status', oneOf('a', 'b', 'a')), 'x.metrics.a.labels.status'],
  ['an empty value', labelled('status', oneOf('')), 'x.metrics.a.labels.status'],
  ['limit 0', labelled('p', capped({ limit: 0 })), 'x.metrics.a.labels.p.limit'],
  ['limit 1.5', labelled('p', identity({ limit: 1.5 })), 'x.metrics.a.labels.p.limit'],
  ['a negative limit', labelled('p', identity({ limit: -1 })), 'x.metrics.a.labels.p.limit'],
  ['an empty other', labelled('p', capped({ other: '' })), 'x.metrics.a.labels.p.other'],
  ['a lone surrogate in a closed set', labelled('p', oneOf('\ud800')), 'x.metrics.a.labels.p'],
  ['a lone surrogate in other', labelled('p', capped({ other: 'a\udc00' })), 'x.metrics.a.labels.p.other'],
  [
    'a lone surrogate in a constant label',
    { a: gauge({ help, constantLabels: { p: '\ud800b' } }) },
    'x.metrics.a.constantLabels.p',
  ],
  ['a lone surrogate in help', { a: gauge({ help: 'A \ud800.' }) }, 'x.metrics.a.help'],
  ['a lone surrogate in a unit', { a: gauge({ help, unit: '{\ud800}' }) }, 'x.metrics.a.unit'],
  ['a lone surrogate in a deprecation', { a: gauge({ help, deprecated: 'Use \udfff.' }) }, 'x.metrics.a.deprecated'],
  ['an open label', labelled('p', 'any' as unknown as Label), 'x.metrics.a.labels.p'],
  ['labels that are exposed alike', { a: gauge({ help, labels: { 'a.b': capped(), a_b: capped() } }) }, 'x.metrics.a.labels.a_b'],
  [
    'a constant label that is a label too',
    { a: gauge({ help, labels: { p: capped() }, constantLabels: { p: '1' } }) },
    'x.metrics.a.constantLabels.p',
  ],
  [
    'counters of a summary with labels',
    { a: summary({ help, labels: { p: oneOf('x') }, counters: { sum: 'S.', count: 'C.' } }) },
    'x.metrics.a.counters',
  ],
  ['a counter without help', { a: summary({ help, counters: { sum: 'S.', count: ' ' } }) }, 'x.metrics.a.counters.count'],
  ['an empty parameter', { a: gauge({ help, constantLabels: { p: parameter('') } }) }, 'x.metrics.a.constantLabels.p'],
  ['an empty constant label', { a: gauge({ help, constantLabels: { p: '' } }) }, 'x.metrics.a.constantLabels.p'],
  ['an empty deprecation', { a: gauge({ help, deprecated: ' ' }) }, 'x.metrics.a.deprecated'],
  ['two keys of one series', { aB: gauge({ help }), a_b: gauge({ help }) }, 'x.metrics.a_b'],
  // OpenMetrics: counter a beside gauge a_total; histogram a beside gauge a_count
  ['a gauge with the name of a counter', { hosts: counter({ help }), hostsTotal: gauge({ help }) }, 'x.metrics.hostsTotal'],
  [
    'a gauge with the name of a counter family',
    { hosts: counter({ help }), other: gauge({ help, series: 'x_hosts' }) },
    'x.metrics.other',
  ],
  ['a gauge with the name of a count', { a: summary({ help }), aCount: gauge({ help }) }, 'x.metrics.aCount'],
  ['a gauge with the name of a bucket', { aBucket: gauge({ help }), a: histogram({ help, bounds: [1] }) }, 'x.metrics.a'],
  [
    'one instrument with two units',
    { a: gauge({ help, unit: 's' }), b: gauge({ help, instrument: 'x.a' }) },
    'x.metrics.b.instrument',
  ],
];
for (const [what, metrics, at] of refused) {
  test(`${what} is refused at ${at}`, () => {
    const found = problems(metrics);
    assert.deepEqual(
      found.map((problem) => problem.at),
      [at],
    );
    assert.ok(found.every(({ got, rule, fix }) => got !== '' && rule !== '' && fix !== ''));
  });
}

const options: readonly (readonly [string, ContractOptions, string])[] = [
  ['a default format nobody knows', { defaultFormat: 'json' as 'text' }, 'x.defaultFormat'],
  ['a negative age', { maxAgeMs: -1 }, 'x.maxAgeMs'],
  ['an age that is no number', { maxAgeMs: Number.NaN }, 'x.maxAgeMs'],
  ['accepting for a series that is not there', { accepts: { x_b: ['total-suffix'] } }, 'x.accepts.x_b'],
  ['accepting an id that is not there', { accepts: { x_a: ['total-sufix'] } }, 'x.accepts.x_a'],
];
for (const [what, given, at] of options) {
  test(`${what} is refused at ${at}`, () => {
    assert.deepEqual(
      problems({ a: gauge({ help }) }, given).map((problem) => problem.at),
      [at],
    );
  });
}

for (const name of ['', '1x', 'x-y', 'x.y', '_x']) {
  test(`contract name ${JSON.stringify(name)} is refused`, () => {
    assert.ok(problems({}, {}, name).some((problem) => problem.at === 'contract.name'));
  });
}

test('everything that is wrong is told at once, in the order of declaration', () => {
  const found = problems({
    a: counter({ help: '', labels: { le: oneOf('a'), status: oneOf('b', 'b') } }),
    b: histogram({ help, bounds: [] }),
    d: histogram({ help, observed: true, minMax: true, exponential: { maxSize: 0, maxScale: 99 } }),
    c: gauge({ help, series: 'x_b_count' }),
  });
  assert.deepEqual(
    found.map((problem) => problem.at),
    [
      ...[
        'x.metrics.a.help',
        'x.metrics.a.labels.le',
        'x.metrics.a.labels.status',
        'x.metrics.b.bounds',
        'x.metrics.d.exponential',
      ],
      ...['x.metrics.d.exponential.maxSize', 'x.metrics.d.exponential.maxScale', 'x.metrics.d.minMax', 'x.metrics.c'],
    ],
  );
});

test('exemplars of an observed gauge are wrong twice', () => {
  const found = problems({ a: { kind: 'gauge', declaration: { help, observed: true, exemplars: true } } });
  assert.deepEqual(
    found.map(({ at, fix }) => [at, fix]),
    [
      ['x.metrics.a.exemplars', 'remove it, or declare a counter or a histogram'],
      ['x.metrics.a.exemplars', 'remove it, or record the metric by calls'],
    ],
  );
});

test('a message says place, value, rule and fix', () => {
  assert.throws(
    () => contract('runwisp', { runs: counter({ help, labels: { status: oneOf('failed', 'failed') } }) }),
    /^MeterbridgeError: runwisp\.metrics\.runs\.labels\.status: got "failed"; .+ Fix: .+\.$/,
  );
});

test('a list in place of the values of a closed set: the values are arguments', () => {
  const list = ['a', 'b'];
  // As untyped code passes it.
  const found = problems({ a: counter({ help, labels: { status: oneOf(list as unknown as string) } }) });
  const rule = 'the values of a closed set are arguments, and a list is not one of them';
  const fix = "write oneOf('a', 'b'), or oneOf(...list)";
  assert.deepEqual(found, [{ at: 'x.metrics.a.labels.status', got: '["a", "b"]', rule, fix }]);
});

// A suffix on another kind is an error only when another family generates that name
const allowed: readonly (readonly [string, Declarations])[] = [
  ['a gauge rm_hosts_total', { hostsTotal: gauge({ help, unit: '{host}' }) }],
  ['a gauge rm_host_snapshot_count', { hostSnapshotCount: gauge({ help, unit: '{snapshot}' }) }],
  ['a ratio of unit 1', { hitRatio: gauge({ help, unit: '1' }) }],
  ['a label with a dot', labelled('http.method', capped())],
  ['info told not to be zero-filled', { buildInfo: info({ help, labels: { v: oneOf('1') }, zeroFilled: false }) }],
  ['info with constant labels only', { buildInfo: info({ help, constantLabels: { version: '1' } }) }],
  [
    'exemplars of a counter and a histogram',
    { a: counter({ help, exemplars: true }), b: histogram({ help, bounds: [1], exemplars: true }) },
  ],
  [
    'totals of a database',
    {
      a: counter({ help, observed: true, unknownStart: true }),
      b: histogram({ help, bounds: [1], observed: true, unknownStart: true }),
    },
  ],
  ['a gauge told to have none', { a: { kind: 'gauge', declaration: { help, exemplars: false } } }],
  ['an exponential histogram in any unit', { a: histogram({ help, unit: 'By', exponential: {} }) }],
  ['the smallest of them', { a: histogram({ help, exponential: { maxSize: 2, maxScale: -10 } }) }],
  ['the largest of them', { a: histogram({ help, exponential: { maxSize: 1_024, maxScale: 20 }, minMax: true }) }],
  ['surrogates in pairs', labelled('p', oneOf('\ud83d\ude00'))],
  ['negative bounds', { a: histogram({ help, bounds: [-1, 0, 1] }) }],
];
for (const [what, metrics] of allowed) {
  test(`${what} is allowed`, () => assert.deepEqual(problems(metrics, {}, 'rm'), []));
}
