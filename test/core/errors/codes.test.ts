import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codesIn, sectionsOf } from './codes.ts';

test('codes are found where they are raised, on one line or several', () => {
  const source = `throw new MeterbridgeError('ONE_CODE', []);\nreturn new MeterbridgeError(\n  "OTHER_CODE",\n  problems,\n);\nnew MeterbridgeError(code, []);`;
  assert.deepEqual(codesIn(source), ['ONE_CODE', 'OTHER_CODE']);
});

test('a section is its code, its first paragraph and its first block', () => {
  const page =
    '# Title\n\nIntro.\n\n## ONE_CODE\n\nWhat it\nmeans.\n\n```\nat: got X; rule. Fix: fix.\n```\n\nMore.\n\n## OTHER_CODE\n';
  assert.deepEqual(sectionsOf(page), [
    { code: 'ONE_CODE', summary: 'What it means.', example: 'at: got X; rule. Fix: fix.' },
    { code: 'OTHER_CODE', summary: '', example: '' },
  ]);
});
