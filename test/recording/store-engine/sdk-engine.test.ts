/** All tests of recording once more, on the SDK engine: what holds for one engine holds for the other. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { test } from 'node:test';

const substitute = new URL('testing-sdk.ts', import.meta.url).href;
let substituted = 0;

registerHooks({
  resolve(specifier, context, next) {
    if (!specifier.endsWith('/src/testing.ts') || context.parentURL === substitute) return next(specifier, context);
    substituted += 1;
    return next(substitute, context);
  },
});

const folder = new URL('../', import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith('.test.ts'));
for (const file of files) await import(new URL(file, folder).href);

test('every file was given the SDK engine', () => {
  assert.ok(substituted >= 6, `${substituted} of ${files.length} files`);
});
