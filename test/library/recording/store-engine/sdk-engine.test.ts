/**
 * The tests of recording once more (every third file that knows no engine; in full, all), on the SDK engine: what holds for one
 * engine holds for the other.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { test } from 'node:test';
import { full } from '../../../full.ts';

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
const files = readdirSync(folder)
  .filter((name) => name.endsWith('.test.ts'))
  // Those that make both engines themselves have done so already.
  .filter((name) => !readFileSync(new URL(name, folder), 'utf8').includes('sdkEngine('))
  .filter((_, at) => full || at % 3 === 0);
for (const file of files) await import(new URL(file, folder).href);

test('every file was given the SDK engine', () => {
  assert.ok(substituted >= files.length / 3, `${substituted} of ${files.length} files`);
});
