/**
 * A bundler takes the functions of the language for calls without effect, and drops a statement that is such a call and nothing
 * else. In a `try` its effect is to throw: the published code would find nothing wrong, while the sources, which the tests run,
 * do.
 */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const root = join(import.meta.dirname, '../..');
const dropped =
  /(?<!(?:=>|[=(,?:|&])\n)^[ \t]*(?:void )?(?:(?:decodeURI|decodeURIComponent|encodeURI|encodeURIComponent|BigInt|Number|String|Symbol|parseInt|parseFloat)|new [A-Z]\w*|(?:JSON|Object|Reflect|URL|Intl|Array|Number|String)\.\w+)\([^;{\n]*\);$/gm;
/** These act on what they are given. */
const acts = /Object\.(?:assign|freeze|defineProper)|Reflect\.(?:set|define|delete)|new (?:Worker|Promise)\b/;

function found(source: string): readonly string[] {
  return [...source.matchAll(dropped)].map(([statement]) => statement.trim()).filter((statement) => !acts.test(statement));
}

test('a statement that can only throw is found', () => {
  assert.deepEqual(
    found('try {\n  decodeURIComponent(path);\n  new URL(text);\n  list.push(new URL(text));\n  const a = BigInt(b);\n}'),
    ['decodeURIComponent(path);', 'new URL(text);'],
  );
});

test('no check relies on a call whose result is not used', () => {
  const sources = globSync(['src/**/*.ts', 'instrumentation/**/*.ts'], { cwd: root });
  assert.deepEqual(
    sources.flatMap((path) => found(readFileSync(join(root, path), 'utf8')).map((statement) => `${path}: ${statement}`)),
    [],
  );
});
