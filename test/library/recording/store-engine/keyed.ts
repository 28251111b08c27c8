/** The tests of recording, run by `keyed.test.ts` in a process that forbids code generation. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

for (const name of ['kinds', 'limits', 'refusals', 'remove', 'zero-fill', 'store-engine/hot-path']) {
  await import(new URL(`../${name}.test.ts`, import.meta.url).href);
}

test('code generation is forbidden here', () => {
  assert.throws(() => new Function('return 1'), EvalError);
});
