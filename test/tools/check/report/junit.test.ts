import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { XmlDocument, type XmlElement } from 'libxml2-wasm';
import { writeReport } from '../../../../src/tools/check/report/index.ts';
import { arbitraryFinding, moved, noHelp, observedOf, outside } from './findings.ts';

const options = { format: 'junit', version: '1.2.3', at: new Date(Date.UTC(2026, 0, 2, 3, 4, 5, 678)) } as const;

/**
 * What Ant's task writes, which CI systems read: the attributes that each element has, and its children in order. Jenkins' reader
 * knows them all.
 * https://github.com/apache/ant/blob/master/src/main/org/apache/tools/ant/taskdefs/optional/junit/XMLJUnitResultFormatter.java
 */
const grammar: Readonly<Record<string, { readonly attributes: Readonly<Record<string, RegExp>>; readonly children: RegExp }>> = {
  testsuites: { attributes: {}, children: /^(testsuite )*$/ },
  testsuite: {
    attributes: {
      name: /./,
      package: /./,
      id: /^\d+$/,
      timestamp: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/,
      hostname: /./,
      tests: /^\d+$/,
      failures: /^\d+$/,
      errors: /^\d+$/,
      time: /^\d+(\.\d+)?$/,
    },
    children: /^properties (testcase )*system-out system-err $/,
  },
  properties: { attributes: {}, children: /^(property )*$/ },
  property: { attributes: { name: /./, value: /./ }, children: /^$/ },
  testcase: { attributes: { name: /./, classname: /./, time: /^\d+(\.\d+)?$/ }, children: /^((failure|error) )?$/ },
  failure: { attributes: { type: /./, message: /./ }, children: /^$/ },
  'system-out': { attributes: {}, children: /^$/ },
  'system-err': { attributes: {}, children: /^$/ },
};

/** Throws where an element is not as Ant writes it, or a suite's counts are not those of its cases. */
function assertGrammar(element: XmlElement): void {
  const rule = grammar[element.name];
  assert.ok(rule, element.name);
  const attributes = new Map(element.attrs.map(({ name, value }) => [name, value]));
  assert.deepEqual([...attributes.keys()].sort(), Object.keys(rule.attributes).sort(), element.name);
  for (const [name, pattern] of Object.entries(rule.attributes))
    assert.match(attributes.get(name) ?? '', pattern, `${element.name} ${name}`);
  const children = element.find('*') as XmlElement[];
  assert.match(children.map(({ name }) => `${name} `).join(''), rule.children, element.name);
  if (element.name === 'testsuite') {
    assert.equal(Number(attributes.get('tests')), element.find('testcase').length);
    assert.equal(Number(attributes.get('failures')), element.find('testcase/failure').length);
  }
  for (const child of children) assertGrammar(child);
}

interface Case {
  readonly name: string;
  readonly failure: string | undefined;
}

interface Suite {
  readonly attributes: Readonly<Record<string, string>>;
  readonly cases: readonly Case[];
  readonly out: string;
}

/** Throws if libxml2 cannot read it, or it breaks the grammar. */
function suitesOf(text: string): Suite[] {
  const document = XmlDocument.fromString(text);
  try {
    assertGrammar(document.root);
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

test('the grammar rejects what Ant does not write', () => {
  const text = writeReport([outside], options);
  for (const [from, to] of [
    ['hostname="localhost"', ''],
    ['tests="1"', 'tests="2"'],
    ['failures="1"', 'failures="0"'],
    ['<system-err></system-err>', ''],
    ['</testcase>', '<skipped/></testcase>'],
    [' time="0">', ' time="0" file="x">'],
  ] as const) {
    assert.notEqual(text.replace(from, to), text);
    assert.throws(() => suitesOf(text.replace(from, to)), assert.AssertionError, from);
  }
});

test('nothing read is no suite', () => assert.deepEqual(suitesOf(writeReport([], options)), []));

test('property: every report is as Ant writes them, and each error is in a failure', () => {
  fc.assert(
    fc.property(fc.array(arbitraryFinding, { maxLength: 4 }), (findings) => {
      const suites = suitesOf(writeReport(findings, options));
      const failed = suites.flatMap(({ cases }) => cases.filter(({ failure }) => failure !== undefined));
      const errors = findings.filter(({ severity }) => severity === 'error');
      const fields = failed.flatMap(
        ({ failure }) => failure?.split('\n').filter((line) => line.startsWith('  got       ')) ?? [],
      );
      assert.equal(fields.length, errors.length);
      const names = suites.map(({ attributes }) => attributes.name);
      assert.equal(names.length, new Set(findings.map(({ source }) => source)).size);
    }),
  );
});
