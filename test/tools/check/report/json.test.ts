import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { writeReport } from '../../../../src/tools/check/report/index.ts';
import { arbitraryFinding, foreign, moved, noHelp, observedOf, outside } from './findings.ts';

const schema = JSON.parse(
  readFileSync(new URL('../../../../src/tools/check/report/report.schema.json', import.meta.url), 'utf8'),
);
const compiled = new Ajv2020({ strict: true }).compile(schema);
const valid = (report: unknown): boolean => compiled(report);
const options = { format: 'json', version: '1.2.3' } as const;

test('it has all findings in order, what was read, and the counts', () => {
  const report = JSON.parse(
    writeReport([moved, noHelp, outside], { ...options, observed: [observedOf('page.txt', ['a', 'b'])], most: 1 }),
  );
  assert.deepEqual(report, {
    version: '1.2.3',
    counts: { error: 1, warning: 1, note: 1 },
    sources: [{ source: 'page.txt', format: 'text', families: 2, samples: 7, bytes: 100 }],
    findings: [outside, noHelp, moved],
  });
});

test('property: every report is valid, and JSON.parse reads the same findings', () => {
  fc.assert(
    fc.property(fc.array(arbitraryFinding, { maxLength: 4 }), foreign, (findings, source) => {
      const text = writeReport(findings, { ...options, observed: [observedOf(source, ['a'])] });
      assert.doesNotMatch(text, /(?!\n)[\p{C}\p{Zl}\p{Zp}]/u);
      const report = JSON.parse(text);
      assert.ok(valid(report), JSON.stringify(compiled.errors));
      const bySource = (list: readonly { got: string }[]) =>
        list.map((each) => JSON.stringify(Object.entries(each).sort())).sort();
      assert.deepEqual(bySource(report.findings), bySource(findings));
      assert.equal(report.sources[0].source, source);
    }),
  );
});

const { rule: _rule, ...ruleless } = outside;
const cases: readonly (readonly [string, object])[] = [
  ['a finding without its rule', { findings: [ruleless] }],
  ['a line 0', { findings: [{ ...outside, line: 0 }] }],
  ['an unknown severity', { findings: [{ ...outside, severity: 'fatal' }] }],
  ['no counts', { counts: undefined }],
  ['an unknown format', { sources: [{ source: 'a', format: 'xml', families: 1, samples: 1, bytes: 1 }] }],
];
for (const [name, change] of cases) {
  test(`the schema rejects ${name}`, () => {
    const report = JSON.parse(writeReport([outside], options));
    assert.equal(valid(JSON.parse(JSON.stringify({ ...report, ...change }))), false);
  });
}
