/** What the pages say of `@opentelemetry/api` is what package.json asks for. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const range: string = JSON.parse(read('package.json')).peerDependencies['@opentelemetry/api'];

for (const page of ['docs/recording.md', 'docs/installing.md'])
  test(`${page} names the range of the shared API, and asks for no other version`, () => {
    const text = read(page).replaceAll(/\s+/g, ' ');
    assert.ok(text.match(/(?<=`@opentelemetry\/api`[^`]*`)[^`]+(?=`)/g)?.includes(range));
    assert.doesNotMatch(text, /"@opentelemetry\/api":/);
  });
