/**
 * No text makes a regular expression take more than linear time: recheck proves it of each one from its automaton, for every
 * position at which a search may begin. An expression of which it cannot is written otherwise; a search within a line or a few
 * dozen characters, too, since nobody sees the limit later.
 */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { expressionsIn } from './expressions.ts';

// In this process, where its other back ends start one of the platform's.
process.env.RECHECK_SYNC_BACKEND = 'pure';
const { checkSync } = await import('recheck');

const root = join(import.meta.dirname, '../..');
/** In ms; the longest takes about one second of processor time. Whoever gives up says "unknown". */
const timeout = 60_000;

function verdict(source: string, flags: string): string {
  const found = checkSync(source, flags, { checker: 'automaton', timeout });
  if (found.status === 'vulnerable') return `${found.complexity.summary}, e.g. with ${found.attack.pattern.slice(0, 80)}`;
  return found.status === 'unknown' ? `unknown: ${JSON.stringify(found.error)}` : 'safe';
}

const all = globSync('{src,instrumentation}/**/*.ts', { cwd: root })
  .sort()
  .map((file) => expressionsIn(file, readFileSync(join(root, file), 'utf8')));

test('every regular expression takes linear time, whatever the text', () => {
  const places = Map.groupBy(
    all.flatMap(({ literals }) => literals),
    ({ source, flags }) => `/${source}/${flags}`,
  );
  assert.ok(places.size > 100, 'the expressions are somewhere else');
  const wrong = [...places].flatMap(([written, [first, ...more]]) => {
    const { source, flags, at } = first as typeof first & {};
    const found = verdict(source, flags);
    return found === 'safe' ? [] : [`${[at, ...more.map((one) => one.at)].join(', ')}: ${written} is ${found}`];
  });
  assert.deepEqual(wrong, []);
});

test('every regular expression is written as a literal, so that it can be proven', () => {
  assert.deepEqual(
    all.flatMap(({ made }) => made),
    [],
  );
});

test('what is quadratic is found, and what cannot be proven', () => {
  assert.match(verdict('^\\p{White_Space}+|\\p{White_Space}+$', 'gu'), /^2nd degree polynomial, e\.g\. with/);
  assert.match(verdict('^(a|a)*$', ''), /^exponential/);
  assert.match(verdict('a*(?=b)', ''), /^unknown: .*look-ahead/);
});

test('expressions are found wherever they are, and what makes one', () => {
  const text = 'const a = [/x\\/y/gu];\n// /no/\nf(/z/.test("/no/"), new RegExp(a), RegExp("b"));';
  assert.deepEqual(expressionsIn('a.ts', text), {
    literals: [
      { source: 'x\\/y', flags: 'gu', at: 'a.ts:1' },
      { source: 'z', flags: '', at: 'a.ts:3' },
    ],
    made: ['a.ts:3', 'a.ts:3'],
  });
});
