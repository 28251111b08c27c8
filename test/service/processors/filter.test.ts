/**
 * What the filter keeps, as the documentation and the source of the Collector's v0.159 say of its older form; the twin test
 * compares with the Collector itself.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { requestWith, rig, settingsOf } from './rig.ts';

const gauge = (name: string) => ({
  name,
  gauge: { dataPoints: [{ asInt: '1', attributes: [{ key: 'k', value: { stringValue: 'v' } }] }] },
});
const resource = (attributes: Readonly<Record<string, object>>, ...scopes: readonly (readonly string[])[]) => ({
  resource: { attributes: Object.entries(attributes).map(([key, value]) => ({ key, value })) },
  scopeMetrics: scopes.map((names, at) => ({ scope: { name: `s${at}` }, metrics: names.map(gauge) })),
});
const request = {
  resourceMetrics: [
    resource(
      { env: { stringValue: 'prod' }, n: { intValue: '1' }, d: { doubleValue: 1e21 } },
      ['cpu.time', 'debug_a'],
      ['debug_b'],
    ),
    resource({ env: { stringValue: 'test' }, l: { arrayValue: { values: [{ intValue: '1' }] } } }, ['cpu.time', 'disk']),
    resource({}, ['disk']),
  ],
};

/** The names that are left, by resource and scope. */
function left(yaml: string): string {
  const { send, batches } = rig('filter', `metrics: {${yaml}}`);
  assert.equal(send(request), undefined);
  const names = (batches[0] ?? []).map(({ scopes }) =>
    scopes.map(({ metrics }) => metrics.map(({ name }) => name).join(' ')).join(' / '),
  );
  return names.join(' | ');
}

const all = 'cpu.time debug_a / debug_b | cpu.time disk | disk';
describe('keeps', () => {
  const cases: readonly (readonly [yaml: string, left: string])[] = [
    ['', all],
    ['exclude: {match_type: strict, metric_names: [debug_b, cpu]}', 'cpu.time debug_a | cpu.time disk | disk'],
    ['exclude: {match_type: regexp, metric_names: [^debug_]}', 'cpu.time | cpu.time disk | disk'],
    ['include: {match_type: regexp, metric_names: [^debug_, sk$]}', 'debug_a / debug_b | disk | disk'],
    [
      'include: {match_type: regexp, metric_names: [.]}, exclude: {match_type: strict, metric_names: [disk]}',
      'cpu.time debug_a / debug_b | cpu.time',
    ],
    ['include: {match_type: strict, resource_attributes: [{key: env}]}', 'cpu.time debug_a / debug_b | cpu.time disk'],
    [
      'include: {match_type: strict, resource_attributes: [{key: env, value: prod}, {key: n, value: 1}]}',
      'cpu.time debug_a / debug_b',
    ],
    ['include: {match_type: strict, resource_attributes: [{key: env, value: prod}, {key: n, value: "1"}]}', ''],
    ['include: {match_type: regexp, resource_attributes: [{key: n, value: ^1$}]}', 'cpu.time debug_a / debug_b'],
    ['include: {match_type: regexp, resource_attributes: [{key: d, value: "^10{21}$"}]}', 'cpu.time debug_a / debug_b'],
    ['include: {match_type: strict, resource_attributes: [{key: l, value: [1]}]}', 'cpu.time disk'],
    ['include: {match_type: regexp, resource_attributes: [{key: l, value: .}]}', ''],
    ['exclude: {match_type: regexp, resource_attributes: [{key: env, value: est}]}', 'cpu.time debug_a / debug_b | disk'],
    ['include: {match_type: strict, metric_names: [disk], resource_attributes: [{key: env}]}', 'disk'],
    // Both rules of an exclusion apply by themselves, as in the Collector.
    [
      'exclude: {match_type: strict, metric_names: [disk], resource_attributes: [{key: env, value: test}]}',
      'cpu.time debug_a / debug_b',
    ],
  ];
  for (const [yaml, expected] of cases) test(yaml, () => assert.equal(left(yaml), expected));
});

test('a batch of which nothing is left goes no further, and was taken', () => {
  const { send, batches } = rig('filter', 'metrics: {exclude: {match_type: regexp, metric_names: [.]}}', () => assert.fail());
  assert.equal(send(request), undefined);
  assert.deepEqual(batches, []);
});

test('a batch of which nothing goes is handed on as it is, and what the next one says is the answer', () => {
  const verdict = { points: 1, why: 'full', retryable: true };
  const { send } = rig('filter', 'metrics: {exclude: {match_type: strict, metric_names: [none]}}', () => verdict);
  assert.equal(send(requestWith([])), verdict);
});

test('what goes of each batch is counted, unless there is no rule', () => {
  const counts = (yaml: string) => {
    const { send, filtered } = rig('filter', yaml);
    send(request);
    send(requestWith([], [{ key: 'env', value: { stringValue: 'test' } }]));
    return filtered;
  };
  assert.deepEqual(counts('metrics: {exclude: {match_type: regexp, metric_names: [^debug_]}}'), [2, 0]);
  assert.deepEqual(counts('metrics: {include: {match_type: strict, resource_attributes: [{key: n}]}}'), [3, 1]);
  assert.deepEqual(counts('metrics: {exclude: {match_type: regexp, metric_names: [.]}}'), [6, 1]);
  assert.deepEqual(counts('metrics: {include: {match_type: strict}}'), []);
});

test('empty scopes and resources go, as in the Collector', () => {
  const empty = {
    resourceMetrics: [...request.resourceMetrics.slice(2), { scopeMetrics: [] }, { scopeMetrics: [{ scope: { name: 'e' } }] }],
  };
  const sizes = (yaml: string) => {
    const { send, batches } = rig('filter', yaml);
    send(empty);
    return batches[0]?.map(({ scopes }) => scopes.length);
  };
  assert.deepEqual(sizes('{}'), [1, 0, 1]);
  assert.deepEqual(sizes('metrics: {exclude: {match_type: strict, resource_attributes: [{key: x}]}}'), [1, 1]);
  assert.deepEqual(sizes('metrics: {exclude: {match_type: strict, metric_names: [x]}}'), [1]);
});

describe('refuses', () => {
  const rules: readonly (readonly [yaml: string, problem: RegExp])[] = [
    [
      'metric_conditions: [name == "a"]',
      /metric_conditions: "metric_conditions": the Collector has this key, meterbridge serve has not/,
    ],
    ['metrics: {datapoint: [value == 1]}', /metrics.datapoint: "datapoint": the Collector has this key/],
    ['metrics: {include: {match_type: expr, expressions: [x]}}', /match_type: "expr": the Collector has it/],
    [
      'metrics: {include: {match_type: regexp, metric_names: ["(a"]}}',
      /metrics.include.metric_names: "\(a": .*missing closing \)/,
    ],
    [
      'metrics: {include: {match_type: regexp, resource_attributes: [{key: a, value: 1}]}}',
      /resource_attributes: a value that is no string/,
    ],
    [
      'metrics: {include: {match_type: strict, resource_attributes: [{value: 1}]}}',
      /resource_attributes\[0\].key: nothing: it is required/,
    ],
  ];
  for (const [yaml, problem] of rules)
    test(yaml, () => {
      const { problems } = settingsOf('filter', yaml);
      assert.ok(
        problems.some((one) => problem.test(one)),
        problems.join('\n'),
      );
    });
});
