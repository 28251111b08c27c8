/** Lists of what is accepted until a day: one reader, one dialect and one rule for a day, whichever command reads the list. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MeterbridgeError } from '../../../../src/core/errors/error.ts';
import { type AcceptedKey, isExpired, parseAccepted, readAccepted } from '../../../../src/tools/check/accepted/read-accepted.ts';

const isUsage = (message: RegExp) => (error: unknown) =>
  MeterbridgeError.is(error) && error.code === 'CLI_USAGE' && message.test(error.message);

const wrong: readonly (readonly [string, string, string])[] = [
  ['no reason', 'KEY:\n  - id: x\n    until: 2027-01-31\n', ':2:5 KEY\\[0\\]\\.reason: '],
  ['an empty reason', "KEY:\n  - id: x\n    reason: ' '\n    until: 2027-01-31\n", ':3:13 .*the reason in words'],
  ['no day', 'KEY:\n  - id: x\n    reason: y\n', ':2:5 KEY\\[0\\]\\.until: '],
  ['a day that is none', 'KEY:\n  - id: x\n    reason: y\n    until: 2027-02-30\n', ':4:12 .*YYYY-MM-DD'],
  ['a day that is none, in quotes', "KEY:\n  - id: x\n    reason: y\n    until: '2027-13-01'\n", ':4:12 .*YYYY-MM-DD'],
  ['a time', 'KEY:\n  - id: x\n    reason: y\n    until: 2027-01-31T00:00:00Z\n', ':4:12 .*YYYY-MM-DD'],
  ['an unknown key', 'KEY:\n  - id: x\n    reasn: y\n', ':3:5 '],
  ['no list', 'KEY: 1\n', ':1:(?:1|\\d+) '],
  ['broken YAML', 'KEY: [\n', ':'],
  ['an empty file', '', ''],
];

for (const key of ['accept', 'allow'] as const satisfies readonly AcceptedKey[]) {
  for (const [what, yaml, place] of wrong)
    test(`${key}, ${what}: the place is named`, () =>
      assert.throws(
        () => parseAccepted('a.yml', yaml.replace('KEY', key), key),
        isUsage(new RegExp(`^a\\.yml${place.replace('KEY', key)}`, 'm')),
      ));

  // YAML 1.1 reads a day without quotes as a time.
  for (const day of ['2027-01-31', "'2027-01-31'", '"2027-01-31"'])
    test(`${key}, until: ${day}`, () =>
      assert.deepEqual(parseAccepted('a.yml', `${key}:\n  - id: x\n    reason: y\n    until: ${day}\n`, key).list, [
        { id: 'x', family: undefined, label: undefined, reason: 'y', until: '2027-01-31', line: 2, column: 5 },
      ]));

  test(`${key}, JSON with $schema`, () => {
    const json = JSON.stringify({ $schema: 'x.json', [key]: [{ id: 'x', reason: 'y', until: '2028-02-29' }] });
    assert.equal(parseAccepted('a.json', json, key).list[0]?.until, '2028-02-29');
  });

  test(`${key}, no such file`, () =>
    assert.throws(
      () => readAccepted(`--${key}`, '/no/such/file', key),
      isUsage(new RegExp(`^--${key} /no/such/file: .*ENOENT`)),
    ));
}

test('a change has no family', () =>
  assert.throws(
    () => parseAccepted('a.yml', 'allow: [{id: x, family: y, reason: z, until: 2027-01-31}]', 'allow'),
    isUsage(/^a\.yml:1:17 .*family/),
  ));

test('the last day counts', () =>
  assert.deepEqual(
    ['2027-01-30', '2027-01-31', '2027-02-01'].map((today) => isExpired({ until: '2027-01-31' }, today)),
    [false, false, true],
  ));
