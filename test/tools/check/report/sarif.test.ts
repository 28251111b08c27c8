import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import sarif from '@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json' with { type: 'json' };
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { writeReport } from '../../../../src/tools/check/report/index.ts';
import { arbitraryFinding, moved, noHelp, outside } from './findings.ts';

const options = { format: 'sarif', version: '1.2.3' } as const;

/** RFC 3986; `uri` is absolute. Ajv has no formats of its own. */
const reference = /^(?:[a-z][a-z0-9+.-]*:)?(?:[\w.~:/?#[\]@!$&'()*+,;=-]|%[0-9a-f]{2})*$/i;
const formats = {
  uri: (text: string) => reference.test(text) && URL.canParse(text),
  'uri-reference': reference,
  'date-time': (text: string) => !Number.isNaN(Date.parse(text)),
};
/** The schema of OASIS, in a package of Microsoft's. */
const { $schema: _draft, id: _id, ...schema } = sarif;
const compiled = new Ajv({ strict: false, unicodeRegExp: false, formats }).compile(schema);
const valid = (log: unknown): boolean => compiled(log);

function runOf(text: string) {
  const log = JSON.parse(text);
  assert.ok(valid(log), JSON.stringify(compiled.errors));
  return log.runs[0];
}

test('the schema rejects what is wrong', () => {
  const log = JSON.parse(writeReport([outside], options));
  assert.ok(valid(log));
  log.runs[0].results[0].locations[0].physicalLocation.artifactLocation.uri = 'standard input';
  assert.equal(valid(log), false);
});

test('a rule has an id, a text and a link; a result has its rule and its place', () => {
  const run = runOf(writeReport([outside, noHelp, { ...outside, line: 20 }], options));
  assert.deepEqual(run.tool.driver, {
    name: 'meterbridge',
    version: '1.2.3',
    rules: ['value-outside', 'no-help'].map((id, at) => ({
      id,
      shortDescription: { text: 'the set is done, failed' },
      helpUri: 'https://example.com/rule',
      defaultConfiguration: { level: at === 0 ? 'error' : 'warning' },
    })),
  });
  const [first, second, third] = run.results;
  assert.deepEqual([first.ruleIndex, second.ruleIndex, third.ruleIndex], [0, 0, 1]);
  assert.deepEqual([first.level, third.level], ['error', 'warning']);
  assert.deepEqual(first.locations, [
    {
      physicalLocation: { artifactLocation: { uri: 'page.txt' }, region: { startLine: 14, startColumn: 3 } },
      logicalLocations: [{ fullyQualifiedName: 'runwisp.metrics.runs.labels.status' }],
    },
  ]);
  assert.match(first.message.text, /got: "dnoe"\nrule: the set is done, failed\nfix: use one of the set/);
  assert.deepEqual(first.partialFingerprints, second.partialFingerprints);
  assert.notDeepEqual(first.partialFingerprints, third.partialFingerprints);
});

for (const [source, uri] of [
  ['http://127.0.0.1:9090/metrics', 'http://127.0.0.1:9090/metrics'],
  ['http://localhost:1/a b?c[]=ä', 'http://localhost:1/a%20b?c[]=%C3%A4'],
  ['standard input', 'standard%20input'],
  ['pages/a b#1.txt', 'pages/a%20b%231.txt'],
  ['c:page%.txt', 'c%3Apage%25.txt'],
  ['/tmp/a b.txt', 'file:///tmp/a%20b.txt'],
] as const) {
  test(`the source ${source} is ${uri}`, () => {
    const [result] = runOf(writeReport([{ ...moved, source }], options)).results;
    assert.equal(result.locations[0].physicalLocation.artifactLocation.uri, uri);
    if (source.startsWith('/')) assert.equal(uri, pathToFileURL(source).href);
  });
}

test('property: every report is valid, and has each finding', () => {
  fc.assert(
    fc.property(fc.array(arbitraryFinding, { maxLength: 4 }), (findings) => {
      const run = runOf(writeReport(findings, options));
      assert.equal(run.results.length, findings.length);
      for (const result of run.results) assert.equal(run.tool.driver.rules[result.ruleIndex].id, result.ruleId);
    }),
  );
});
