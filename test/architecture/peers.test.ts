/** `npm test` needs nothing but the clone: who asks for a real peer is in `test/conformance/`, or runs in full alone. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const folder = join(import.meta.dirname, '..');

/** Each `test(…)` at the beginning of a line, with what follows until the next one. */
function testsIn(file: string): readonly string[] {
  return readFileSync(join(folder, file), 'utf8').split(/^(?=\s*test(?:InFull)?\()/m);
}

test('no test of npm test asks for a peer', () => {
  const files = globSync('!(conformance)/**/*.test.ts', { cwd: folder });
  assert.ok(files.length > 400, `${files.length}`);
  const asking = files.flatMap((file) =>
    testsIn(file)
      .filter((text) => /^\s*test\([\s\S]*requirePeer\(/.test(text))
      .map((text) => `${file}: ${text.trim().split('\n')[0]}`),
  );
  assert.deepEqual(asking, []);
});
