/** Ties the catalogue, the sources that raise its codes, and the documentation page together. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { catalogue, type ErrorCode } from '../../../src/core/errors/catalogue.ts';
import { codesIn, sectionsOf } from './codes.ts';

const root = join(import.meta.dirname, '../../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const codes = Object.keys(catalogue) as ErrorCode[];
const sections = sectionsOf(read('docs/errors.md'));
const sources = globSync('{src,instrumentation,examples}/**/*.ts', { cwd: root }).filter(
  (path) => path !== join('src', 'errors', 'catalogue.ts'),
);

test('docs/errors.md has one section a code, in the order of the catalogue', () => {
  assert.deepEqual(
    sections.map(({ code }) => code),
    codes,
  );
});

for (const { code, summary, example } of sections) {
  test(`${code}: its section begins with the catalogue's sentence`, () => assert.equal(summary, catalogue[code as ErrorCode]));
  test(`${code}: its example has place, value, rule and fix`, () =>
    assert.match(example, /^[^\n]+: got [^\n]+; [^\n]+\. Fix: [^\n]+[.?]$/));
}

for (const code of codes) {
  test(`${code} is a stable code: AREA_REASON`, () => assert.match(code, /^[A-Z]+(_[A-Z]+)+$/));
  test(`${code} is raised somewhere`, () => {
    const users = sources.filter((path) => read(path).includes(`'${code}'`));
    assert.ok(users.length > 0, `no source mentions '${code}': raise it, or take it out of the catalogue and of docs/errors.md`);
  });
}

test('every code that is raised is in the catalogue', () => {
  const unknown = sources.flatMap((path) =>
    codesIn(read(path))
      .filter((code) => !Object.hasOwn(catalogue, code))
      .map((code) => `${path}: ${code}`),
  );
  assert.deepEqual(unknown, []);
});
