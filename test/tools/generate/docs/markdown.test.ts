/**
 * The expected Markdown is that of GitHub Flavored Markdown 0.29, "Tables" (a pipe is escaped in code, too) and "Backslash
 * escapes".
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { code, markdownTable, plain } from '../../../../src/tools/generate/docs/markdown.ts';

describe('plain text', () => {
  for (const [text, expected] of [
    ['Runs, by status: 1.5 %.', 'Runs, by status: 1.5 %.'],
    ['a|b', 'a\\|b'],
    ['`a` *b* _c_ [d](e) ~f~', '\\`a\\` \\*b\\* \\_c\\_ \\[d\\](e) \\~f\\~'],
    ['snake_case __init__', 'snake_case \\_\\_init\\_\\_'],
    ['<b>&amp;', '\\<b\\>\\&amp;'],
    ['a\\b', 'a\\\\b'],
    ['one\ntwo\r\n  three', 'one two three'],
    ['a\u2028b', 'a b'],
    ['a\u001b[31m', 'a\\\\u{1b}\\[31m'],
    ['<!-- x -->', '\\<!-- x --\\>'],
  ] as const)
    test(JSON.stringify(text), () => assert.equal(plain(text), expected));
});

describe('code', () => {
  for (const [text, expected] of [
    ['a_b{c="d"}', '`a_b{c="d"}`'],
    ['', '`""`'],
    ['a|b', '<code>a&#124;b</code>'],
    ['a`b', '<code>a&#96;b</code>'],
    ['a\\|_b', '<code>a&#92;&#124;&#95;b</code>'],
    [' a', '<code>&#32;a</code>'],
    ['<i>', '<code>&#60;i&#62;</code>'],
    ['a\nb', '`a b`'],
  ] as const)
    test(JSON.stringify(text), () => assert.equal(code(text), expected));
});

test('a table', () => assert.equal(markdownTable(['a', 'b'], [['1', '2']]), '| a | b |\n|---|---|\n| 1 | 2 |\n'));
