/** What the tables expect is typed: none of it comes from what they are to judge. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const typed = ['answers', 'axes', 'cells', 'crewshipd', 'restic-manager', 'runwisp', 'solti', 'wasmrun'];

for (const name of typed) {
  test(`${name}.ts imports nothing of the product`, () => {
    const text = readFileSync(new URL(`${name}.ts`, import.meta.url), 'utf8');
    const imports = [...text.matchAll(/from '(.*)'/g)].map(([, from]) => from ?? '');
    for (const from of imports) assert.match(from, /^(\.\/|node:)/);
  });
}
