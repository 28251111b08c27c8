/** Regular expressions are Go's: JavaScript's own are another reading of those that both know. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Problem } from '../../../src/core/errors/error.ts';
import { compileRegexp } from '../../../src/service/processors/regexp.ts';
import { withoutPackages } from '../../core/node/without-packages.ts';
import { requestWith, rig } from './rig.ts';

describe('what JavaScript reads otherwise', () => {
  const refused = [
    '(?=a)',
    '(?!a)',
    '(?<=a)',
    '(?<!a)',
    '(a)\\1',
    '(?<n>a)\\k<n>',
    '\\cA',
    '\\u0041',
    '(?>a)',
    'a++',
    '[',
    'a)',
    '*',
    '(?P<n>a)(?P<n>b)',
    'a{1001}',
    '((a{100}){100}){100}',
  ];
  for (const source of refused)
    test(`${source} is refused`, () => assert.throws(() => compileRegexp(source), /error parsing regexp/));

  const read: readonly (readonly [source: string, text: string, found: boolean])[] = [
    ['(?i)KELVIN', 'kelvin', true],
    ['(?s)a.b', 'a\nb', true],
    ['(?m)^b$', 'a\nb', true],
    ['^b$', 'a\nb', false],
    ['a\\z', 'a', true],
    ['\\Aa', 'ba', false],
    ['\\pL', 'ü', true],
    ['^\\p{Greek}+$', 'αβγ', true],
    ['^[[:digit:]]+$', '٣', false],
    ['^\\d$', '٣', false],
    ['^.$', '😀', true],
    ['^\\x{1F600}$', '😀', true],
    ['\\Qa.b\\E', 'axb', false],
    ['\\bä', 'ä', false],
  ];
  for (const [source, text, found] of read)
    test(`${source} is ${found ? '' : 'not '}found in ${JSON.stringify(text)}`, () =>
      assert.equal(compileRegexp(source).test(text), found));
});

test('without re2js, a configuration with an expression is wrong, and says what to install', async (t) => {
  const { folder, remove } = withoutPackages();
  t.after(remove);
  const { regexp }: typeof import('../../../src/service/processors/regexp.ts') = await import(
    join(folder, 'src/service/processors/regexp.ts')
  );
  const problems: Problem[] = [];
  const tree = { kind: 'scalar', at: 'f:1:1', value: 'a', text: 'a', alsoText: false } as const;
  regexp().read({ tree, keys: 'pattern' }, { problems, warnings: [] });
  assert.equal(problems[0]?.rule, 'this needs an optional dependency, which is not installed: re2js');
  assert.match(problems[0]?.fix ?? '', /^run: npm install re2js@\d+\.\d+\.\d+$/);
});

/** A syntax that both read alike. No repetition stands within another, with which JavaScript would not end. */
const simple = fc.constantFrom('a', 'b', 'c', '.', '[ab]', '[^a]', '[a-c0-9]', '\\d', '\\w', '\\.', '(?:ab|c)', '(a|b)');
const piece = fc.tuple(simple, fc.constantFrom('', '', '*', '+', '?', '{2}', '{1,3}', '*?', '+?')).map((parts) => parts.join(''));
const branch = fc.array(piece, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(''));
const pattern = fc
  .tuple(fc.constantFrom('', '^'), fc.array(branch, { minLength: 1, maxLength: 3 }), fc.constantFrom('', '$'))
  .map(([start, branches, end]) => `${start}(?:${branches.join('|')})${end}`);
const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'd', '1', '.', '-'), maxLength: 10 });

test('what both know is found in the same strings', () => {
  fc.assert(
    fc.property(pattern, text, (source, one) => compileRegexp(source).test(one) === new RegExp(source).test(one)),
    { numRuns: 3_000 },
  );
});

test('any string is an expression, or refused with what is wrong', () => {
  const symbols = fc.constantFrom(...'ab(){}[]|*+?^$.\\-,:<>=!P1dDwWsSbBAzpLQE&', 'ü', '😀', '\ud800');
  fc.assert(
    fc.property(
      fc.oneof(fc.string({ unit: symbols, maxLength: 20 }), fc.string({ unit: 'binary', maxLength: 20 })),
      text,
      (source, one) => {
        let compiled: ReturnType<typeof compileRegexp>;
        try {
          compiled = compileRegexp(source);
        } catch (error) {
          assert.match(String(error), /error parsing regexp/);
          return;
        }
        assert.equal(compiled.groups.length, compiled.extract(one)?.length ?? compiled.groups.length);
      },
    ),
    { numRuns: 3_000 },
  );
});

describe('no text takes more than time in proportion to its length', () => {
  // In a search that goes back, each of these takes exponential or quadratic time, and does not end here.
  const evil = [
    '(a+)+$',
    '(a|aa)+$',
    '^(a|a?)+$',
    '(.*)*x$',
    '((a{1,9}){1,9})+b$',
    '^(([a-z])+.)+[A-Z]([a-z])+$',
    '(?:a|b|ab)*c$',
    'a*a*a*a*a*b$',
  ];
  const long = `${'a'.repeat(60_000)}!`;
  for (const source of evil) test(source, () => assert.equal(compileRegexp(source).test(long), false));

  test('conversions of long strings', () => {
    const { send, batches } = rig(
      'attributes',
      'actions: [{key: i, action: convert, converted_type: int}, {key: d, action: convert, converted_type: double}]',
    );
    for (const one of ['1', '0', '1_', '0x1', '1.1', '_', 'e1', '-', '.']) {
      const stringValue = `${one.repeat(Math.floor(60_000 / one.length))}!`;
      send(
        requestWith([
          { key: 'i', value: { stringValue } },
          { key: 'd', value: { stringValue } },
        ]),
      );
      const attributes = batches.at(-1)?.[0]?.scopes[0]?.metrics[0]?.points[0]?.attributes;
      assert.deepEqual(
        attributes?.map(({ value }) => value),
        [{ stringValue }, { stringValue }],
      );
    }
  });
});
