import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { labelName, labelPairs, type Pair, type UnderscoreRuns } from '../../../src/core/naming/label-name.ts';
import type { Strategy } from '../../../src/core/naming/strategy.ts';

// OpenTelemetry specification, Prometheus compatibility, "Metric Attributes"; Conformance: labels.
const names: readonly (readonly [attribute: string, label: string, strategy?: Strategy, runs?: UnderscoreRuns])[] = [
  ['status', 'status'],
  ['http.method', 'http_method'],
  ['a..b', 'a_b'],
  ['a__b', 'a_b'],
  ['a..b', 'a__b', 'UnderscoreEscapingWithSuffixes', 'preserve'],
  ['1st', 'key_1st'],
  ['_private', '_private'],
  ['__name__', '__name__'],
  ['a:b', 'a_b'],
  ['naïve', 'na_ve'],
  ['', ''],
  ['___', ''],
  ['é', ''],
  ['http.method', 'http_method', 'UnderscoreEscapingWithoutSuffixes'],
  ['http.method', 'http.method', 'NoUTF8EscapingWithSuffixes'],
  ['http.method', 'http.method', 'NoTranslation'],
  ['1st', '1st', 'NoTranslation'],
  ['__', '', 'NoTranslation'],
];

for (const [attribute, label, strategy, runs] of names) {
  test(`attribute '${attribute}' becomes label '${label}' (${strategy ?? 'default'}, ${runs ?? 'collapse'})`, () => {
    assert.equal(labelName(attribute, strategy, runs), label);
  });
}

const merges: readonly (readonly [what: string, attributes: readonly Pair[], labels: readonly Pair[]])[] = [
  ['none', [], []],
  [
    'no collision keeps the order',
    [
      ['b', '1'],
      ['a', '2'],
    ],
    [
      ['b', '1'],
      ['a', '2'],
    ],
  ],
  [
    'a collision joins by original key',
    [
      ['a_b', 'under'],
      ['x', '1'],
      ['a.b', 'dot'],
      ['a-b', 'dash'],
    ],
    [
      ['a_b', 'dash;dot;under'],
      ['x', '1'],
    ],
  ],
  [
    'an attribute without a legal label is left out',
    [
      ['..', '1'],
      ['a', '2'],
    ],
    [['a', '2']],
  ],
];

for (const [what, attributes, labels] of merges) {
  test(`labels of a point: ${what}`, () => assert.deepEqual(labelPairs(attributes), labels));
}

test('nothing collides where names stay as they are', () => {
  const attributes: readonly Pair[] = [
    ['a.b', '1'],
    ['a_b', '2'],
  ];
  assert.deepEqual(labelPairs(attributes, 'NoTranslation'), attributes);
});

const anyAttribute = fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: fc.constantFrom('_', '.', '1', 'a', 'é') }));

for (const runs of ['collapse', 'preserve'] as const) {
  test(`${runs}: a label is legal or empty, and its own label`, () => {
    fc.assert(
      fc.property(anyAttribute, (attribute) => {
        const label = labelName(attribute, undefined, runs);
        assert.match(label, /^([a-zA-Z_][a-zA-Z0-9_]*)?$/);
        // `__.a__` comes out as `___a__`, which is reserved and starts anew
        if (!label.startsWith('__')) assert.equal(labelName(label, undefined, runs), label);
      }),
    );
  });
}

test('no label stands twice', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(anyAttribute, fc.string())), (attributes) => {
      const labels = labelPairs(attributes).map(([label]) => label);
      assert.equal(new Set(labels).size, labels.length);
    }),
  );
});
