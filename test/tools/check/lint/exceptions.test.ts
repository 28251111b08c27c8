/** Findings that a file accepts until a day. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseAccepted } from '../../../../src/tools/check/accepted/read-accepted.ts';
import type { CheckFinding } from '../../../../src/tools/check/finding.ts';
import { withoutAccepted } from '../../../../src/tools/check/lint/exceptions.ts';

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
  const rest = withoutAccepted(findings, parseAccepted('accept.yml', yaml, 'accept'), today);
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
  const rest = withoutAccepted([], parseAccepted('accept.yml', one, 'accept'), '2026-01-01');
  assert.deepEqual(
    rest.map(({ id, severity }) => [id, severity]),
    [['exception-unused', 'error']],
  );
});
