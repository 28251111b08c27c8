import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { checkNode, oldest } from '../../../src/core/node/supported.ts';

const root = join(import.meta.dirname, '../../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

for (const version of ['22.15.0', '22.16.1', '23.0.0', '24.9.0', '26.10.0', '100.0.0-nightly']) {
  test(`Node.js ${version} is supported`, () => checkNode(version));
}

for (const version of ['18.20.8', '20.20.2', '22.14.0', '22.9.9', '9.15.0']) {
  test(`Node.js ${version} is refused`, () => {
    assert.throws(() => checkNode(version), {
      code: 'NODE_TOO_OLD',
      message: new RegExp(`got ${version.replaceAll('.', '\\.')}; .*22\\.15`),
    });
  });
}

test('package.json says the same', () => {
  const { engines } = JSON.parse(read('package.json'));
  assert.equal(engines.node, `>=${oldest.major}.${oldest.minor}.0`);
});

for (const path of globSync('src/*.ts', { cwd: root })) {
  test(`${path} checks it before it imports anything else`, () => {
    assert.match(read(path).replace(/^(\/\*\*[\s\S]*?\*\/\n)/, ''), /^import '\.\/core\/node\/supported\.ts';\n/);
  });
}
