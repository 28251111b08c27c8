import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { writeReport } from '../../../../src/tools/check/report/index.ts';
import { arbitraryFinding, moved, noHelp, observedOf, outside } from './findings.ts';

const options = { format: 'text', version: '1.2.3' } as const;
const observed = [observedOf('page.txt', ['runwisp_runs_total', 'runwisp_up'])];

test('the worst comes first, each with its place, and a summary ends it', () => {
  assert.equal(
    writeReport([moved, noHelp, outside], { ...options, observed }),
    `page.txt:14:3: error: value-outside runwisp_runs_total{status}
  contract  runwisp.metrics.runs.labels.status
  got       "dnoe"
  rule      the set is done, failed
  fix       use one of the set
  see       https://example.com/rule

page.txt:2: warning: no-help runwisp_up
  got       nothing
  rule      the set is done, failed
  fix       use one of the set
  see       https://example.com/rule

http://127.0.0.1:9090/metrics: note: values-moved
  got       "dnoe"
  rule      the set is done, failed
  fix       use one of the set
  see       https://example.com/rule

1 error, 1 warning, 1 note in 2 families, 7 samples of page.txt (text)
`,
  );
});

test('within a severity the page is followed, source by source as they were found', () => {
  const places = [
    { ...outside, source: 'b', line: 9 },
    { ...outside, source: 'a', line: 3 },
    { ...outside, source: 'b', line: 2 },
    { ...outside, source: 'b', line: 2, column: 1 },
  ];
  const heads = writeReport(places, options)
    .split('\n')
    .filter((line) => line.includes(': error: '))
    .map((line) => line.split(': ')[0]);
  assert.deepEqual(heads, ['b:2:1', 'b:2:3', 'b:9:3', 'a:3:3']);
});

test('without findings it says so, and of what', () => {
  assert.equal(writeReport([], { ...options, observed }), 'no findings in 2 families, 7 samples of page.txt (text)\n');
  assert.equal(writeReport([], options), 'no findings\n');
});

test('the rest is counted, not printed', () => {
  const text = writeReport([noHelp, moved, outside, noHelp], { ...options, most: 1 });
  assert.match(text, /^page\.txt:14:3: error/);
  assert.match(text, /\n3 more are not shown: 2 warnings, 1 note\n\n1 error, 2 warnings, 1 note\n$/);
  assert.doesNotMatch(text, /no-help/);
});

test('colours come when asked, and change nothing else', () => {
  const plain = writeReport([outside, noHelp], options);
  const coloured = writeReport([outside, noHelp], { ...options, colour: true });
  assert.doesNotMatch(plain, /\p{Cc}(?<!\n)/u);
  assert.ok(coloured.includes('\u001b[31m'), coloured);
  assert.equal(stripVTControlCharacters(coloured), plain);
});

test('property: foreign text starts no line and carries no control character', () => {
  fc.assert(
    fc.property(fc.array(arbitraryFinding, { maxLength: 5 }), (findings) => {
      const text = writeReport(findings, options);
      assert.doesNotMatch(text, /(?!\n)[\p{C}\p{Zl}\p{Zp}]/u);
      const fields = findings.reduce((sum, finding) => sum + (finding.contract === undefined ? 5 : 6), 0);
      // A head and its fields, an empty line after each, and the summary.
      assert.equal(text.split('\n').length - 1, fields + findings.length + 1);
    }),
  );
});

test('a long value is cut', () => {
  const text = writeReport([{ ...outside, got: 'x'.repeat(100_000) }], options);
  assert.ok(text.length < 2_000, String(text.length));
});
