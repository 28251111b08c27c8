import fc from 'fast-check';
import type { CheckFinding } from '../../../../src/tools/check/finding.ts';
import type { Observed, ObservedFamily } from '../../../../src/tools/check/observed.ts';

const at = {
  source: 'page.txt',
  got: '"dnoe"',
  rule: 'the set is done, failed',
  fix: 'use one of the set',
  link: 'https://example.com/rule',
};

export const outside: CheckFinding = {
  ...at,
  id: 'value-outside',
  severity: 'error',
  line: 14,
  column: 3,
  family: 'runwisp_runs_total',
  label: 'status',
  contract: 'runwisp.metrics.runs.labels.status',
};
export const noHelp: CheckFinding = { ...at, id: 'no-help', severity: 'warning', line: 2, family: 'runwisp_up', got: 'nothing' };
export const moved: CheckFinding = { ...at, id: 'values-moved', severity: 'note', source: 'http://127.0.0.1:9090/metrics' };

export function familyNamed(name: string): ObservedFamily {
  const none = {
    help: undefined,
    unit: undefined,
    line: undefined,
    series: 0,
    labels: new Map(),
    bounds: [],
    quantiles: [],
    starts: 0,
  };
  return { name, kind: 'gauge', typed: true, native: false, ...none };
}

export function observedOf(source: string, names: readonly string[]): Observed {
  const families = new Map(names.map((name) => [name, familyNamed(name)]));
  return { source, format: 'text', families, samples: 7, bytes: 100 };
}

/** What a page may hold, and what would end a line, a field or an element. */
const awkward = [
  '\n',
  '\r',
  '%0A',
  '%',
  '::',
  ',',
  ':',
  ']]>',
  '<!--',
  '&#10;',
  '"',
  '\u001b[31m',
  '\u0000',
  '\u202e',
  '\ud800',
  '\ufffe',
  '\u0085',
  '\u2028',
];
export const foreign: fc.Arbitrary<string> = fc
  .array(fc.oneof(fc.constantFrom(...awkward), fc.string({ unit: 'binary', maxLength: 6 })), { maxLength: 6 })
  .map((parts) => parts.join(''));

export const arbitraryFinding: fc.Arbitrary<CheckFinding> = fc.record(
  {
    id: fc.constantFrom('value-outside', 'no-help', 'unknown-family'),
    severity: fc.constantFrom('error', 'warning', 'note'),
    source: foreign,
    line: fc.integer({ min: 1, max: 1e6 }),
    column: fc.integer({ min: 1, max: 1e4 }),
    family: foreign,
    label: foreign,
    contract: foreign,
    got: foreign,
    rule: foreign,
    fix: foreign,
    link: fc.oneof(fc.webUrl(), foreign),
  },
  { requiredKeys: ['id', 'severity', 'source', 'got', 'rule', 'fix', 'link'] },
);
