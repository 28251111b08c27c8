/**
 * What each action does, as the Collector's documentation of the attributes processor and its source say; the twin test compares
 * with the Collector itself.
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';
import { stringify } from 'yaml';
import { components } from '../../../src/service/components.ts';
import { requestWith, rig, settingsOf, shortOf } from './rig.ts';

const string = (key: string, stringValue: string) => ({ key, value: { stringValue } });
const int = (key: string, intValue: string) => ({ key, value: { intValue } });
const double = (key: string, doubleValue: number | string) => ({ key, value: { doubleValue } });
const bool = (key: string, boolValue: boolean) => ({ key, value: { boolValue } });
const list = (key: string) => ({ key, value: { arrayValue: { values: [{ intValue: '1' }, { stringValue: 'b' }] } } });
const map = (key: string) => ({ key, value: { kvlistValue: { values: [string('y', 'n'), int('a', '2')] } } });
const sha = (...bytes: readonly number[]) => createHash('sha256').update(Uint8Array.from(bytes)).digest('hex');

type Case = readonly [action: string, before: readonly object[], after: string];
const k = string('k', 'v');
const cases: readonly Case[] = [
  ['{key: n, action: insert, value: x}', [k], 'k=s:v n=s:x'],
  ['{key: k, action: insert, value: x}', [k], 'k=s:v'],
  ['{key: n, action: INSERT, value: x}', [], 'n=s:x'],
  ['{key: n, action: insert, value: ""}', [], 'n=s:'],
  ['{key: n, action: insert, value: 7}', [], 'n=i:7'],
  ['{key: n, action: insert, value: -7}', [], 'n=i:-7'],
  ['{key: n, action: insert, value: 7.0}', [], 'n=d:7'],
  ['{key: n, action: insert, value: 0x10}', [], 'n=i:16'],
  ['{key: n, action: insert, value: 0xe}', [], 'n=i:14'],
  ['{key: n, action: insert, value: 1e3}', [], 'n=d:1000'],
  ['{key: n, action: insert, value: true}', [], 'n=b:true'],
  ['{key: n, action: insert, value: [1, b]}', [], 'n=a:{"values":[{"intValue":1},{"stringValue":"b"}]}'],
  ['{key: n, action: insert, value: {a: 1}}', [], 'n=k:{"values":[{"key":"a","value":{"intValue":1}}]}'],
  ['{key: n, action: insert, from_attribute: k}', [k], 'k=s:v n=s:v'],
  ['{key: n, action: insert, from_attribute: gone}', [k], 'k=s:v'],
  ['{key: n, action: insert, from_attribute: gone, default_value: d}', [k], 'k=s:v n=s:d'],
  ['{key: n, action: insert, from_attribute: k, default_value: d}', [k], 'k=s:v n=s:v'],
  ['{key: n, action: insert, default_value: d}', [k], 'k=s:v n=s:d'],
  ['{key: n, action: insert, from_attribute: "", default_value: d}', [string('', 'e')], '=s:e n=s:d'],
  ['{key: n, action: update, value: x}', [k], 'k=s:v'],
  ['{key: k, action: update, value: x}', [k, int('z', '1')], 'k=s:x z=i:1'],
  ['{key: k, action: update, from_attribute: z}', [k, int('z', '1')], 'k=i:1 z=i:1'],
  ['{key: k, action: upsert, value: x}', [k], 'k=s:x'],
  ['{key: n, action: upsert, value: x}', [k], 'k=s:v n=s:x'],
  ['{key: k, action: delete}', [k, int('z', '1')], 'z=i:1'],
  ['{key: gone, action: delete}', [k], 'k=s:v'],
  ['{pattern: "^(k|z)$", action: delete}', [k, int('kk', '1'), int('z', '1')], 'kk=i:1'],
  ['{key: a, pattern: z, action: delete}', [k, int('a', '1'), int('xz', '1')], 'k=s:v'],
  ['{key: k, action: hash}', [string('k', 'ä')], `k=s:${sha(0xc3, 0xa4)}`],
  ['{key: k, action: hash}', [bool('k', true)], `k=s:${sha(1)}`],
  ['{key: k, action: hash}', [bool('k', false)], `k=s:${sha(0)}`],
  ['{key: k, action: hash}', [int('k', '258')], `k=s:${sha(2, 1, 0, 0, 0, 0, 0, 0)}`],
  ['{key: k, action: hash}', [double('k', 1)], `k=s:${sha(0, 0, 0, 0, 0, 0, 0xf0, 0x3f)}`],
  ['{key: k, action: hash}', [list('k')], 'k=s:'],
  ['{pattern: ^k, action: hash}', [k, string('z', 'v')], `k=s:${sha(118)} z=s:v`],
  ['{key: k, pattern: ^k, action: hash}', [k], `k=s:${sha(...Buffer.from(sha(118)))}`],
  [
    '{key: k, action: extract, pattern: "^/(?P<first>[^/]+)(?:/(?P<rest>.*))?$"}',
    [string('k', '/a'), int('first', '1')],
    'k=s:/a first=s:a rest=s:',
  ],
  ['{key: k, action: extract, pattern: "(?<all>.+)"}', [string('k', 'ü😀')], 'k=s:ü😀 all=s:ü😀'],
  ['{key: k, action: extract, pattern: "(?P<x>b)"}', [string('k', 'a')], 'k=s:a'],
  ['{key: k, action: extract, pattern: "(?P<x>1)"}', [int('k', '1')], 'k=i:1'],
  ['{key: k, action: convert, converted_type: int}', [string('k', '-12')], 'k=i:-12'],
  ['{key: k, action: convert, converted_type: int}', [string('k', '+9223372036854775807')], 'k=i:9223372036854775807'],
  ['{key: k, action: convert, converted_type: int}', [string('k', '9223372036854775808')], 'k=s:9223372036854775808'],
  ['{key: k, action: convert, converted_type: int}', [string('k', '1.5')], 'k=s:1.5'],
  ['{key: k, action: convert, converted_type: int}', [double('k', -1.9)], 'k=i:-1'],
  ['{key: k, action: convert, converted_type: int}', [double('k', 1e300)], 'k=i:-9223372036854775808'],
  ['{key: k, action: convert, converted_type: int}', [bool('k', true)], 'k=i:1'],
  ['{key: k, action: convert, converted_type: double}', [string('k', '.5e1')], 'k=d:5'],
  ['{key: k, action: convert, converted_type: double}', [string('k', '-Inf')], 'k=d:-Infinity'],
  ['{key: k, action: convert, converted_type: double}', [string('k', '1e999')], 'k=s:1e999'],
  ['{key: k, action: convert, converted_type: double}', [string('k', '')], 'k=s:'],
  ['{key: k, action: convert, converted_type: double}', [int('k', '3')], 'k=d:3'],
  ['{key: k, action: convert, converted_type: string}', [int('k', '3')], 'k=s:3'],
  ['{key: k, action: convert, converted_type: string}', [double('k', 0.5)], 'k=s:0.5'],
  ['{key: k, action: convert, converted_type: string}', [list('k')], 'k=s:[1,"b"]'],
  ['{key: k, action: convert, converted_type: string}', [map('k')], 'k=s:{"a":2,"y":"n"}'],
];

describe('actions on the attributes of points and of resources', () => {
  for (const [action, before, after] of cases)
    test(`${action} of ${JSON.stringify(before)}`, () => {
      const points = rig('attributes', `actions: [${action}]`);
      points.send(requestWith(before));
      assert.equal(shortOf(points.batches[0]?.[0]?.scopes[0]?.metrics[0]?.points[0]?.attributes ?? []), after);
      const resources = rig('resource', `attributes: [${action}]`);
      resources.send(requestWith([], before));
      assert.equal(shortOf(resources.batches[0]?.[0]?.attributes ?? []), after);
    });

  test('run in their order', () => {
    const { send, batches } = rig(
      'attributes',
      'actions: [{key: a, action: insert, value: 1}, {key: b, action: upsert, from_attribute: a}, {key: a, action: delete}]',
    );
    send(requestWith([]));
    assert.equal(shortOf(batches[0]?.[0]?.scopes[0]?.metrics[0]?.points[0]?.attributes ?? []), 'b=i:1');
  });

  test('a resource that the sender left out gets attributes', () => {
    const { send, batches } = rig('resource', 'attributes: [{key: a, action: insert, value: 1}]');
    send({ resourceMetrics: [{ scopeMetrics: [{ metrics: [{ name: 'm', gauge: { dataPoints: [{ asInt: '1' }] } }] }] }] });
    assert.equal(shortOf(batches[0]?.[0]?.attributes ?? []), 'a=i:1');
  });
});

test('what print-config prints is read again, and means the same', () => {
  const schema = components.find((one) => one.type === 'attributes')?.schema;
  for (const [action, before, after] of cases) {
    const printed = schema?.print(settingsOf('attributes', `actions: [${action}]`).settings, true);
    const { send, batches } = rig('attributes', stringify(printed));
    send(requestWith(before));
    const got = shortOf(batches[0]?.[0]?.scopes[0]?.metrics[0]?.points[0]?.attributes ?? []);
    // A double without a fraction is printed as the number that it is.
    if (!/value: (7\.0|1e3)/.test(action)) assert.equal(got, after, action);
  }
});

describe('include and exclude', () => {
  const changed = (which: string, names: readonly string[]) => {
    const { send, batches } = rig('attributes', `${which}\nactions: [{key: a, action: insert, value: 1}]`);
    const metrics = names.map((name) => ({ name, gauge: { dataPoints: [{ asInt: '1' }] } }));
    send({ resourceMetrics: [{ scopeMetrics: [{ metrics }] }] });
    return batches[0]?.[0]?.scopes[0]?.metrics.filter(({ points }) => points[0]?.attributes.length === 1).map(({ name }) => name);
  };
  const names = ['cpu.time', 'cpu.load', 'disk'];
  const table: readonly (readonly [which: string, changed: readonly string[]])[] = [
    ['include: {match_type: strict, metric_names: [disk, cpu]}', ['disk']],
    ['exclude: {match_type: strict, metric_names: [disk]}', ['cpu.time', 'cpu.load']],
    ['include: {match_type: regexp, metric_names: [cpu]}', ['cpu.time', 'cpu.load']],
    ['include: {match_type: regexp, metric_names: ["^load", "sk$"]}', ['disk']],
    [
      'include: {match_type: regexp, metric_names: [^cpu]}\nexclude: {match_type: strict, metric_names: [cpu.load]}',
      ['cpu.time'],
    ],
    // As in the Collector, where a rule that has no names names all metrics.
    ['include: {match_type: strict, resources: [{key: gone}]}', names],
  ];
  for (const [which, expected] of table) test(which, () => assert.deepEqual(changed(which, names), expected));
});

describe('refuses', () => {
  const rules: readonly (readonly [type: string, yaml: string, problem: RegExp])[] = [
    ['attributes', '{}', /actions: nothing: it is required/],
    ['attributes', 'actions: []', /actions: an empty list: there is one action at least/],
    ['resource', 'attributes: []', /attributes: an empty list/],
    ['attributes', 'actions: [{action: insert, value: 1}]', /actions\[0\]: insert without key/],
    ['attributes', 'actions: [{key: a, action: insert}]', /insert without value/],
    ['attributes', 'actions: [{key: a, action: insert, value: 1, from_attribute: b}]', /from_attribute: a second source/],
    [
      'attributes',
      'actions: [{key: a, action: insert, from_context: b}]',
      /from_context: "from_context": the Collector has this key/,
    ],
    [
      'attributes',
      'actions: [{key: a, action: insert, value: 9007199254740993}]',
      /value: 9007199254740993: it is an integer of at most 53 bits/,
    ],
    ['attributes', 'actions: [{key: a, action: insert, value: 2026-01-01}]', /value: 2026-01-01: it is a string, a number/],
    ['attributes', 'actions: [{key: a, action: rename}]', /action: "rename": it is one of the known values/],
    ['attributes', 'actions: [{action: delete}]', /delete without key/],
    ['attributes', 'actions: [{action: hash, key: a, value: 1}]', /value: value: hash does not use it/],
    ['attributes', 'actions: [{action: delete, key: a, pattern: ""}]', /pattern: "": an empty pattern/],
    ['attributes', 'actions: [{action: extract, key: a}]', /extract without pattern/],
    ['attributes', 'actions: [{action: extract, key: a, pattern: (x)}]', /each group of it has a name/],
    ['attributes', 'actions: [{action: extract, key: a, pattern: x}]', /each group of it has a name/],
    ['attributes', 'actions: [{action: convert, key: a}]', /convert without converted_type/],
    ['attributes', 'actions: [{action: convert, key: a, converted_type: bool}]', /converted_type: "bool"/],
    [
      'attributes',
      'actions: [{action: delete, pattern: "(?=a)"}]',
      /pattern: "\(\?=a\)": it is a regular expression of RE2: .*`\(\?=`/,
    ],
    [
      'attributes',
      'include: {match_type: regexp, metric_names: ["["]}\nactions: [{key: a, action: delete}]',
      /include.metric_names: "\[": .*missing closing \]/,
    ],
    [
      'attributes',
      'include: {match_type: strict}\nactions: [{key: a, action: delete}]',
      /include: neither metric_names nor resources/,
    ],
    ['attributes', 'include: {match_type: glob, metric_names: [a]}\nactions: [{key: a, action: delete}]', /match_type: "glob"/],
    [
      'attributes',
      'include: {match_type: strict, span_names: [a]}\nactions: [{key: a, action: delete}]',
      /span_names: .*the Collector has this key/,
    ],
  ];
  for (const [type, yaml, problem] of rules)
    test(`${type} ${yaml}`, () => {
      const { problems } = settingsOf(type, yaml);
      assert.ok(
        problems.some((one) => problem.test(one)),
        problems.join('\n'),
      );
    });
});
