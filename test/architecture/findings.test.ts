import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Areas, areaOf, circles, findings, importsOf } from './findings.ts';

/**
 * A world of three folders: low, high (may import low, and has a fenced folder) and hosts that may import both, but never each
 * other.
 */
const world: Areas = {
  'src/core/errors': { imports: [] },
  'src/low': { imports: [], packages: ['@scope/one'] },
  'src/high': { imports: ['src/low', 'src/high/fenced'] },
  'src/high/fenced': { imports: ['src/low'] },
  src: { imports: ['src/low', 'src/high'] },
  'instrumentation/*': { imports: ['src', 'src/low'] },
  'src/command': { imports: [], exported: ['instrumentation/*'] },
  examples: { imports: ['src', 'instrumentation/*'] },
};
/** What the package of this world exports. */
const own = new Map([
  ['world', 'src/index.ts'],
  ['world/one', 'instrumentation/one/index.ts'],
]);

const files = (...entries: readonly (readonly [string, string])[]) => new Map(entries);
const one = (path: string, text: string) => findings(files([path, text]), world, own).map(({ id, at }) => `${id} ${at}`);

const legal: readonly (readonly [string, string])[] = [
  ['src/high/a.ts', `import { b } from './b.ts';`],
  ['src/high/a.ts', `import { b } from '../low/b.ts';`],
  ['src/high/a.ts', `import { MeterbridgeError } from '../core/errors/error.ts';`],
  ['src/high/deep/a.ts', `import { b } from '../../low/b.ts';`],
  ['src/high/a.ts', `import { b } from './fenced/b.ts';`],
  ['src/low/a.ts', `import { join } from 'node:path';\nimport one from '@scope/one/sub';`],
  ['src/index.ts', `export { a } from './high/a.ts';`],
  ['src/low/a.ts', `// import { b } from '../high/b.ts';\nexport const text = "import { b } from '../high/b.ts'";`],
  ['instrumentation/one/recorder.ts', `import { contract } from './contract.ts';\nimport { a } from '../../src/index.ts';`],
  ['src/command/a.ts', `const one = await import('world/one');`],
  ['examples/one/main.ts', `import one from '../../instrumentation/one/index.ts';\nimport toml from 'any-package';`],
];
for (const [path, text] of legal) {
  test(`legal: ${path} with ${text.replaceAll('\n', ' ')}`, () => assert.deepEqual(one(path, text), []));
}

const illegal: readonly (readonly [string, string, string])[] = [
  ['an arrow that points up', 'src/low/a.ts', `import { b } from '../high/b.ts';`],
  ['a type counts', 'src/low/a.ts', `import type { B } from '../high/b.ts';`],
  ['a fenced folder imports its part', 'src/high/fenced/a.ts', `import { b } from '../b.ts';`],
  ['a part imports the fenced folder of another', 'src/index.ts', `import { b } from './high/fenced/b.ts';`],
  ['a re-export counts', 'src/low/a.ts', `export * from '../high/b.ts';`],
  ['a dynamic import counts', 'src/low/a.ts', `const b = await import('../high/b.ts');`],
  ['an import for its effect counts', 'src/low/a.ts', `import '../high/b.ts';`],
  ['a part imports an entry point', 'src/high/a.ts', `import { a } from '../index.ts';`],
  ['errors import something', 'src/core/errors/a.ts', `import { b } from '../../low/b.ts';`],
  ['the sources import a host', 'src/index.ts', `import { b } from '../instrumentation/one/index.ts';`],
  ['the sources import a test', 'src/low/a.ts', `import { b } from '../../test/low/b.ts';`],
  ['one host imports another', 'instrumentation/one/index.ts', `import { b } from '../two/index.ts';`],
  ['the sources import a host by an export', 'src/index.ts', `import { b } from 'world/one';`],
  [
    'a host for which there is an export is imported by its path',
    'src/command/a.ts',
    `import { b } from '../../instrumentation/one/index.ts';`,
  ],
  ['an export that its row does not name', 'src/command/a.ts', `import { b } from 'world';`],
  ['an example imports by an export', 'examples/one/main.ts', `import { b } from 'world/one';`],
  ['a folder that no row names', 'src/low/a.ts', `import { b } from '../unheard/b.ts';`],
];
for (const [name, path, text] of illegal) {
  test(`refused: ${name}`, () => assert.deepEqual(one(path, text), [`forbidden-import ${path}:1`]));
}

test('refused: a package that its folder may not use', () => {
  assert.deepEqual(one('src/high/a.ts', `import one from '@scope/one';`), ['forbidden-package src/high/a.ts:1']);
});

test('refused: a new folder without a row', () => {
  assert.deepEqual(one('src/unheard/a.ts', ''), ['unknown-area src/unheard/a.ts']);
});

test('refused: a file above 300 lines, not one of 300', () => {
  assert.deepEqual(one('src/low/a.ts', 'x;\n'.repeat(300)), []);
  assert.deepEqual(one('src/low/a.ts', 'x;\n'.repeat(301)), ['long-file src/low/a.ts']);
});

test('a circle is found once, with its way', () => {
  const found = circles(
    files(
      ['src/low/a.ts', `import './b.ts';`],
      ['src/low/b.ts', `import type { C } from './c.ts';`],
      ['src/low/c.ts', `export * from './a.ts';`],
      ['src/low/d.ts', `import './a.ts';`],
    ),
  );
  assert.deepEqual(
    found.map(({ message }) => message),
    ['src/low/a.ts → src/low/b.ts → src/low/c.ts → src/low/a.ts'],
  );
});

test('a circle through an export is one', () => {
  const through = files(
    ['src/command/a.ts', `import 'world/one';`],
    ['instrumentation/one/index.ts', `import '../../src/command/a.ts';`],
  );
  assert.equal(circles(through, own).length, 1);
});

test('two ways to one file are no circle', () => {
  const found = circles(
    files(['src/low/a.ts', `import './b.ts';\nimport './c.ts';`], ['src/low/b.ts', `import './c.ts';`], ['src/low/c.ts', '']),
  );
  assert.deepEqual(found, []);
});

test('a finding carries the line of its import', () => {
  assert.deepEqual(importsOf(`// first\n\nimport a from './a.ts';\nimport {\n  b,\n} from './b.ts';`), [
    { specifier: './a.ts', line: 3 },
    { specifier: './b.ts', line: 6 },
  ]);
});

test('areas go by folder, entry points are the files straight below src', () => {
  assert.equal(areaOf('src/low/deep/a.ts', world), 'src/low');
  assert.equal(areaOf('src/high/fenced/a.ts', world), 'src/high/fenced');
  assert.equal(areaOf('src/index.ts', world), 'src');
  assert.equal(areaOf('src/unheard/a.ts', world), undefined);
  assert.equal(areaOf('instrumentation/one/index.ts', world), 'instrumentation/*');
  assert.equal(areaOf('examples/run.ts', world), 'examples');
});
