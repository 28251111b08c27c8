/** Findings that a file accepts until a day. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CheckFinding } from '../../../src/check/finding.ts';
import { parseExceptions, withoutAccepted } from '../../../src/check/lint/exceptions.ts';
import { MeterbridgeError } from '../../../src/errors/error.ts';

const finding = (id: string, family: string): CheckFinding => ({
  id,
  severity: 'warning',
  source: 'page',
  family,
  got: 'it',
  rule: 'a rule',
  fix: 'a fix',
  link: 'https://example.org/',
});
const findings = [finding('total-suffix', 'a_total'), finding('total-suffix', 'b_total'), finding('help-missing', 'a_total')];

function left(yaml: string, today: string): readonly string[] {
  const rest = withoutAccepted(findings, parseExceptions('accept.yml', yaml), today);
  return rest.map(
    ({ id, family, source, line, column }) => `${source}${line === undefined ? '' : `:${line}:${column}`} ${id} ${family ?? ''}`,
  );
}

const one = 'accept:\n  - id: total-suffix\n    family: a_total\n    reason: renamed with 2.0\n    until: 2027-01-31\n';

test('one family', () => assert.deepEqual(left(one, '2027-01-31'), ['page total-suffix b_total', 'page help-missing a_total']));

test('JSON, all families', () => {
  const json = '{"accept": [{"id": "total-suffix", "reason": "old", "until": "2027-01-31"}]}';
  assert.deepEqual(left(json, '2026-01-01'), ['page help-missing a_total']);
});

test('an expired one accepts nothing and fails', () => {
  const all = ['page total-suffix a_total', 'page total-suffix b_total', 'page help-missing a_total'];
  assert.deepEqual(left(one, '2027-02-01'), [...all, 'accept.yml:2:5 exception-expired a_total']);
});

test('an unused one fails', () => {
  const rest = withoutAccepted([], parseExceptions('accept.yml', one), '2026-01-01');
  assert.deepEqual(
    rest.map(({ id, severity }) => [id, severity]),
    [['exception-unused', 'error']],
  );
});

const wrong: readonly (readonly [string, string, RegExp])[] = [
  ['no reason', 'accept:\n  - id: x\n    until: 2027-01-31\n', /^accept\.yml:2:5 accept\[0\]\.reason: /],
  ['no day', 'accept:\n  - id: x\n    reason: y\n', /^accept\.yml:2:5 accept\[0\]\.until: /],
  ['a day that is none', 'accept:\n  - id: x\n    reason: y\n    until: 2027-02-30\n', /^accept\.yml:4:12 .*YYYY-MM-DD/],
  ['an unknown key', 'accept:\n  - id: x\n    reasn: y\n', /^accept\.yml:3:5 /m],
  ['no list', 'accept: 1\n', /^accept\.yml:1:9 /],
  ['broken YAML', 'accept: [\n', /^accept\.yml:/],
];
for (const [what, yaml, message] of wrong) {
  test(`${what}: the place is named`, () => {
    assert.throws(
      () => parseExceptions('accept.yml', yaml),
      (error) => MeterbridgeError.is(error) && error.code === 'CLI_USAGE' && message.test(error.message),
    );
  });
}
