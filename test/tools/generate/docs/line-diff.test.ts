import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { lineDiff } from '../../../../src/tools/generate/docs/index.ts';

describe('the lines that differ', () => {
  for (const [name, before, after, expected] of [
    ['equal texts', 'a\nb\n', 'a\nb\n', ''],
    ['a changed line', 'a\nb\nc\n', 'a\nB\nc\n', '- b\n+ B\n'],
    ['an added line', 'a\nc\n', 'a\nb\nc\n', '+ b\n'],
    ['a removed line', 'a\nb\nc\n', 'a\nc\n', '- b\n'],
    ['two places', 'a\nb\nc\nd\ne\n', 'A\nb\nc\nd\nE\n', '- a\n+ A\n- e\n+ E\n'],
    ['a line that moves', 'a\nb\nc\n', 'b\nc\na\n', '- a\n+ a\n'],
    ['from nothing', '', 'a\n', '- \n+ a\n'],
  ] as const)
    test(name, () => assert.equal(lineDiff(before, after), expected));
});

test('very many lines are replaced as a whole', () => {
  const lines = (mark: string) => Array.from({ length: 2_500 }, (_, at) => `${mark}${at}\n`).join('');
  const diff = lineDiff(lines('a'), lines('b')).split('\n');
  assert.deepEqual([diff.length, diff[0], diff[2_500]], [5_001, '- a0', '+ b0']);
});
