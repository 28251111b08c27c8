// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references are what these tests are about
/** Sources, merging and references: as in the Collector, with every place kept. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { problemText } from '../../../src/core/errors/error.ts';
import { assertLinear } from '../../linear.ts';
import { read } from './read.ts';

type Options = Parameters<typeof read>[2];

const base = `receivers: {otlp: {protocols: {http: {endpoint: "localhost:1"}}}}
exporters: {debug: , nop: }
service: {pipelines: {metrics: {receivers: [otlp], exporters: [debug, nop]}}}
`;

function printed(t: TestContext, files: Readonly<Record<string, string>>, options?: Options) {
  const result = read(t, files, options);
  assert.deepEqual(result.ok ? [] : result.problems.map(problemText), []);
  // biome-ignore lint/suspicious/noExplicitAny: a path into it is all that is asked of it
  return { config: result.ok ? (result.print(true) as any) : undefined, warnings: result.warnings };
}

function said(t: TestContext, files: Readonly<Record<string, string>>, options?: Options): readonly string[] {
  const result = read(t, files, options);
  return result.ok ? [] : result.problems.map(problemText);
}

test('later sources win: sections merge, lists and values are replaced', (t) => {
  const over =
    'receivers: {otlp: {protocols: {grpc: , http: {read_timeout: 5s}}}}\nservice: {pipelines: {metrics: {exporters: [nop]}}}\n';
  const { config } = printed(t, { 'a.yaml': base, 'b.yaml': over }, { config: ['a.yaml', 'b.yaml'] });
  const { http, grpc } = config.receivers.otlp.protocols;
  assert.deepEqual([http.endpoint, http.read_timeout, grpc.endpoint], ['localhost:1', '5s', 'localhost:4317']);
  assert.deepEqual(config.service.pipelines.metrics.exporters, ['nop']);
});

test('an empty section is null and replaces what was there', (t) => {
  const { config } = printed(t, { 'a.yaml': base }, { config: ['a.yaml', 'yaml:receivers::otlp::protocols::http:'] });
  assert.equal(config.receivers.otlp.protocols.http.endpoint, 'localhost:4318');
});

test('env:, yaml: and --set, in this order whatever the order of the command line', (t) => {
  const options = {
    config: ['a.yaml', 'env:MORE', 'yaml:exporters::debug::sampling_initial: 7'],
    env: { MORE: 'exporters: {debug: {sampling_initial: 6, verbosity: Detailed}}' },
  };
  assert.deepEqual(printed(t, { 'a.yaml': base }, options).config.exporters.debug, {
    verbosity: 'detailed',
    sampling_initial: 7,
  });
  const set = ['exporters.debug.sampling_initial=8', 'exporters.debug={verbosity: basic}'];
  assert.deepEqual(printed(t, { 'a.yaml': base }, { ...options, set }).config.exporters.debug, {
    verbosity: 'basic',
    sampling_initial: 8,
  });
});

test('what is wrong has the place where it was written', (t) => {
  const files = { 'a.yaml': base.replace('"localhost:1"', '"${env:WHERE}"'), 'more.yaml': '\nverbosity: loud\n' };
  const config = ['a.yaml', 'env:MORE', 'yaml:exporters::nop::x: 1'];
  const env = { WHERE: 'nowhere', MORE: 'exporters:\n  debug: ${file:FOLDER/more.yaml}\n' };
  const result = read(t, files, { config, set: ['exporters.nop.y=1'], env });
  assert.equal(result.ok, false);
  // The variable's own reference: a file of its own names the folder.
  const again = said(
    t,
    { ...files, 'b.yaml': env.MORE },
    { config: ['a.yaml', 'b.yaml', 'yaml:exporters::nop::x: 1'], set: ['exporters.nop.y=1'], env },
  );
  assert.deepEqual(again, [
    'a.yaml:1:49 receivers.otlp.protocols.http.endpoint: got "nowhere"; it is HOST:PORT, with a port from 0 to 65535. Fix: write nowhere:4318.',
    'more.yaml:2:12 exporters.debug.verbosity: got "loud"; it is one of the known values. Fix: use basic or detailed.',
    '--config #3:1:1 exporters.nop.x: got "x"; there is no such key. Fix: leave it out.',
    '--set exporters.nop.y:1:1 exporters.nop.y: got "y"; there is no such key. Fix: leave it out.',
  ]);
});

test('a variable that is not set is empty, with a warning', (t) => {
  const { config, warnings } = printed(t, { 'a.yaml': base.replace('{debug: ,', '{debug: {sampling_initial: "${env:NONE}"},') });
  assert.equal(config.exporters.debug.sampling_initial, 0);
  assert.deepEqual(warnings, ['a.yaml:2:39 exporters.debug.sampling_initial: the variable NONE is not set; its value is empty']);
});

test('a value never becomes a key', (t) => {
  const { config } = printed(
    t,
    { 'a.yaml': base.replace('nop: }', 'prometheus: {endpoint: "x:1", const_labels: {"${env:A}": "${env:A}"}}, nop: }') },
    { env: { A: 'k: v' } },
  );
  assert.deepEqual(config.exporters.prometheus.const_labels, { '${env:A}': 'k: v' });
});

test('a secret is printed only when it is asked for', (t) => {
  const files = { 'a.yaml': base.replace('nop: }', 'prometheus: {endpoint: "x:1", token: "${env:TOKEN}"}, nop: }') };
  const result = read(t, files, { env: { TOKEN: '00123' } });
  assert.ok(result.ok);
  assert.match(JSON.stringify(result.print(false)), /"token":"\[REDACTED\]"/);
  // Its text, not the number that it also is.
  assert.match(JSON.stringify(result.print(true)), /"token":"00123"/);
});

test('files that lead back to themselves are refused', (t) => {
  const files = {
    'a.yaml': base.replace('{endpoint: "localhost:1"}', '"${file:FOLDER/b.yaml}"'),
    'b.yaml': 'endpoint: ${file:FOLDER/b.yaml}\n',
  };
  assert.deepEqual(said(t, files), [
    'b.yaml:1:11 receivers.otlp.protocols.http.endpoint: got file:b.yaml; references do not lead back to themselves. Fix: break the cycle.',
  ]);
});

test('no configuration at all, and sources that cannot be read', (t) => {
  assert.deepEqual(
    said(t, { 'a.yaml': '[' }, { config: ['a.yaml', 'env:1X', 'https://example.org/a', 'x.yaml'], set: ['x'] }).map(
      (line) => line.split(';')[0],
    ),
    [
      'a.yaml:1:2: got what YAML calls MISSING_CHAR',
      '--config: got "1X"',
      '--config: got "https"',
      'x.yaml: got a file that cannot be read (ENOENT)',
      '--set: got no =',
    ],
  );
});

for (const [what, yaml] of [
  ['references in one value', (size: number) => `a: "${'${env:A}${env:B}'.repeat(size)}"`],
  ['references that are never closed', (size: number) => `a: "${'${'.repeat(size)}"`],
  ['escapes', (size: number) => `a: "${'$'.repeat(size)}{x}"`],
  ['ends of references', (size: number) => `a: "${'}'.repeat(size)}"`],
] as const) {
  test(`${what} take linear time`, (t) => {
    assertLinear((size) => {
      const text = yaml(size);
      return () => read(t, { 'a.yaml': text }, { env: { A: 'x', B: 'y' } });
    }, 1_000);
  });
}
