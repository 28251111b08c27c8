/** Metrics SDK, "Instrument selection criteria": `*` matches zero or more characters, `?` exactly one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fitsPattern } from '../../../../src/library/recording/views/name-pattern.ts';

const fits: readonly [pattern: string, name: string][] = [
  ['http.requests', 'http.requests'],
  ['http.requests', 'HTTP.Requests'],
  ['*', 'anything'],
  ['*', ''],
  ['http.*', 'http.'],
  ['http.*', 'http.server.duration'],
  ['*.duration', 'http.server.duration'],
  ['*.ab', 'x.aab.ab'],
  ['h*.s*.d*', 'http.server.duration'],
  ['**', 'a'],
  ['a?c', 'abc'],
  ['?', 'a'],
  ['*?', 'a'],
  ['a*?c', 'abbc'],
];
for (const [pattern, name] of fits) test(`${pattern} fits ${name}`, () => assert.equal(fitsPattern(pattern, name), true));

const differs: readonly [pattern: string, name: string][] = [
  ['http.requests', 'http.requests.total'],
  ['http.requests', 'xhttp.requests'],
  ['http.*', 'http'],
  ['http.*', 'xhttp.'],
  ['a?c', 'ac'],
  ['a?c', 'abbc'],
  ['?', ''],
  ['*?', ''],
  ['*.ab', 'x.ab.c'],
  // No character but the two is special.
  ['a.c', 'abc'],
  ['[a]', 'a'],
  ['a+', 'aa'],
  ['a$', 'a'],
];
for (const [pattern, name] of differs)
  test(`${pattern} does not fit ${name}`, () => assert.equal(fitsPattern(pattern, name), false));

test('a pattern of many stars takes no exponential time', () => {
  assert.equal(fitsPattern('*a'.repeat(100), `${'a'.repeat(10_000)}b`), false);
});
